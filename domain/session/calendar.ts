// Which dates the exchange trades on, and at which hours. The calendar is a value: the shipped list
// (`nseCalendar`) with what the configuration changes in it. A date past the years of the list is refused,
// because "not on the list" would then mean nothing.
import { Refused } from '../errors';

/** A trading date on the exchange's calendar, `YYYY-MM-DD` in India. */
export type SessionDate = string;

/** A stretch of continuous trading, `HH:MM-HH:MM` in India. */
export type SessionHours = string;

/** A date that trades although it is a weekend or a listed holiday, or that trades at hours of its own. */
export interface SpecialSession {
  readonly date: SessionDate;
  /** In order of time and apart from each other; left out where they are the usual hours. */
  readonly hours?: readonly SessionHours[] | undefined;
}

/** Plain JSON. */
export interface TradingCalendar {
  /** Years whose holidays are all known. */
  readonly years: readonly number[];
  /** Dates without trading; weekends need no entry. */
  readonly holidays: readonly SessionDate[];
  readonly sessions: readonly SpecialSession[];
  /** Dates with one Muhurat hour only, whose time no list gave: closed until `sessions` names their hours. */
  readonly hoursUnknown: readonly SessionDate[];
}

/** A date with its hours; null: the usual ones, which differ by stock group. */
export interface TradingDay {
  readonly date: SessionDate;
  readonly hours: readonly SessionHours[] | null;
}

/** Why a date has no session, or that it has one. */
export type DayKind = 'trading' | 'weekend' | 'holiday' | 'special hour of unknown time';

/** Is the text a date of the calendar? 30 February is none. */
export const isCalendarDate = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) &&
  !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) &&
  new Date(`${text}T00:00:00Z`).toISOString().slice(0, 10) === text;

/** @throws Refused CALENDAR_DATE on text that is no calendar date. */
export function parseSessionDate(text: string): SessionDate {
  if (isCalendarDate(text)) return text;
  throw new Refused({
    code: 'CALENDAR_DATE',
    message: `date must be a calendar date like 2026-11-20, was "${text}"`,
  });
}

const yearOf = (date: SessionDate): number => Number(date.slice(0, 4));

/** @throws Refused CALENDAR_STALE, saying how to add the list, when the date's year is not listed. */
export function dayKind(date: SessionDate, calendar: TradingCalendar): DayKind {
  const year = yearOf(date);
  if (!calendar.years.includes(year)) {
    throw new Refused({
      code: 'CALENDAR_STALE',
      message: `no NSE holiday list covers ${date}: give the exchange's list in the configuration, as "calendar": {"years": [${year}], "holidays": ["${year}-01-26", …]}`,
      context: { date },
    });
  }
  if (calendar.sessions.some((one) => one.date === date)) return 'trading';
  if (calendar.hoursUnknown.includes(date)) return 'special hour of unknown time';
  if (isWeekend(date)) return 'weekend';
  return calendar.holidays.includes(date) ? 'holiday' : 'trading';
}

/** false too in a year whose list is not there. */
export const isTradingDay = (date: SessionDate, calendar: TradingCalendar): boolean =>
  calendar.years.includes(yearOf(date)) && dayKind(date, calendar) === 'trading';

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export const weekdayOf = (date: SessionDate): string =>
  weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? '';

export const isWeekend = (date: SessionDate): boolean =>
  ['Saturday', 'Sunday'].includes(weekdayOf(date));

/** The date with its hours, whether it trades or not. */
export const dayOf = (date: SessionDate, { sessions }: TradingCalendar): TradingDay => ({
  date,
  hours: sessions.find((one) => one.date === date)?.hours ?? null,
});

/** The trading day of a date. @throws Refused CALENDAR_CLOSED naming why there is none, or CALENDAR_STALE. */
export function requireTradingDay(date: SessionDate, calendar: TradingCalendar): TradingDay {
  const kind = dayKind(date, calendar);
  if (kind === 'trading') return dayOf(date, calendar);
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

/** The latest trading day on or before `date`; years past the list are stepped over. @throws Refused CALENDAR_STALE before its first. */
export function lastTradingDay(date: SessionDate, calendar: TradingCalendar): SessionDate {
  const lastCovered = `${Math.max(...calendar.years)}-12-31`;
  let day = date > lastCovered ? lastCovered : date;
  while (dayKind(day, calendar) !== 'trading') day = addDays(day, -1);
  return day;
}

/** The first trading day after `date`. @throws Refused CALENDAR_STALE past the list. */
export function nextTradingDay(date: SessionDate, calendar: TradingCalendar): SessionDate {
  let day = addDays(date, 1);
  while (dayKind(day, calendar) !== 'trading') day = addDays(day, 1);
  return day;
}

/** The trading days before a date, oldest first. */
export function sessionsBefore(
  date: SessionDate,
  count: number,
  calendar: TradingCalendar,
): readonly SessionDate[] {
  const days: SessionDate[] = [];
  let day = date;
  while (days.length < count) {
    day = lastTradingDay(addDays(day, -1), calendar);
    days.unshift(day);
  }
  return days;
}

/** The last date the list covers without a gap from `date` on; before `date` where its year is not covered. */
export function listEnd(date: SessionDate, { years }: TradingCalendar): SessionDate {
  let year = yearOf(date);
  while (!years.includes(year) && year > Math.min(...years)) year -= 1;
  while (years.includes(year + 1)) year += 1;
  return `${year}-12-31`;
}

const endsSoonDays = 30;

/** The end of a list that ends within 30 days of the session; null of one that goes on for longer. */
export function listEndingSoon(date: SessionDate, calendar: TradingCalendar): SessionDate | null {
  const end = listEnd(date, calendar);
  return end <= addDays(date, endsSoonDays) ? end : null;
}
