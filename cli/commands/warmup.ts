// `ratchet warmup`: a recorded day judged with more and more history before it.
import { Command } from 'commander';
import { liveJudge } from '../../backtest/research/judge';
import { warmUpOf, type WarmUpResult } from '../../backtest/research/warmUp';
import { oneRecordedDay, type OneDayFlags } from '../oneRecordedDay';
import { columns, print } from '../text/output';

interface WarmUpFlags extends OneDayFlags {
  readonly json?: true;
}

export const warmupCommand = new Command('warmup')
  .description('how the decisions of a recorded day change with more history before it')
  .requiredOption('--replay <dir>', 'folder of one-minute candles SYMBOL.csv or SYMBOL.csv.gz')
  .requiredOption('--date <date>', 'the day')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--model <version>', 'version of the signal-quality model, or none')
  .option('--json', 'print one JSON document')
  .action(run);

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

function lines(date: string, { most, rows }: WarmUpResult): readonly string[] {
  const names = rows[0]?.indicators.map(({ indicator }) => indicator) ?? [];
  return [
    `${date}: against ${most} sessions of history`,
    '',
    ...columns([
      [
        'sessions',
        'compared',
        'judged with one only',
        'decisions that differ',
        'largest change of score',
      ],
      ...rows.map(({ sessions, compared, unjudged, differing, score }) => [
        ...[sessions, compared, unjudged].map(String),
        percent(differing),
        score.toFixed(4),
      ]),
    ]),
    '',
    'largest change of each indicator, of its mean size that day; in brackets how often it is not known yet',
    ...columns([
      ['indicator', ...rows.map(({ sessions }) => String(sessions))],
      ...names.map((name, index) => [
        name,
        ...rows.map(({ indicators }) => {
          const { largest, unknown } = indicators[index] ?? { largest: 0, unknown: 0 };
          return `${percent(largest)}${unknown === 0 ? '' : ` (${unknown})`}`;
        }),
      ]),
    ]),
  ];
}

async function run(flags: WarmUpFlags): Promise<void> {
  const { date, config, model, dayUntil } = await oneRecordedDay(flags);
  // All the history that the files are read for.
  const result = await warmUpOf(liveJudge(model, 100), dayUntil(null), config);
  print(flags.json === true, { date, ...result }, () => lines(date, result));
}
