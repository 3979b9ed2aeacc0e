// Changes to a calendar as a person writes them: years whose list is complete, holidays, and sessions that
// trade against the list or at hours of their own. Every entry replaces what the calendar said of its date.
import { z } from 'zod';
import { Refused } from '../errors';
import { isCalendarDate, type TradingCalendar } from './calendar';

const date = z.string().refine(isCalendarDate, {
  error: ({ input }) => `must be a calendar date like 2027-01-26, was "${String(input)}"`,
});

/** Days start before 09:00 and end before midnight. */
const earliest = '09:00';
const latest = '23:30';
const shortestMinutes = 30;

const hours = z.string().superRefine((text, context) => {
  const refuse = (message: string): void => context.addIssue({ code: 'custom', message });
  const [open = '', close = ''] = text.split('-');
  if (!/^\d{2}:[0-5]\d-\d{2}:[0-5]\d$/.test(text)) {
    refuse(`must be hours like 09:15-12:30, was "${text}"`);
  } else if (open < earliest || close > latest) {
    refuse(`must lie between ${earliest} and ${latest}, was ${text}`);
  } else if (minuteOfDay(close) - minuteOfDay(open) < shortestMinutes) {
    refuse(`must open at least ${shortestMinutes} minutes before closing, was ${text}`);
  }
});

/** Minutes since midnight of `HH:MM`. */
const minuteOfDay = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const session = z.strictObject({
  date: date.describe('A date that trades although the list or its weekday says otherwise.'),
  hours: z
    .array(hours)
    .min(1)
    .max(4)
    .superRefine((spans, context) => {
      const late = spans.findIndex((span, index) => span.slice(0, 5) <= endOf(spans[index - 1]));
      if (late < 0) return;
      context.addIssue({
        code: 'custom',
        path: [late],
        message: `must begin after ${endOf(spans[late - 1])}, when the session before it ends, was ${spans[late] ?? ''}`,
      });
    })
    .optional()
    .describe('Hours of trading, like ["09:15-10:00", "11:30-12:30"]; left out, the usual ones.'),
});

const endOf = (span = ''): string => span.slice(6);

/** The fields of the list, each with its default. */
export const calendarListFields = {
  years: z
    .array(z.int().min(2018).max(2100))
    .max(100)
    .default([])
    .describe('Years whose holidays are all listed, beside those of the shipped list.'),
  holidays: z
    .array(date)
    .max(2_000)
    .default([])
    .describe('Dates without trading, beside those of the shipped list.'),
  sessions: z
    .array(session)
    .max(500)
    .default([])
    .meta({ example: [{ date: '2026-11-08', hours: ['18:00-19:00'] }] })
    .describe(
      'Dates that trade on a weekend, on a listed holiday or at hours of their own: special sessions and half days.',
    ),
};

const calendarListSchema = z.strictObject(calendarListFields);

type CalendarList = z.infer<typeof calendarListSchema>;

/** What a list says of a date, and where. */
interface Entry {
  readonly path: string;
  readonly date: string;
}

/**
 * The calendar with the list's entries in place of its own on the same dates.
 * @param source names the list in a refusal. @throws Refused CALENDAR_LIST when it contradicts itself or its years.
 */
export function withCalendarList(
  source: string,
  list: CalendarList,
  base: TradingCalendar,
): TradingCalendar {
  const years = [...new Set([...base.years, ...list.years])].sort((one, other) => one - other);
  const entries: readonly Entry[] = [
    ...list.holidays.map((day, index) => ({ path: `holidays.${index}`, date: day })),
    ...list.sessions.map((one, index) => ({ path: `sessions.${index}.date`, date: one.date })),
  ];
  checkEntries(source, entries, years);
  const named = new Set(entries.map((entry) => entry.date));
  return {
    years,
    holidays: [...base.holidays.filter((day) => !named.has(day)), ...list.holidays].sort(),
    sessions: [...base.sessions.filter((one) => !named.has(one.date)), ...list.sessions],
    hoursUnknown: base.hoursUnknown.filter((day) => !named.has(day)),
  };
}

function checkEntries(source: string, entries: readonly Entry[], years: readonly number[]): void {
  const seen = new Set<string>();
  for (const { path, date: day } of entries) {
    const year = day.slice(0, 4);
    if (!years.includes(Number(year)))
      refuse(source, path, `must be in a year of the list, was ${day}: add ${year} to years`);
    if (seen.has(day)) refuse(source, path, `must name a date once, was ${day} again`);
    seen.add(day);
  }
}

function refuse(source: string, path: string, message: string): never {
  throw new Refused({ code: 'CALENDAR_LIST', message: `${source}: ${path} ${message}` });
}

/** The calendar with a list from outside. @throws Refused CALENDAR_LIST naming the key, the value and what is allowed. */
export function calendarFrom(
  source: string,
  value: unknown,
  base: TradingCalendar,
): TradingCalendar {
  const parsed = calendarListSchema.safeParse(value);
  if (parsed.success) return withCalendarList(source, parsed.data, base);
  const [issue] = parsed.error.issues;
  return refuse(source, issue?.path.join('.') ?? '', issue?.message ?? 'is not valid');
}
