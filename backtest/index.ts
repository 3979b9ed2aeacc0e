// Backtest: recorded days through the code that trades live, in one process, without Temporal, Postgres or a
// network. Each day starts with the same capital, so days can be compared and added.
import { figuresOf, tallyDecisions } from './measures';
import type { Membership } from '../domain/candleStore/membership';
import { readCalendar } from '../infra/config/sections/calendar';
import type { Voters } from '../domain/strategy';
import type { Paise } from '../domain/units';
import type { RecordedDate } from '../exchange/market/recordedDates';
import { chanceFor } from '../exchange/market/chance';
import type { MarketSource } from '../exchange/market/source';
import { isWholeDay } from './dayChoice';
import { dayReport, type DayReport, type LotRun } from './dayReport';
import { dayTerms, type TradedConfig } from './dayTerms';
import { decidedEntries } from './entryPlan';
import { judgeDay } from './judgedDay';
import { randomEntries } from './randomEntries';
import { recordDay, type RecordedDay } from './recordedDay';
import type { SignalModel } from './signalModel';
import { tradableBars, type BarDay } from './bars';
import type { TradableDay } from './tradableDay';
import { tradeDay } from './tradedDay';

export { BarMarket, fidelities, type Fidelity } from './bars';
export { dayTerms, type TradedConfig } from './dayTerms';
export { attributions, type Share } from './attribution';
export { chooseDays, requireWholeSession, type DayFlags } from './dayChoice';
export type { DayReport, IndexMove, LeftOutStock, LotReport } from './dayReport';
export type { Spread } from './measures';
export type { ReportedTrade } from './reportedTrade';
export type { RunningDay } from './running';
export { inOrderOfExit, totalReport, type TotalReport } from './totalReport';
export { chooseModel, loadSignalModel, modelVersions, type SignalModel } from './signalModel';

export interface BacktestTerms {
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
  /** The market of a date. @throws Refused when there is none. */
  readonly marketOf: (date: string) => MarketSource;
  /** Its candles alone, where they and not our exchange fill orders: the fidelity `bars`. */
  readonly barsOf?: (date: string) => BarDay;
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
  const judged = await judgeDay(recorded, {
    plan: day.entryDay.plan,
    stocks: day.stocks,
    config: config.decision,
    calendar: readCalendar(config.calendar),
    model,
    voters,
  });
  return {
    market: recorded,
    day,
    judged,
    plan: decidedEntries(judged),
    tally: (isFresh) =>
      tallyDecisions(
        judged.bars.filter(({ barEnd }) => isFresh(barEnd)).flatMap((bar) => bar.judged),
      ),
    trade: (plan) => tradeDay(recorded, day, plan),
  };
}

async function outcomeOf(
  chosen: Pick<RecordedDate, 'stocks' | 'whole'>,
  terms: BacktestTerms,
  played: TradableDay,
  onRun: (run: number) => void,
): Promise<DayOutcome> {
  const { market, day, judged, plan, tally, trade } = played;
  const traded = trade(plan);
  const lots: LotRun[] = [];
  for (let run = 1; run <= terms.randomRuns; run += 1) {
    lots.push(lotRun(run, played, traded.sizeFactors, terms));
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

function lotRun(
  run: number,
  { market, judged, trade }: TradableDay,
  sizeFactors: readonly number[],
  { seed, config }: BacktestTerms,
): LotRun {
  const chance = chanceFor(seed, `lots/${market.date}/${run}`);
  const { trades, approved } = trade(randomEntries(judged, sizeFactors, config.decision, chance));
  return { ...figuresOf(trades), entries: approved.length };
}
