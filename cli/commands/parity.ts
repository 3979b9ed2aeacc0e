// `ratchet parity`: judges a recorded day again from its stored candles and compares the result with what the
// day decided, what risk answered and what was traded. Exit code 1 when anything differs.
import { Command } from 'commander';
import { dayRecord } from '../../activities/reports';
import { differenceLine, type DayRecord, type ParityReport } from '../../domain/parity';
import { replayedDay } from '../../infra/strategies/asked';
import { parseSessionDate } from '../../domain/session/calendar';
import type { StrategyInUse } from '../../domain/strategy';
import { loadConfig } from '../../infra/config/config';
import { readRunning } from '../../infra/supervisor/runFolder';
import { recordedVoters } from '../../infra/strategies/open';
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

interface ParityFlags extends DayChoice {
  readonly json?: true;
  readonly config?: string;
}

/** The user's strategies as the day recorded them last. */
function usedOn({ configs }: DayRecord): readonly StrategyInUse[] {
  const last = new Map<string, StrategyInUse>();
  for (const { config } of configs)
    for (const strategy of config.strategies ?? []) last.set(strategy.name, strategy);
  return [...last.values()];
}

export const parityCommand = withDayOptions(
  new Command('parity')
    .description(
      'replay a recorded day through the same decisions and risk; exit 1 on a difference',
    )
    .option('--config <file>', 'configuration that names the folder of your own strategies'),
).action(async (flags: ParityFlags) => {
  const { account, date } = chosenDay(flags);
  const running = readRunning()?.environment['RATCHET_CONFIG'];
  const { folder } = loadConfig(flags.config ?? running).strategies;
  const report = await withRecords(async (pool) => {
    const record = await dayRecord(pool, account, parseSessionDate(date));
    return replayedDay(record, await recordedVoters(folder, usedOn(record)));
  });
  print(flags.json === true, report, () => [
    ...report.differences.map(differenceLine),
    parityLine(report),
  ]);
  if (report.differences.length > 0) process.exitCode = 1;
});
