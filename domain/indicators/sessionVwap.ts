// The volume-weighted average of typical prices since the session opened, with its weighted deviation. It
// starts again on a new IST date. A candle without volume changes nothing, so a session has no VWAP until
// something has traded. West's weighted update avoids subtracting large sums.
import type { VwapValues } from './snapshot';

/** One candle's contribution. Prices in paise, volume in shares. */
export interface TradedRange {
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** The running VWAP of a session. */
export interface SessionVwap {
  add(session: string, candle: TradedRange): void;
  values(): VwapValues;
}

const nothingTraded: VwapValues = {
  vwap: null,
  vwapUpper1: null,
  vwapLower1: null,
  vwapUpper2: null,
  vwapLower2: null,
};

export function sessionVwap(): SessionVwap {
  let current: string | null = null;
  let volume = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(session, candle) {
      if (session !== current) {
        current = session;
        volume = mean = squares = 0;
      }
      if (candle.volume === 0) return;
      const typical = (candle.high + candle.low + candle.close) / 3;
      volume += candle.volume;
      const step = typical - mean;
      mean += (candle.volume / volume) * step;
      squares += candle.volume * step * (typical - mean);
    },
    values() {
      if (volume === 0) return nothingTraded;
      const deviation = Math.sqrt(squares / volume);
      return {
        vwap: mean,
        vwapUpper1: mean + deviation,
        vwapLower1: mean - deviation,
        vwapUpper2: mean + 2 * deviation,
        vwapLower2: mean - 2 * deviation,
      };
    },
  };
}
