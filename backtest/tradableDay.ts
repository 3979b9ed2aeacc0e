// A judged day that can be traded as often as wanted, whatever matches its orders.
import { chanceFor } from '../exchange/market/chance';
import type { DecisionConfig } from '../domain/decision';
import type { EpochMs } from '../domain/units';
import type { LotRun } from './dayReport';
import type { ScreenedTerms } from './dayTerms';
import { decidedEntries, type EntryPlan } from './entryPlan';
import type { JudgedDay } from './judgedDay';
import { figuresOf, tallyDecisions, type DecisionTally } from './measures';
import { randomEntries } from './randomEntries';
import type { MarketDay, RecordedDay } from './recordedDay';
import { tradeDay } from './tradedDay';
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

/** A day whose orders our exchange matches. */
export const exchangeDay = (
  recorded: RecordedDay,
  day: ScreenedTerms,
  judged: JudgedDay,
): TradableDay => ({
  market: recorded,
  day,
  judged,
  plan: decidedEntries(judged),
  tally: (isFresh) =>
    tallyDecisions(
      judged.bars.filter(({ barEnd }) => isFresh(barEnd)).flatMap((bar) => bar.judged),
    ),
  trade: (plan) => tradeDay(recorded, day, plan),
});

/** What entries are drawn by. */
interface LotTerms {
  readonly seed: number;
  readonly decision: DecisionConfig;
}

/** The day once more with as many entries, drawn by lot. @param run counted from 1. */
export function lotRun(
  run: number,
  { market, judged, trade }: TradableDay,
  sizeFactors: readonly number[],
  { seed, decision }: LotTerms,
): LotRun {
  const chance = chanceFor(seed, `lots/${market.date}/${run}`);
  const { trades, approved } = trade(randomEntries(judged, sizeFactors, decision, chance));
  return { ...figuresOf(trades), entries: approved.length };
}
