// A recorded day from its candles alone: the fidelity `bars` (docs/backtest.md).
import type { DecisionConfig } from '../../domain/decision';
import { candidatesOf } from '../../domain/entry';
import type { Voters } from '../../domain/strategy';
import type { EpochMs } from '../../domain/units';
import { dayTerms, type ScreenedTerms, type TermsGiven } from '../dayTerms';
import type { EntryPlan } from '../entryPlan';
import type { SignalModel } from '../signalModel';
import type { TradableDay } from '../tradableDay';
import { tradeBars } from './barTrades';
import type { BarDay } from './barMarket';
import { castStocks, type CastStock } from './castStocks';
import { judgeBars, type BarsJudgedBy, type JudgedBars } from './judgedBars';

export { BarMarket, type BarDay } from './barMarket';

/** What fills a backtest's orders: our exchange on a path inside each minute, or the candles alone. */
export const fidelities = ['exchange', 'bars'] as const;
export type Fidelity = (typeof fidelities)[number];

/** A day with everything that does not depend on how votes are weighed. */
export interface PreparedDay {
  readonly day: BarDay;
  readonly terms: ScreenedTerms;
  readonly stocks: readonly CastStock[];
}

export const prepareDay = (
  day: BarDay,
  terms: ScreenedTerms,
  config: Pick<DecisionConfig, 'agents' | 'barMinutes'>,
): PreparedDay => ({
  day,
  terms,
  stocks: castStocks(day, terms.stocks, config, terms.calendar),
});

/** The day judged, and to be traded from its candles. */
export async function barsDay(
  { day: market, terms: day, stocks }: PreparedDay,
  by: Pick<BarsJudgedBy, 'config' | 'model' | 'voters'>,
): Promise<TradableDay> {
  const judged = await judgeBars(stocks, { ...by, plan: day.entryDay.plan });
  return {
    market,
    day,
    judged,
    plan: plannedEntries(judged),
    tally: (isFresh) => judged.tally(isFresh),
    trade: (plan) => tradeBars(market, day, plan),
  };
}

/** What was decided beyond the thresholds: the others are skips, and nobody enters them. */
const plannedEntries = ({ barEnds, beyond }: JudgedBars): EntryPlan => ({
  barEnds,
  candidates: (barEnd: EpochMs, latest) => {
    const ranked = candidatesOf(beyond.get(barEnd) ?? [], latest).values();
    return () => ranked.next().value ?? null;
  },
});

interface BarsTerms extends TermsGiven {
  readonly model: SignalModel | null;
  readonly voters: Voters;
}

/** A day judged and to be traded from its candles, begun anew. */
export function tradableBars(market: BarDay, terms: BarsTerms): Promise<TradableDay> {
  const { model, voters } = terms;
  const { decision: config } = terms.config;
  const prepared = prepareDay(market, dayTerms(market, terms), config);
  return barsDay(prepared, { config, model, voters });
}
