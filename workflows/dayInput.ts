// What a day is started with, and what it returns. The CLI, the schedule and older runs depend on these
// shapes.
import type { TradingTerms } from '../domain/entry';
import type { ScreenedStock } from '../domain/market/screen';
import type { SessionPlan } from '../domain/session/sessionPlan';
import type { EpochMs } from '../domain/units';
import type { DayMemory } from './dayState';

/** The result of steps 1 and 2 of the day (docs/trading-day.md). */
export interface PreparedDay {
  readonly plan: SessionPlan;
  readonly stocks: readonly ScreenedStock[];
  /** End of the next bar to look at, market clock; null before the first. */
  readonly from: EpochMs | null;
}

/** Everything the day is run by; frozen in its history. */
export interface TradingDayInput extends TradingTerms {
  readonly account: string;
  readonly date: string;
  /** What an earlier run of the same day hands over. */
  readonly carried?: PreparedDay & { readonly memory: DayMemory };
}

export interface TradingDayResult {
  readonly report: string;
  readonly trades: number;
}
