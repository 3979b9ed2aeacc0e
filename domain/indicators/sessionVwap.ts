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

const nothingTraded: VwapValues = {
  vwap: null,
  vwapUpper1: null,
  vwapLower1: null,
  vwapUpper2: null,
  vwapLower2: null,
};

/** The running VWAP of a session. */
export class SessionVwap {
  #session: string | number | null = null;
  #volume = 0;
  #mean = 0;
  #squares = 0;

  /** @param session what the candle's session is known by. */
  add(session: string | number, { high, low, close, volume }: TradedRange): void {
    this.addTraded(session, (high + low + close) / 3, volume);
  }

  addTraded(session: string | number, typical: number, volume: number): void {
    if (session !== this.#session) {
      this.#session = session;
      this.#volume = this.#mean = this.#squares = 0;
    }
    if (volume === 0) return;
    this.#volume += volume;
    const step = typical - this.#mean;
    this.#mean += (volume / this.#volume) * step;
    this.#squares += volume * step * (typical - this.#mean);
  }

  /** NaN until something has traded. */
  get mean(): number {
    return this.#volume === 0 ? NaN : this.#mean;
  }

  /** Meaningless until something has traded. */
  get deviation(): number {
    return Math.sqrt(this.#squares / this.#volume);
  }

  values(): VwapValues {
    if (this.#volume === 0) return nothingTraded;
    const { mean, deviation } = this;
    return {
      vwap: mean,
      vwapUpper1: mean + deviation,
      vwapLower1: mean - deviation,
      vwapUpper2: mean + 2 * deviation,
      vwapLower2: mean - 2 * deviation,
    };
  }
}
