// The section `calendar`: what is known of the exchange's days beside the shipped list, inline or in a file.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Refused } from '../../../domain/errors';
import type { TradingCalendar } from '../../../domain/session/calendar';
import {
  calendarFrom,
  calendarListFields,
  withCalendarList,
} from '../../../domain/session/calendarList';
import { nseCalendar } from '../../../domain/session/nseCalendar';

export const calendarSchema = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('JSON file with years, holidays and sessions; entries beside it win over its own.'),
    ...calendarListFields,
  })
  .prefault({})
  .describe('Holidays, special sessions and half days beside those of the shipped list.');

export type CalendarSection = z.infer<typeof calendarSchema>;

/** The shipped list with the section's changes. @throws Refused CALENDAR_LIST in one sentence. */
export function readCalendar({ file, ...list }: CalendarSection): TradingCalendar {
  const base =
    file === undefined
      ? nseCalendar
      : calendarFrom(`calendar.file ${file}`, jsonIn(file), nseCalendar);
  return withCalendarList('calendar', list, base);
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read';
    throw new Refused({ code: 'CALENDAR_LIST', message: `calendar.file ${file} ${why}` });
  }
}
