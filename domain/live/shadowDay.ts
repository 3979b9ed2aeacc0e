// When the exchange of a shadow account is open. It has the hours of the account's books at the broker: from the
// morning, when the day's list of instruments is made, until the broker's session ends the next morning.
import {
  addDays,
  isTradingDay,
  nextTradingDay,
  type SessionDate,
  type TradingCalendar,
} from '../session/calendar';
import { istDate, istInstant } from '../session/sessionClock';
import type { EpochMs } from '../units';

const opens = '08:30';
const ends = '06:00';

/** A session with its opening and its end; market clock. */
export interface ShadowDay {
  readonly date: SessionDate;
  readonly opensAt: EpochMs;
  /** On the next morning. */
  readonly endsAt: EpochMs;
}

const dayOf = (date: SessionDate): ShadowDay => ({
  date,
  opensAt: istInstant(date, opens),
  endsAt: istInstant(addDays(date, 1), ends),
});

/**
 * The day that is open at an instant, else the next that opens.
 * @param closed the session whose books are closed, null before the first: only a later one is opened.
 * @throws Refused CALENDAR_STALE past the list of holidays.
 */
export function shadowDay(
  now: EpochMs,
  calendar: TradingCalendar,
  closed: SessionDate | null,
): ShadowDay {
  let date = addDays(istDate(now), -1);
  if (!isTradingDay(date, calendar)) date = nextTradingDay(date, calendar);
  while (dayOf(date).endsAt <= now || (closed !== null && date <= closed))
    date = nextTradingDay(date, calendar);
  return dayOf(date);
}

/**
 * The oldest session that was begun and is over, but whose books were not closed: everything was down at its end. It
 * is closed before another is opened.
 * @param begun sessions of which there is a journal. @param closed as above.
 */
export function missedEnd(
  now: EpochMs,
  begun: readonly SessionDate[],
  closed: SessionDate | null,
): SessionDate | null {
  const missed = begun.filter(
    (date) => dayOf(date).endsAt <= now && (closed === null || date > closed),
  );
  return missed.toSorted()[0] ?? null;
}
