// Which session a command is about.
import {
  lastTradingDay,
  parseSessionDate,
  requireTradingDay,
  type SessionDate,
  type TradingCalendar,
} from '../domain/session/calendar';
import { istDate } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';

/** The date asked for, or the last trading day. @throws Refused when the date is not a trading day. */
export function sessionDate(text: string | undefined, calendar: TradingCalendar): SessionDate {
  const date =
    text === undefined
      ? lastTradingDay(istDate(epochMs(Date.now())), calendar)
      : parseSessionDate(text);
  return requireTradingDay(date, calendar).date;
}
