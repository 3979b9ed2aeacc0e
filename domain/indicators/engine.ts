// From one-minute candles to snapshots of N-minute bars, one candle at a time. The batch form runs the same
// engine, so a live day and a replayed one cannot differ. A late, repeated or impossible candle is refused,
// never averaged in.
import { Refused } from '../errors';
import type { Candle } from '../market/candle';
import { istDate, istDayNumber } from '../session/sessionClock';
import type { EpochMs } from '../units';
import { barAggregator } from './barAggregator';
import { barIndicators } from './barIndicators';
import { checkCandle } from './candleCheck';
import { SessionVwap } from './sessionVwap';
import type { IndicatorSnapshot } from './snapshot';

/** Sessions before the day whose candles warm the indicators up. */
export const warmUpSessions = 3;
/** How far back candles are read before a bar's end: over those sessions, weekends and holidays included. */
export const candleWindowMs = 8 * 86_400_000;

/** How bars are made. */
export interface IndicatorOptions {
  /** Minutes per bar, 1..375. */
  readonly barMinutes: number;
  /** Minutes per candle given: 1, unless the source only has longer ones. */
  readonly candleMinutes?: number;
}

/** One stock's indicators, advanced by its closed candles. */
export interface IndicatorEngine {
  /**
   * The snapshots of the bars this candle closed: none, one, or two when it both completes an earlier bar and
   * ends its own.
   * @throws Refused CANDLE_* on an impossible, late or repeated candle; the engine is unchanged.
   */
  update(candle: Candle): IndicatorSnapshot[];
  /** Closes the open bar if it ended by then: the last minutes of a bar may have had no trade. */
  closeThrough(at: EpochMs): IndicatorSnapshot[];
}

function checkedMinutes(value: number, name: string): number {
  if (Number.isInteger(value) && value >= 1 && value <= 375) return value;
  throw new Refused({
    code: 'INDICATOR_OPTIONS',
    message: `${name} must be a whole number from 1 to 375, was ${value}`,
  });
}

/** @throws Refused INDICATOR_OPTIONS on lengths that are no whole number of minutes. */
export function createIndicatorEngine(options: IndicatorOptions): IndicatorEngine {
  const barMinutes = checkedMinutes(options.barMinutes, 'barMinutes');
  const bars = barAggregator(
    barMinutes,
    checkedMinutes(options.candleMinutes ?? 1, 'candleMinutes'),
  );
  const indicators = barIndicators();
  const vwap = new SessionVwap();
  let lastAt: EpochMs | null = null;
  const close = (bar: Candle | null): IndicatorSnapshot[] =>
    bar === null
      ? []
      : [indicators.next(bar, { session: istDate(bar.at), barMinutes, vwap: vwap.values() })];
  return {
    update(candle) {
      checkCandle(candle, lastAt);
      lastAt = candle.at;
      const earlier = close(bars.finishedBefore(candle));
      vwap.add(istDayNumber(candle.at), candle);
      return [...earlier, ...close(bars.add(candle))];
    },
    closeThrough: (at) => close(bars.closeThrough(at)),
  };
}
