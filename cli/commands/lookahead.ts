// `ratchet lookahead`: a recorded day is judged again with the candles after a bar taken away, bar by bar; what changes
// knew the future.
import { Command } from 'commander';
import { liveJudge } from '../../backtest/research/judge';
import { findLookahead, type LookaheadResult } from '../../backtest/research/lookahead';
import { istTime } from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';
import { oneRecordedDay, type OneDayFlags } from '../oneRecordedDay';
import { whole } from '../recordedFlags';
import { print, say } from '../text/output';

interface LookaheadFlags extends OneDayFlags {
  readonly every: number;
  readonly json?: true;
}

export const lookaheadCommand = new Command('lookahead')
  .description('does a decision of a recorded day depend on what came after it?')
  .requiredOption('--replay <dir>', 'folder of one-minute candles SYMBOL.csv or SYMBOL.csv.gz')
  .requiredOption('--date <date>', 'the day')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .option('--every <k>', 'cut after every k-th bar', whole(375, 1), 5)
  .option('--config <file>', 'configuration file (JSON)')
  .option('--model <version>', 'version of the signal-quality model, or none')
  .option('--json', 'print one JSON document')
  .action(run);

const minute = (at: EpochMs): string => istTime(at).slice(0, 5);

function lines(date: string, { cuts, compared, leak }: LookaheadResult): readonly string[] {
  if (leak === null)
    return [
      `${date}: no lookahead: ${compared} judgements are the same with and without what came later, over ${cuts} cuts`,
    ];
  const { tradingsymbol, barEnd, cutAt, field, before, after } = leak;
  const value = (one: unknown): string => (one === undefined ? 'nothing' : JSON.stringify(one));
  return [
    `${date}: lookahead: ${tradingsymbol}, bar ended ${minute(barEnd)}, ${field}: ${value(before)} with the whole day, ${value(after)} without the candles from ${minute(cutAt)} on`,
  ];
}

async function run(flags: LookaheadFlags): Promise<void> {
  const { date, config, model, dayUntil } = await oneRecordedDay(flags);
  const result = await findLookahead({
    ...{ judge: liveJudge(model), config, dayUntil, every: flags.every },
    onCut: (done, all) => say(`… cut ${done} of ${all}`),
  });
  print(flags.json === true, { date, ...result }, () => lines(date, result));
  if (result.leak !== null) process.exitCode = 1;
}
