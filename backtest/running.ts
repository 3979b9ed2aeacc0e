// The running sums of a backtest by day: the strategy after charges, the index bought and sold each day, and the runs
// with random entries, each added up over the days.
import { paise, type Paise } from '../domain/units';
import type { DayReport, LotRun } from './dayReport';
import { spreadOf, type Spread } from './measures';

/** The sums at the end of a day. */
export interface RunningDay {
  readonly date: string;
  readonly netPnl: Paise;
  /** null from the first day on whose index is not known. */
  readonly index: Paise | null;
  /** Over the runs; null without any. */
  readonly random: Spread | null;
}

/** How many runs with random entries go through all days. */
export function wholeRuns(days: readonly (readonly LotRun[])[]): number {
  const runs = Math.min(...days.map((lots) => lots.length));
  return Number.isFinite(runs) ? runs : 0;
}

export function runningDays(
  outcomes: readonly { readonly report: DayReport; readonly lots: readonly LotRun[] }[],
): readonly RunningDay[] {
  let netPnl = 0;
  let index: number | null = 0;
  const runs = wholeRuns(outcomes.map(({ lots }) => lots));
  const random: number[] = Array.from({ length: runs }, () => 0);
  return outcomes.map(({ report, lots }) => {
    netPnl += report.netPnl;
    index = index === null || report.index === null ? null : index + report.index.pnl;
    for (const run of random.keys()) random[run] = (random[run] ?? 0) + (lots[run]?.netPnl ?? 0);
    return {
      date: report.date,
      netPnl: paise(netPnl),
      index: index === null ? null : paise(index),
      random: spreadOf(random),
    };
  });
}
