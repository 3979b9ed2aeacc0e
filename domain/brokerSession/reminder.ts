// When a person without a session is told to log in. Sessions end at 06:00, and the day begins at 08:45.
import type { TradingDay } from '../session/calendar';
import { istInstant, sessionClock } from '../session/sessionClock';
import type { EpochMs } from '../units';

/** In India, on every trading day. */
const times = ['07:45', '08:30', '09:00'] as const;

/** The newest reminder that is due, by its time; null before the first, and once the exchange's day is over. */
export function dueReminder(day: TradingDay, marketAt: EpochMs): string | null {
  if (marketAt >= sessionClock(day, true).close) return null;
  return times.findLast((time) => istInstant(day.date, time) <= marketAt) ?? null;
}
