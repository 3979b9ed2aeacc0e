// `ratchet data fetch`: the broker's history of many stocks, at the broker's limits, into a folder that replays read.
import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { Refused } from '../../domain/errors';
import { isCalendarDate, type SessionDate } from '../../domain/session/calendar';
import { istDate } from '../../domain/session/sessionClock';
import { marketTime } from '../../domain/session/sessionPlan';
import { epochMs } from '../../domain/units';
import { fetchCandles, type FetchedSeries } from '../../infra/candles/fetchCandles';
import { readUniverse } from '../../infra/candles/universeFile';
import { readCalendar } from '../../infra/config/sections/calendar';
import { checkedAccount } from '../checkedAccount';
import { columns, print, say } from '../text/output';

interface FetchFlags {
  readonly to: string;
  readonly symbols?: readonly string[];
  readonly universe?: string;
  readonly from: SessionDate;
  readonly toDate?: SessionDate;
  readonly account?: string;
  readonly config?: string;
  readonly json?: true;
}

const date = (text: string): SessionDate => {
  if (isCalendarDate(text)) return text;
  throw new InvalidArgumentError(`must be a calendar date like 2026-11-20, was "${text}".`);
};

async function run(flags: FetchFlags): Promise<void> {
  const symbols = symbolsOf(flags);
  const { config, broker, marketClock } = checkedAccount(flags);
  const now = marketTime(await marketClock(), epochMs(Date.now()));
  const today = istDate(now);
  const { from, toDate = today } = flags;
  const to = toDate > today ? today : toDate;
  if (from > to)
    throw new Refused({
      code: 'DATA_FETCH',
      message: `--from must not be after --to-date and today, was ${from} to ${to}`,
    });
  const series = await fetchCandles({
    ...{ from, to, symbols, now, folder: flags.to, reader: broker },
    calendar: readCalendar(config.calendar),
    patience: { sleep, say, clock: () => performance.now() },
    loginHint: 'log in with `ratchet login`',
  });
  print(flags.json === true, { folder: flags.to, from, to, series }, () => linesOf(series));
  if (series.some(({ failure }) => failure !== null)) process.exitCode = 1;
}

/** @throws Refused DATA_FETCH */
function symbolsOf({ symbols, universe }: FetchFlags): readonly string[] {
  if ((symbols === undefined) === (universe === undefined))
    throw new Refused({
      code: 'DATA_FETCH',
      message: 'give one of --symbols INFY,SBIN or --universe FILE',
    });
  return symbols ?? readUniverse(universe ?? '');
}

const linesOf = (series: readonly FetchedSeries[]): readonly string[] =>
  columns([
    ['stock', 'requests', 'new', 'corrected', 'left out', ''],
    ...series.map(({ symbol, requests, added, replaced, leftOut, failure }) => [
      ...[symbol, ...[requests, added, replaced, leftOut].map(String)],
      failure ?? '',
    ]),
  ]);

export const dataFetchCommand = new Command('fetch')
  .description('the broker’s minute history, at its limits; asked again it goes on where it was')
  .requiredOption('--to <dir>', 'the folder of stored candles')
  .requiredOption('--from <date>', 'first day, like 2026-04-01', date)
  .option('--to-date <date>', 'last day, included (default: today)', date)
  .option('--symbols <names>', 'stocks, like INFY,SBIN', (text: string) =>
    text.split(',').map((name) => name.trim()),
  )
  .option('--universe <file>', 'a list of stocks: a symbol a line, or a CSV with a column symbol')
  .option('--account <name>', 'account; default the configured one')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--json', 'print one JSON document')
  .action(run);
