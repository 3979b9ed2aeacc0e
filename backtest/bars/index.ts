// A recorded day from its candles alone: the fidelity `bars` (docs/backtest.md).
import type { DecisionConfig } from '../../domain/decision';
import { candidatesOf } from '../../domain/entry';
import type { TradingCalendar } from '../../domain/session/calendar';
import type { Voters } from '../../domain/strategy';
import type { EpochMs } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { dayTerms, type TermsGiven } from '../dayTerms';
import type { EntryPlan } from '../entryPlan';
import type { SignalModel } from '../signalModel';
import type { TradableDay } from '../tradableDay';
import type { DayTerms } from '../tradedTerms';
import { tradeBars } from './barTrades';
import type { BarDay } from './barMarket';
import { castStocks, type CastStock } from './castStocks';
import { judgeBars, type BarsJudgedBy, type JudgedBars } from './judgedBars';

export { BarMarket, type BarDay } from './barMarket';
export { tradeBars } from './barTrades';
export { defaultSlippage, type Slippage } from './heldMinute';
export type { JudgedBars } from './judgedBars';

/** What fills a backtest's orders: our exchange on a path inside each minute, or the candles alone. */
export const fidelities = ['exchange', 'bars'] as const;
export type Fidelity = (typeof fidelities)[number];

/** A day with everything that does not depend on how votes are weighed. */
export interface PreparedDay {
  readonly day: BarDay;
  readonly terms: DayTerms;
  readonly stocks: readonly CastStock[];
}

export const prepareDay = (
  day: BarDay,
  terms: DayTerms,
  config: Pick<DecisionConfig, 'agents' | 'barMinutes'>,
  calendar: TradingCalendar,
): PreparedDay => ({
  day,
  terms,
  stocks: castStocks(day, terms.stocks, config, calendar),
});

export const judgePrepared = (
  { terms, stocks }: PreparedDay,
  by: Pick<BarsJudgedBy, 'config' | 'model' | 'voters'>,
): Promise<JudgedBars> => judgeBars(stocks, { ...by, plan: terms.entryDay.plan });

/** The plan of what was decided beyond the thresholds: the others are skips, and nobody enters them. */
export const plannedEntries = ({ barEnds, beyond }: JudgedBars): EntryPlan => ({
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

/** A day judged and to be traded from its candles. */
export async function tradableBars(market: BarDay, terms: BarsTerms): Promise<TradableDay> {
  const { config, model, voters } = terms;
  const day = dayTerms(market, terms);
  const prepared = prepareDay(market, day, config.decision, readCalendar(config.calendar));
  const judged = await judgePrepared(prepared, { config: config.decision, model, voters });
  return {
    market,
    day,
    judged,
    plan: plannedEntries(judged),
    tally: (isFresh) => judged.tally(isFresh),
    trade: (plan) => tradeBars(market, day, plan),
  };
}
