// A recorded day from its candles alone: the fidelity `bars` (docs/backtest.md).
import type { DecisionConfig } from '../../domain/decision';
import { candidatesOf } from '../../domain/entry';
import type { TradingCalendar } from '../../domain/session/calendar';
import type { EpochMs } from '../../domain/units';
import type { EntryPlan } from '../entryPlan';
import type { SignalModel } from '../signalModel';
import type { DayTerms } from '../tradedDay';
import type { BarDay } from './barMarket';
import { castStocks, type CastStock } from './castStocks';
import { judgeBars, type JudgedBars } from './judgedBars';

export { BarMarket, type BarDay } from './barMarket';
export { tradeBars } from './barTrades';
export { defaultSlippage, type Slippage } from './heldMinute';
export type { JudgedBars } from './judgedBars';

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
): PreparedDay => ({ day, terms, stocks: castStocks(day, terms.stocks, config, calendar) });

export const judgePrepared = (
  { terms, stocks }: PreparedDay,
  config: DecisionConfig,
  model: SignalModel | null,
): Promise<JudgedBars> => judgeBars(stocks, { plan: terms.entryDay.plan, config, model });

/** The plan of what was decided beyond the thresholds: the others are skips, and nobody enters them. */
export const plannedEntries = ({ barEnds, beyond }: JudgedBars): EntryPlan => ({
  barEnds,
  candidates: (barEnd: EpochMs, latest) => {
    const ranked = candidatesOf(beyond.get(barEnd) ?? [], latest).values();
    return () => ranked.next().value ?? null;
  },
});
