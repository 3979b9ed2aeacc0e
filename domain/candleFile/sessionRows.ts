// Which minutes a recorded day may have: those of the exchange's sessions. A file in another zone, with the
// pre-open's minutes or with a Saturday's mock session is not the day it says it is.
import { dayKind, dayOf, type SessionDate, type TradingCalendar } from '../session/calendar';
import {
  istDate,
  istDayNumber,
  istTime,
  sessionClock,
  type TradingSpan,
} from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';

/** What may be recorded on a date. */
export interface RecordableDay {
  readonly date: SessionDate;
  /** What a row of the date must be, in words; null where rows of its spans are right. */
  readonly refusal: string | null;
  readonly spans: readonly TradingSpan[];
}

const dayMs = 86_400_000;

/** The date of an instant with what may be recorded on it; each date is looked up once. */
export function recordableDays(calendar: TradingCalendar): (at: EpochMs) => RecordableDay {
  const days = new Map<number, RecordableDay>();
  return (at) => {
    const day = istDayNumber(at);
    const known = days.get(day) ?? recordableDay(istDate(at), calendar);
    days.set(day, known);
    return known;
  };
}

/** Is the minute inside? */
export const isRecordable = ({ spans }: RecordableDay, at: EpochMs): boolean =>
  spans.some(({ from, until }) => at >= from && at < until);

/** The hours of a date, in words. */
export const hoursOf = ({ spans }: RecordableDay): string =>
  spans
    .map(({ from, until }) => `${istTime(from).slice(0, 5)} to ${istTime(until).slice(0, 5)}`)
    .join(' and ');

function recordableDay(date: SessionDate, calendar: TradingCalendar): RecordableDay {
  const kind = kindOf(date, calendar);
  const wholeDay = { from: epochMs(Date.parse(`${date}T00:00:00+05:30`)), until: epochMs(0) };
  if (kind === 'special hour of unknown time')
    return { date, refusal: null, spans: [{ ...wholeDay, until: epochMs(wholeDay.from + dayMs) }] };
  if (kind !== 'trading') {
    const refusal =
      kind === 'not listed'
        ? `the date must be in a year whose holidays the calendar has, up to ${Math.max(...calendar.years)}`
        : `the date must be a trading day, and ${date} is none (${kind}); calendar.sessions of the configuration may name it`;
    return { date, refusal, spans: [] };
  }
  const day = dayOf(date, calendar);
  const [plain, auction] = [sessionClock(day, false), sessionClock(day, true)];
  // The closing auction's trades follow the last session.
  const spans = plain.sessions.map(({ from, until }) => ({
    from,
    until: until === plain.continuousEnd ? epochMs(Math.max(until, auction.close)) : until,
  }));
  return { date, refusal: null, spans };
}

/** Of years before the list nothing is known that could be wrong. */
function kindOf(
  date: SessionDate,
  calendar: TradingCalendar,
): ReturnType<typeof dayKind> | 'not listed' {
  const year = Number(date.slice(0, 4));
  if (calendar.years.includes(year)) return dayKind(date, calendar);
  return year > Math.max(...calendar.years) ? 'not listed' : 'special hour of unknown time';
}
