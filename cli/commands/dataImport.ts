// `ratchet data import`: candle files of any form into a folder that replays read.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { parseMapping, type Mapping } from '../../domain/candleStore/mapping';
import { loadConfig } from '../../infra/config/config';
import { readCalendar } from '../../infra/config/sections/calendar';
import { importCandles, type ImportedSeries } from '../../infra/candles/importCandles';
import { storePlace } from '../../infra/candles/stagedStore';
import { columns, print, say } from '../text/output';

interface ImportFlags {
  readonly to: string;
  readonly map?: string;
  readonly symbol?: readonly string[];
  readonly minutes: number;
  readonly replace?: true;
  readonly leaveOut?: true;
  readonly config?: string;
  readonly json?: true;
}

function minutes(text: string): number {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 375) return Number(text);
  throw new InvalidArgumentError(`must be a whole number from 1 to 375, was "${text}".`);
}

/** A mapping may be long, and then is in a file. */
const mappingOf = (text: string | undefined): Mapping =>
  text === undefined
    ? { columns: {} }
    : parseMapping(existsSync(text) ? readFileSync(text, 'utf8') : text);

function run(source: string, flags: ImportFlags): void {
  const calendar = readCalendar(loadConfig(flags.config).calendar);
  const series = importCandles({
    source,
    to: flags.to,
    mapping: mappingOf(flags.map),
    symbols: flags.symbol ?? [],
    minutes: flags.minutes,
    replace: flags.replace === true,
    leaveOut: flags.leaveOut === true,
    calendar,
    say,
  });
  const folder = join(flags.to, storePlace(flags.minutes));
  const unlisted = series.reduce((sum, one) => sum + one.unlisted, 0);
  if (unlisted > 0)
    say(
      `${unlisted} candles are of years before ${Math.min(...calendar.years)}, whose holidays no list has: whether the market was open then is not checked`,
    );
  print(flags.json === true, { folder, series }, () => linesOf(folder, series));
}

const linesOf = (folder: string, series: readonly ImportedSeries[]): readonly string[] => [
  ...columns([
    ['stock', 'candles', 'new', 'equal', 'replaced', 'left out', 'first', 'last'],
    ...series.map((one) => [
      ...[
        one.symbol,
        ...[one.candles, one.added, one.equal, one.replaced, one.leftOut].map(String),
      ],
      ...[one.first, one.last],
    ]),
  ]),
  `in ${folder}`,
];

export const dataImportCommand = new Command('import')
  .description('bring candle files of any form into a folder that replays read')
  .argument('<source>', 'a CSV, packed or not, or a folder of them')
  .requiredOption('--to <dir>', 'the folder of stored candles')
  .option('--map <mapping>', 'like date=Datetime,open=O,dates=day-first, or a file of such lines')
  .option('--symbol <names...>', 'the stock of the file; of a file with many, those to take')
  .option('--minutes <n>', 'length of the bars', minutes, 1)
  .option('--replace', 'where stored candles differ, take those of the files')
  .option('--leave-out', 'leave out what a check refuses, instead of refusing everything')
  .option('--config <file>', 'configuration file (JSON), for its calendar')
  .option('--json', 'print one JSON document')
  .action(run);
