// All days of a backtest together: counts and money added up, random entries added run by run, and the index
// held from the first open to the last close.
import {
  hitRate,
  sumCounts,
  sumFigures,
  sumTallies,
  type Counts,
  type DecisionTally,
  type Spread,
  type TradeFigures,
} from './measures';
import { deepestFall } from '../domain/portfolio/falls';
import { paise, type Paise } from '../domain/units';
import {
  attributed,
  grossInterval,
  habitsOf,
  type Attributed,
  type TradeHabits,
} from './attribution';
import { heldPnl, lotReport, type DayReport, type LotReport, type LotRun } from './dayReport';
import type { ReportedTrade } from './reportedTrade';
import { runningDays, wholeRuns, type RunningDay } from './running';

/** The index over the same sessions with the same capital, without charges. */
export interface IndexTotal {
  readonly name: string;
  /** Bought at the first open, sold at the last close. */
  readonly held: Paise;
  /** Bought at each open and sold at each close. */
  readonly daily: Paise;
}

export interface TotalReport extends DecisionTally, TradeFigures {
  readonly days: number;
  readonly staleBars: number;
  readonly unjudged: Counts;
  readonly refusals: Counts;
  readonly entries: number;
  readonly hitRate: number | null;
  readonly index: IndexTotal | null;
  readonly random: LotReport | null;
  /** The worst fall of the running profit after charges below its best so far, trade by trade as they were closed. */
  readonly drawdown: Paise;
  /** Result before charges of the value entered, in basis points, with its 95 % interval by days. */
  readonly grossBps: Spread | null;
  readonly habits: TradeHabits;
  readonly running: readonly RunningDay[];
  readonly attribution: Attributed;
}

/** @param unit uniform in [0, 1), for the interval. */
export function totalReport(
  outcomes: readonly { readonly report: DayReport; readonly lots: readonly LotRun[] }[],
  cash: Paise,
  unit: () => number,
): TotalReport {
  const reports = outcomes.map(({ report }) => report);
  const figures = sumFigures(reports);
  const byDay = reports.map(({ tradeList }) => tradeList);
  const trades = byDay.flat();
  return {
    days: reports.length,
    ...sumTallies(reports),
    staleBars: reports.reduce((sum, { staleBars }) => sum + staleBars, 0),
    unjudged: sumCounts(reports.map(({ unjudged }) => unjudged)),
    refusals: sumCounts(reports.map(({ refusals }) => refusals)),
    entries: reports.reduce((sum, { entries }) => sum + entries, 0),
    ...figures,
    hitRate: hitRate(figures),
    index: indexTotal(reports, cash),
    random: lotReport(lotsByRun(outcomes.map(({ lots }) => lots)), figures),
    drawdown: paise(deepestFall(inOrderOfExit(trades).map(({ netPnl }) => netPnl))),
    grossBps: grossInterval(byDay, unit),
    habits: habitsOf(byDay, cash),
    running: runningDays(outcomes),
    attribution: attributed(trades),
  };
}

/** The n-th runs of all days are one run through all days. */
function lotsByRun(days: readonly (readonly LotRun[])[]): readonly LotRun[] {
  return Array.from({ length: wholeRuns(days) }, (_, run) => {
    const all = days.flatMap((lots) => lots.slice(run, run + 1));
    return { ...sumFigures(all), entries: all.reduce((sum, { entries }) => sum + entries, 0) };
  });
}

function indexTotal(reports: readonly DayReport[], cash: Paise): IndexTotal | null {
  const moves = reports.flatMap(({ index }) => (index === null ? [] : [index]));
  const [first, last] = [moves[0], moves.at(-1)];
  if (first === undefined || last === undefined || moves.length < reports.length) return null;
  return {
    name: first.name,
    held: heldPnl(cash, first.open, last.close),
    daily: paise(moves.reduce((sum, { pnl }) => sum + pnl, 0)),
  };
}

/** As the account lived them. */
export const inOrderOfExit = (trades: readonly ReportedTrade[]): readonly ReportedTrade[] =>
  trades.toSorted((one, other) => one.exitAt - other.exitAt);
