// `ratchet parity`: judges a recorded day again from its stored candles and compares the result with what the
// day decided, what risk answered and what was traded. Exit code 1 when anything differs.
import { Command } from 'commander';
import { dayRecord } from '../../activities/reports';
import { differenceLine, replayDay, type ParityReport } from '../../domain/parity';
import { parseSessionDate } from '../../domain/session/calendar';
import { print } from '../text/output';
import { chosenDay, withRecords, type DayChoice } from '../talk';
import { withDayOptions } from '../dayOptions';

/** What was compared, in one line. */
export function parityLine(report: ParityReport): string {
  const { bars, barsNotJudged, decisions, riskAnswers, trades, differences } = report;
  const found = differences.length === 0 ? 'no difference' : `${differences.length} differences`;
  const left = barsNotJudged === 0 ? '' : ` (${barsNotJudged} more the day did not judge)`;
  return `${decisions} decisions on ${bars} bars${left}, ${riskAnswers} answers of risk and ${trades} trades replayed: ${found}`;
}

export const parityCommand = withDayOptions(
  new Command('parity').description(
    'replay a recorded day through the same decisions and risk; exit 1 on a difference',
  ),
).action(async (flags: DayChoice & { readonly json?: true }) => {
  const { account, date } = chosenDay(flags);
  const report = await withRecords(async (pool) =>
    replayDay(await dayRecord(pool, account, parseSessionDate(date))),
  );
  print(flags.json === true, report, () => [
    ...report.differences.map(differenceLine),
    parityLine(report),
  ]);
  if (report.differences.length > 0) process.exitCode = 1;
});
