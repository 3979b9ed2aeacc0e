// The files of a folder of recorded candles: `SYMBOL.csv.gz`, one row a minute. Files named NIFTY_* are
// indices. The dates they hold, and how complete those are, follow from the rows' times alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Refused, wordsOf } from '../../domain/errors';
import { dayOf, type SessionDate, type TradingCalendar } from '../../domain/session/calendar';
import {
  istInstant,
  sessionClock,
  tradingMinutes,
  type SessionClock,
} from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';
import { companies } from './companies';
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

/** Records of the dates that pass. Others are dropped before they are parsed. */
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
    const why = wordsOf(error);
    throw new Refused({ code: 'REPLAY_FILE', message: `cannot read candles in "${file}": ${why}` });
  }
}

/** A date in the files: its stocks, and how many of them have a whole session. */
export interface RecordedDate {
  readonly date: SessionDate;
  readonly stocks: number;
  readonly whole: number;
}

/** The most minutes a whole session may lack: in all, and at one place. */
const missingMax = 5;
const holeMax = 2;
const minuteMs = 60_000;

/** Every date the files hold candles of stocks for, oldest first. @throws Refused REPLAY_FOLDER, REPLAY_FILE. */
export function recordedDates(
  directory: string,
  calendar: TradingCalendar,
): readonly RecordedDate[] {
  const found = new Map<SessionDate, { stocks: number; whole: number }>();
  for (const file of candleFiles(directory).filter((one) => !isIndexFile(one))) {
    const hasDerivatives = companies.get(seriesName(file))?.hasDerivatives ?? false;
    for (const [date, minutes] of minutesByDate(file)) {
      const known = found.get(date) ?? { stocks: 0, whole: 0 };
      const clock = sessionClock(dayOf(date, calendar), hasDerivatives);
      const whole = known.whole + (isWhole(minutes, clock) ? 1 : 0);
      found.set(date, { stocks: known.stocks + 1, whole });
    }
  }
  return [...found]
    .map(([date, counts]) => ({ date, ...counts }))
    .sort((one, other) => (one.date < other.date ? -1 : 1));
}

/** The minutes of each date's rows, epoch ms; `ts` is like 2021-04-15T09:15:00+05:30. */
function minutesByDate(file: string): ReadonlyMap<SessionDate, readonly EpochMs[]> {
  const byDate = new Map<SessionDate, EpochMs[]>();
  for (const line of unzip(file).split('\n').slice(1)) {
    if (line === '') continue;
    const date = line.slice(0, 10);
    const minutes = byDate.get(date) ?? [];
    minutes.push(istInstant(date, line.slice(11, 19)));
    byDate.set(date, minutes);
  }
  return byDate;
}

/** Every session of the day from its open to its end, whichever those are. */
function isWhole(minutes: readonly EpochMs[], clock: SessionClock): boolean {
  const holes = clock.sessions.flatMap(({ from, until }) => {
    const inside = minutes.filter((at) => at >= from && at < until);
    const fenced = [from - minuteMs, ...inside, until];
    return fenced.slice(1).map((at, index) => (at - (fenced[index] ?? 0)) / minuteMs - 1);
  });
  return (
    minutes.length >= tradingMinutes(clock) - missingMax &&
    holes.every((missing) => missing <= holeMax)
  );
}
