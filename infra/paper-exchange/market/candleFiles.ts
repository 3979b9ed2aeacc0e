// The files of a folder of recorded candles: `SYMBOL.csv.gz`, one row a minute. Files named NIFTY_* are
// indices. Which dates they hold, and how whole those are, is read from the rows' times alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Refused } from '../../../domain/errors';
import type { SessionDate } from '../../../domain/session/calendar';
import { csvRecords } from './csv';

export const seriesName = (file: string): string => basename(file, '.csv.gz');
export const isIndexFile = (file: string): boolean => seriesName(file).startsWith('NIFTY_');

/** The `.csv.gz` files of the folder, or of its `minute/core`, `core`, `minute/wide`, `wide`. */
export function candleFiles(directory: string): readonly string[] {
  const folders = ['.', 'minute/core', 'core', 'minute/wide', 'wide'];
  const files = folders
    .map((folder) => join(directory, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.csv.gz'))
        .sort()
        .map((name) => join(folder, name)),
    );
  if (files.length > 0) return files;
  throw new Refused({
    code: 'REPLAY_FOLDER',
    message: `replay folder "${directory}" must exist and hold one-minute candles as SYMBOL.csv.gz (in it or in minute/core)`,
  });
}

/** Records whose date passes; the rest is dropped before it is parsed. */
export function candleRecords(
  file: string,
  wanted: (day: string) => boolean = () => true,
): readonly ReadonlyMap<string, string>[] {
  const [header = '', ...lines] = unzip(file).split('\n');
  const kept = lines.filter((line) => line !== '' && wanted(line.slice(0, 10)));
  return csvRecords([header, ...kept].join('\n'));
}

function unzip(file: string): string {
  try {
    return gunzipSync(readFileSync(file)).toString('utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused({ code: 'REPLAY_FILE', message: `cannot read candles in "${file}": ${why}` });
  }
}

/** A date in the files: its stocks, and how many of them have a whole session. */
export interface RecordedDate {
  readonly date: SessionDate;
  readonly stocks: number;
  readonly whole: number;
}

/** A session is whole from so many minutes on, with no longer hole between its first and last minute. */
const wholeMinutesMin = 370;
const holeMinutesMax = 2;
const firstMinute = 9 * 60 + 15;
const lastMinute = 15 * 60 + 29;

/** Every date the files hold candles of stocks for, oldest first. @throws Refused REPLAY_FOLDER, REPLAY_FILE. */
export function recordedDates(directory: string): readonly RecordedDate[] {
  const found = new Map<SessionDate, { stocks: number; whole: number }>();
  for (const file of candleFiles(directory).filter((one) => !isIndexFile(one))) {
    for (const [date, minutes] of minutesByDate(file)) {
      const known = found.get(date) ?? { stocks: 0, whole: 0 };
      const whole = known.whole + (isWhole(minutes) ? 1 : 0);
      found.set(date, { stocks: known.stocks + 1, whole });
    }
  }
  return [...found]
    .map(([date, counts]) => ({ date, ...counts }))
    .sort((one, other) => (one.date < other.date ? -1 : 1));
}

/** Minutes of the day (India) of each date's rows; `ts` is like 2021-04-15T09:15:00+05:30. */
function minutesByDate(file: string): ReadonlyMap<SessionDate, readonly number[]> {
  const byDate = new Map<SessionDate, number[]>();
  for (const line of unzip(file).split('\n').slice(1)) {
    if (line === '') continue;
    const date = line.slice(0, 10);
    const minutes = byDate.get(date) ?? [];
    minutes.push(Number(line.slice(11, 13)) * 60 + Number(line.slice(14, 16)));
    byDate.set(date, minutes);
  }
  return byDate;
}

function isWhole(minutes: readonly number[]): boolean {
  const fenced = [firstMinute - 1, ...minutes, lastMinute + 1];
  const holes = fenced.slice(1).map((minute, index) => minute - (fenced[index] ?? 0) - 1);
  return minutes.length >= wholeMinutesMin && holes.every((missing) => missing <= holeMinutesMax);
}
