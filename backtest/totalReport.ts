// All days of a backtest together: counts and money added up, random entries added run by run, and the index
// held from the first open to the last close.
import {
  hitRate,
  sumCounts,
  sumFigures,
  sumTallies,
  type Counts,
  type DecisionTally,
  type TradeFigures,
} from './measures';
import { paise, type Paise } from '../domain/units';
import { heldPnl, lotReport, type DayReport, type LotReport, type LotRun } from './dayReport';

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
  /** The worst fall of the running profit after charges below its best so far, day by day. */
  readonly drawdown: Paise;
}

export function totalReport(
  outcomes: readonly { readonly report: DayReport; readonly lots: readonly LotRun[] }[],
  cash: Paise,
): TotalReport {
  const reports = outcomes.map(({ report }) => report);
  const figures = sumFigures(reports);
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
    drawdown: drawdownOf(reports.map(({ netPnl }) => netPnl)),
  };
}

/** The n-th runs of all days are one run through all days. */
function lotsByRun(days: readonly (readonly LotRun[])[]): readonly LotRun[] {
  const runs = Math.min(...days.map((lots) => lots.length));
  return Array.from({ length: Number.isFinite(runs) ? runs : 0 }, (_, run) => {
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

function drawdownOf(profits: readonly Paise[]): Paise {
  let [total, best, worst] = [0, 0, 0];
  for (const profit of profits) {
    total += profit;
    best = Math.max(best, total);
    worst = Math.max(worst, best - total);
  }
  return paise(worst);
}
