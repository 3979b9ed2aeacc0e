// `ratchet data check`: what a folder of candles holds, what it lacks, and what must be mended before it is traded on.
import { Command } from 'commander';
import { mustMend } from '../../domain/candleStore/seriesCheck';
import { checkFolder } from '../../infra/candles/checkFolder';
import { readDailyBars } from '../../infra/candles/dailyBars';
import { loadConfig } from '../../infra/config/config';
import { readCalendar } from '../../infra/config/sections/calendar';
import { dataCheckLines } from '../text/dataCheckTable';
import { print, say } from '../text/output';

interface CheckFlags {
  readonly daily?: string;
  readonly factors?: string;
  readonly config?: string;
  readonly json?: true;
}

function run(directory: string, { daily, factors, config, json }: CheckFlags): void {
  const calendar = readCalendar(loadConfig(config).calendar);
  const checks = [
    ...checkFolder({
      ...{ directory, calendar, say, factorsFile: factors },
      daily: daily === undefined ? undefined : readDailyBars(daily),
    }),
  ];
  const series = checks.map((check) => ({ ...check, mend: mustMend(check) }));
  print(json === true, { directory, series }, () => dataCheckLines(checks, calendar));
  if (series.some(({ mend }) => mend.length > 0)) process.exitCode = 1;
}

export const dataCheckCommand = new Command('check')
  .description('look through a folder of candles: gaps, spikes, splits, rows that cannot be')
  .argument('<dir>', 'folder of candles, as --replay takes it')
  .option('--daily <source>', 'daily bars to compare with: a CSV, or a folder of them')
  .option('--factors <file>', 'CSV symbol,ex_date,factor of splits and bonuses')
  .option('--config <file>', 'configuration file (JSON), for its calendar')
  .option('--json', 'print one JSON document')
  .action(run);
