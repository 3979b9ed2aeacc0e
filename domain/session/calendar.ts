// Which dates NSE trades on. Holidays are facts of the exchange's circulars, kept as data; a date past
// the last published list is refused, because "not on the list" would then mean nothing.
// Source: docs/kite.md, Holidays; cross-checked 2018-2026.
import { Refused } from '../errors';

/** A trading date on the exchange's calendar, `YYYY-MM-DD` in India. */
export type SessionDate = string;

/** Weekday holidays (`MM-DD`) and days that trade only for the evening or noon Muhurat hour. */
export interface CalendarList {
  readonly holidays: Readonly<Record<string, string>>;
  /** Weekend dates with a full session, and dates with only a special hour (not traded by us). */
  readonly extraSessions: readonly SessionDate[];
  readonly specialHourOnly: readonly SessionDate[];
}

/** What NSE has published to date. Later circulars are added by configuration. */
export const nseCalendar: CalendarList = {
  holidays: {
    2018: '01-26 02-13 03-02 03-29 03-30 05-01 08-15 08-22 09-13 09-20 10-02 10-18 11-08 11-23 12-25',
    2019: '03-04 03-21 04-17 04-19 04-29 05-01 06-05 08-12 08-15 09-02 09-10 10-02 10-08 10-21 10-28 11-12 12-25',
    2020: '02-21 03-10 04-02 04-06 04-10 04-14 05-01 05-25 10-02 11-16 11-30 12-25',
    2021: '01-26 03-11 03-29 04-02 04-14 04-21 05-13 07-21 08-19 09-10 10-15 11-05 11-19',
    2022: '01-26 03-01 03-18 04-14 04-15 05-03 08-09 08-15 08-31 10-05 10-26 11-08',
    2023: '01-26 03-07 03-30 04-04 04-07 04-14 05-01 06-29 08-15 09-19 10-02 10-24 11-14 11-27 12-25',
    2024: '01-22 01-26 03-08 03-25 03-29 04-11 04-17 05-01 05-20 06-17 07-17 08-15 10-02 11-15 11-20 12-25',
    2025: '02-26 03-14 03-31 04-10 04-14 04-18 05-01 08-15 08-27 10-02 10-22 11-05 12-25',
    2026: '01-15 01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25',
  },
  extraSessions: [
    '2020-02-01',
    '2024-01-20',
    '2024-03-02',
    '2024-05-18',
    '2025-02-01',
    '2026-02-01',
  ],
  specialHourOnly: [
    '2018-11-07',
    '2019-10-27',
    '2020-11-14',
    '2021-11-04',
    '2022-10-24',
    '2023-11-12',
    '2024-11-01',
    '2025-10-21',
    '2026-11-08',
  ],
};

/** Why a date has no session for us, or that it has one. */
export type DayKind = 'trading' | 'weekend' | 'holiday' | 'special-hour-only';

/** @throws Refused CALENDAR_DATE on text that is no calendar date. */
export function parseSessionDate(text: string): SessionDate {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
  if (!isDate || new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) !== text) {
    throw new Refused({
      code: 'CALENDAR_DATE',
      message: `date must be a calendar date like 2026-11-20, was "${text}"`,
    });
  }
  return text;
}

/** @throws Refused CALENDAR_STALE when no holiday list covers the date's year. */
export function dayKind(date: SessionDate, calendar: CalendarList = nseCalendar): DayKind {
  const holidays = calendar.holidays[date.slice(0, 4)];
  if (holidays === undefined) {
    throw new Refused({
      code: 'CALENDAR_STALE',
      message: `no NSE holiday list covers ${date}; add the exchange's list for that year before trading it`,
      context: { date },
    });
  }
  if (calendar.specialHourOnly.includes(date)) return 'special-hour-only';
  if (calendar.extraSessions.includes(date)) return 'trading';
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6) return 'weekend';
  return holidays.split(' ').includes(date.slice(5)) ? 'holiday' : 'trading';
}

/** @throws Refused CALENDAR_CLOSED naming why, or CALENDAR_STALE. */
export function requireTradingDay(date: SessionDate, calendar: CalendarList = nseCalendar): void {
  const kind = dayKind(date, calendar);
  if (kind === 'trading') return;
  throw new Refused({
    code: 'CALENDAR_CLOSED',
    message: `${date} is not a trading day at NSE (${kind}); the last one before it was ${lastTradingDay(date, calendar)}`,
    context: { date, kind },
  });
}

const dayMs = 86_400_000;

/** The date `days` later (or earlier, negative). */
export function addDays(date: SessionDate, days: number): SessionDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** The latest trading day on or before `date`; years past the published lists are stepped over. */
export function lastTradingDay(
  date: SessionDate,
  calendar: CalendarList = nseCalendar,
): SessionDate {
  const years = Object.keys(calendar.holidays).sort();
  const lastCovered = `${years.at(-1) ?? ''}-12-31`;
  let day = date > lastCovered ? lastCovered : date;
  while (dayKind(day, calendar) !== 'trading') day = addDays(day, -1);
  return day;
}

/** The first trading day after `date`. @throws Refused CALENDAR_STALE past the published lists. */
export function nextTradingDay(
  date: SessionDate,
  calendar: CalendarList = nseCalendar,
): SessionDate {
  let day = addDays(date, 1);
  while (dayKind(day, calendar) !== 'trading') day = addDays(day, 1);
  return day;
}

/** The trading days before a date, oldest first. */
export function sessionsBefore(date: SessionDate, count: number): readonly SessionDate[] {
  const days: SessionDate[] = [];
  let day = date;
  while (days.length < count) {
    day = lastTradingDay(addDays(day, -1));
    days.unshift(day);
  }
  return days;
}
