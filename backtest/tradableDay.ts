// A judged day that can be traded as often as wanted, whatever matches its orders.
import type { EpochMs } from '../domain/units';
import type { ScreenedTerms } from './dayTerms';
import type { EntryPlan } from './entryPlan';
import type { JudgedDay } from './judgedDay';
import type { DecisionTally } from './measures';
import type { MarketDay } from './recordedDay';
import type { TradesOfDay } from './tradedTerms';

export interface TradableDay {
  readonly market: MarketDay;
  readonly day: ScreenedTerms;
  readonly judged: JudgedDay;
  /** The entries that were decided. */
  readonly plan: EntryPlan;
  /** Counts of votes and decisions on the bars that were not stale. */
  readonly tally: (isFresh: (barEnd: EpochMs) => boolean) => DecisionTally;
  readonly trade: (plan: EntryPlan) => TradesOfDay;
}
