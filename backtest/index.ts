// Backtest: recorded days through the code that trades live, in one process, without Temporal, Postgres or a
// network. Each day starts with the same capital, so days can be compared and added.
import type { Membership } from '../domain/candleStore/membership';
import type { Voters } from '../domain/strategy';
import type { Paise } from '../domain/units';
import type { RecordedDate } from '../exchange/market/recordedDates';
import { isWholeDay } from './dayChoice';
import { dayReport, type DayReport, type LotRun } from './dayReport';
import { dayTerms, type TradedConfig } from './dayTerms';
import { judgeDay } from './judgedDay';
import { recordDay, type RecordedDay } from './recordedDay';
import type { SignalModel } from './signalModel';
import { tradableBars } from './bars';
import type { RecordedMarkets } from './openMarket';
import { exchangeDay, lotRun, type TradableDay } from './tradableDay';

export { BarMarket, fidelities, type Fidelity } from './bars';
export { openMarket } from './openMarket';
export { dayTerms, type TradedConfig } from './dayTerms';
export { attributions, type Share } from './attribution';
export { chooseDays, requireWholeSession, type DayFlags } from './dayChoice';
export type { DayReport, IndexMove, LeftOutStock, LotReport } from './dayReport';
export type { Spread } from './measures';
export type { ReportedTrade } from './reportedTrade';
export type { RunningDay } from './running';
export { inOrderOfExit, totalReport, type TotalReport } from './totalReport';
export { chooseModel, loadSignalModel, modelVersions, type SignalModel } from './signalModel';

export interface BacktestTerms extends RecordedMarkets {
  readonly config: TradedConfig;
  readonly model: SignalModel | null;
  /** The user's own strategies, which `config.decision` names. */
  readonly voters: Voters;
  readonly cash: Paise;
  readonly seed: number;
  /** How often each day is played with random entries. */
  readonly randomRuns: number;
  /** Whose members a day may trade; every recorded stock where it is left out. */
  readonly membership?: Membership | undefined;
}

export interface DayOutcome {
  readonly report: DayReport;
  readonly lots: readonly LotRun[];
}

/** Plays one day. @param onRun called after every run with random entries. */
export async function backtestDay(
  chosen: Pick<RecordedDate, 'date' | 'stocks' | 'whole'>,
  terms: BacktestTerms,
  onRun: (run: number) => void = () => undefined,
): Promise<DayOutcome> {
  const judged = await judgedBy(terms, chosen.date);
  return outcomeOf(chosen, terms, judged, onRun);
}

/** By the exchange's own matching, or from the candles alone. */
function judgedBy(terms: BacktestTerms, date: string): Promise<TradableDay> {
  const { marketOf, barsOf } = terms;
  return barsOf === undefined
    ? tradableDay(recordDay(date, marketOf(date)), terms)
    : tradableBars(barsOf(date), terms);
}

async function tradableDay(recorded: RecordedDay, terms: BacktestTerms): Promise<TradableDay> {
  const day = dayTerms(recorded, terms);
  const { model, config, voters } = terms;
  const { calendar, stocks, entryDay } = day;
  const by = { config: config.decision, calendar, model, voters };
  const judged = await judgeDay(recorded, { ...by, plan: entryDay.plan, stocks });
  return exchangeDay(recorded, day, judged);
}

async function outcomeOf(
  chosen: Pick<RecordedDate, 'stocks' | 'whole'>,
  terms: BacktestTerms,
  played: TradableDay,
  onRun: (run: number) => void,
): Promise<DayOutcome> {
  const { market, day, judged, plan, tally, trade } = played;
  const { seed, config } = terms;
  const traded = trade(plan);
  const lots: LotRun[] = [];
  for (let run = 1; run <= terms.randomRuns; run += 1) {
    lots.push(lotRun(run, played, traded.sizeFactors, { seed, decision: config.decision }));
    onRun(run);
    // Between two runs the event loop draws progress and receives signals.
    await new Promise(setImmediate);
  }
  const report = dayReport({
    recorded: market,
    whole: isWholeDay(chosen),
    stocks: day.stocks.length,
    leftOut: day.leftOut,
    cash: terms.cash,
    judged,
    tally: tally((barEnd) => !traded.staleBars.includes(barEnd)),
    barEnds: plan.barEnds,
    traded,
    lots,
  });
  return { report, lots };
}
