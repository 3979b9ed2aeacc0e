// When Temporal starts trading days: the calendar as a schedule's own calendars.
import type { ScheduleSpec } from '@temporalio/client';
import {
  isWeekend,
  listEnd,
  type SessionDate,
  type TradingCalendar,
} from '../domain/session/calendar';

type CalendarSpec = NonNullable<ScheduleSpec['calendars']>[number];

const months = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

const onDate = (
  date: SessionDate,
  time: Pick<CalendarSpec, 'hour' | 'minute' | 'second'>,
  comment: string,
): CalendarSpec => ({
  year: Number(date.slice(0, 4)),
  month: months[Number(date.slice(5, 7)) - 1] ?? 'JANUARY',
  dayOfMonth: Number(date.slice(8, 10)),
  ...time,
  comment,
});

/** A date alone would skip midnight only: the skip needs every hour of it. */
const wholeDay = { hour: '*', minute: '*', second: '*' } as const;
const start = { hour: 8, minute: 45 };

/** 08:45 in India on every trading day from the year of `today` to where the list ends, whatever its hours. */
export function scheduleSpec(calendar: TradingCalendar, today: SessionDate): ScheduleSpec {
  const firstDay = `${today.slice(0, 4)}-01-01`;
  const isComing = (date: SessionDate): boolean => date >= firstDay;
  const weekends = calendar.sessions.filter(({ date }) => isComing(date) && isWeekend(date));
  const closed = [...calendar.holidays, ...calendar.hoursUnknown].filter(
    (date) => isComing(date) && !isWeekend(date),
  );
  return {
    timezone: 'Asia/Kolkata',
    calendars: [
      { dayOfWeek: { start: 'MONDAY', end: 'FRIDAY' }, ...start, comment: 'trading days' },
      ...weekends.map(({ date }) => onDate(date, start, 'weekend session')),
    ],
    skip: closed.map((date) => onDate(date, wholeDay, 'no session')),
    endAt: new Date(`${listEnd(today, calendar)}T18:00:00Z`),
  };
}
