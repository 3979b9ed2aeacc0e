import type { EpochMs, Paise, Shares } from '../units';

/** One bar. `at` is the bar's START on the market's clock; the bar covers [at, at + interval). */
export interface Candle {
  readonly at: EpochMs;
  readonly open: Paise;
  readonly high: Paise;
  readonly low: Paise;
  readonly close: Paise;
  readonly volume: Shares;
}
