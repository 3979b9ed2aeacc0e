// Which recorded days are traded: one date, a range, or the latest whole ones.
import { Refused } from '../domain/errors';
import {
  isTradingDay,
  parseSessionDate,
  requireTradingDay,
  type TradingCalendar,
} from '../domain/session/calendar';
import {
  lackText,
  recordedDates,
  type FolderReading,
  type RecordedDate,
} from '../exchange/market/recordedDates';

export interface DayFlags {
  readonly date?: string;
  readonly from?: string;
  readonly to?: string;
  /** The latest days on which every stock has a whole session, this many of them. */
  readonly days?: string;
}

export const isWholeDay = ({ stocks, whole }: Pick<RecordedDate, 'stocks' | 'whole'>): boolean =>
  stocks === whole;

/** The days asked for, oldest first. @throws Refused in one sentence. */
export function chooseDays(
  directory: string,
  flags: DayFlags,
  calendar: TradingCalendar,
  reading: FolderReading = {},
): readonly RecordedDate[] {
  const { date, from, to, days } = flags;
  const asked = [date, from ?? to, days].filter((flag) => flag !== undefined).length;
  if (asked !== 1) refuse('give one of --date D, --from D --to D, or --days N');
  const pick = pickerOf(flags, calendar);
  const recorded = recordedDates(directory, calendar, reading).filter((one) =>
    isTradingDay(one.date, calendar),
  );
  const [first, last] = [recorded[0], recorded.at(-1)];
  if (first === undefined || last === undefined)
    refuse(`the files in "${directory}" hold no trading day`);
  const held = `the files hold ${recorded.length} days, ${first.date} to ${last.date}`;
  const chosen = pick(recorded, held);
  requireWholeSession(chosen);
  return chosen;
}

/** How many of a list are named in a sentence. */
const namedMax = 3;

const listed = (items: readonly string[], what: string): string =>
  items.length <= namedMax
    ? items.join('; ')
    : `${items.slice(0, namedMax).join('; ')}; and ${items.length - namedMax} more ${what}`;

/** Days without one whole session would trade next to nothing, which looks like a result. */
export function requireWholeSession(days: readonly RecordedDate[]): void {
  if (days.some(({ whole }) => whole > 0)) return;
  const lacking = days.map(
    ({ date, lacks }) => `on ${date} ${listed(lacks.map(lackText), 'stocks')}`,
  );
  refuse(`no stock has a whole session: ${listed(lacking, 'days')}`);
}

type Picker = (recorded: readonly RecordedDate[], held: string) => readonly RecordedDate[];

function pickerOf({ date, from, to, days }: DayFlags, calendar: TradingCalendar): Picker {
  if (date !== undefined) return oneDay(date, calendar);
  if (days !== undefined) return latestWhole(days);
  if (from === undefined || to === undefined)
    return refuse(
      `a range needs both --from and --to; --${from === undefined ? 'from' : 'to'} is missing`,
    );
  return between(from, to);
}

function oneDay(text: string, calendar: TradingCalendar): Picker {
  const { date } = requireTradingDay(parseSessionDate(text), calendar);
  return (recorded, held) => {
    const found = recorded.filter((one) => one.date === date);
    return found.length > 0 ? found : refuse(`no candles of ${date}: ${held}`);
  };
}

function between(first: string, last: string): Picker {
  const [from, to] = [parseSessionDate(first), parseSessionDate(last)];
  if (from > to) refuse(`--from ${from} must not be after --to ${to}`);
  return (recorded, held) => {
    const found = recorded.filter(({ date }) => date >= from && date <= to);
    return found.length > 0 ? found : refuse(`no candles between ${from} and ${to}: ${held}`);
  };
}

function latestWhole(text: string): Picker {
  const count = Number(text);
  if (!/^\d{1,4}$/.test(text) || count < 1)
    refuse(`--days must be a whole number from 1 to 9999, was "${text}"`);
  return (recorded, held) => {
    const whole = recorded.filter(isWholeDay);
    if (whole.length < count)
      refuse(`--days asks for ${count} whole days, there are ${whole.length}: ${held}`);
    return whole.slice(-count);
  };
}

function refuse(message: string): never {
  throw new Refused({ code: 'BACKTEST_DAYS', message });
}
