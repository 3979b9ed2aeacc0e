// Backtest: recorded days through the code that trades live, in one process, without Temporal, Postgres or a
// network. Each day starts with the same capital, so days can be compared and added.
import { figuresOf, tallyDecisions } from './measures';
import { readCalendar } from '../infra/config/sections/calendar';
import type { Voters } from '../domain/strategy';
import type { Paise } from '../domain/units';
import type { RatchetConfig } from '../infra/config/config';
import type { RecordedDate } from '../exchange/market/recordedDates';
import { chanceFor } from '../exchange/market/chance';
import type { MarketSource } from '../exchange/market/source';
import { isWholeDay } from './dayChoice';
import { dayReport, type DayReport, type LotRun } from './dayReport';
import { dayTerms } from './dayTerms';
import { decidedEntries } from './entryPlan';
import { judgeDay, type JudgedDay } from './judgedDay';
import { randomEntries } from './randomEntries';
import { recordDay, type RecordedDay } from './recordedDay';
import type { SignalModel } from './signalModel';
import { tradeDay, type DayTerms } from './tradedDay';

export { dayTerms } from './dayTerms';
export { attributions, type Share } from './attribution';
export { chooseDays, requireWholeSession, type DayFlags } from './dayChoice';
export type { DayReport, IndexMove, LeftOutStock, LotReport } from './dayReport';
export type { Spread } from './measures';
export type { ReportedTrade } from './reportedTrade';
export type { RunningDay } from './running';
export { inOrderOfExit, totalReport, type TotalReport } from './totalReport';
export { chooseModel, loadSignalModel, modelVersions, type SignalModel } from './signalModel';

export interface BacktestTerms {
  readonly config: RatchetConfig;
  readonly model: SignalModel | null;
  /** The user's own strategies, which `config.decision` names. */
  readonly voters: Voters;
  readonly cash: Paise;
  readonly seed: number;
  /** How often each day is played with random entries. */
  readonly randomRuns: number;
  /** The market of a date. @throws Refused when there is none. */
  readonly marketOf: (date: string) => MarketSource;
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
  const recorded = recordDay(chosen.date, terms.marketOf(chosen.date));
  const day = dayTerms(recorded, terms);
  const { model, config, voters } = terms;
  const { plan } = day.entryDay;
  const judged = await judgeDay(recorded, {
    plan,
    stocks: day.stocks,
    config: config.decision,
    calendar: readCalendar(config.calendar),
    model,
    voters,
  });
  const traded = tradeDay(recorded, day, decidedEntries(judged));
  const lots: LotRun[] = [];
  for (let run = 1; run <= terms.randomRuns; run += 1) {
    lots.push(lotRun(run, { recorded, day, judged, sizeFactors: traded.sizeFactors, terms }));
    onRun(run);
    // Between two runs the event loop draws progress and receives signals.
    await new Promise(setImmediate);
  }
  const stocks = day.stocks.length;
  const { cash } = terms;
  const whole = isWholeDay(chosen);
  const { leftOut } = day;
  const fresh = judged.bars.filter(({ barEnd }) => !traded.staleBars.includes(barEnd));
  const report = dayReport({
    recorded,
    whole,
    stocks,
    leftOut,
    cash,
    judged,
    tally: tallyDecisions(fresh.flatMap((bar) => bar.judged)),
    barEnds: judged.bars.map(({ barEnd }) => barEnd),
    traded,
    lots,
  });
  return { report, lots };
}

interface LotInput {
  readonly recorded: RecordedDay;
  readonly day: DayTerms;
  readonly judged: JudgedDay;
  readonly sizeFactors: readonly number[];
  readonly terms: BacktestTerms;
}

function lotRun(run: number, { recorded, day, judged, sizeFactors, terms }: LotInput): LotRun {
  const chance = chanceFor(terms.seed, `lots/${recorded.date}/${run}`);
  const plan = randomEntries(judged, sizeFactors, terms.config.decision, chance);
  const { trades, approved } = tradeDay(recorded, day, plan);
  return { ...figuresOf(trades), entries: approved.length };
}
