// Which days of a history are still to be asked for, in pieces that one request may ask.
import { addDays, isTradingDay, type SessionDate, type TradingCalendar } from '../session/calendar';

/** Dates from one to another, both included. */
export interface DateSpan {
  readonly from: SessionDate;
  readonly to: SessionDate;
}

const isBefore = (one: SessionDate, other: SessionDate): boolean => one < other;

/** The spans with one more, in order; those that touch are one. */
export function withSpan(spans: readonly DateSpan[], more: DateSpan): readonly DateSpan[] {
  const joined: DateSpan[] = [];
  for (const span of [...spans, more].toSorted((a, b) => (isBefore(a.from, b.from) ? -1 : 1))) {
    const last = joined.at(-1);
    if (last === undefined || isBefore(addDays(last.to, 1), span.from)) joined.push(span);
    else if (isBefore(last.to, span.to)) joined[joined.length - 1] = { ...last, to: span.to };
  }
  return joined;
}

/** What of the wanted dates none of the spans has, oldest first. */
export function missingSpans(wanted: DateSpan, spans: readonly DateSpan[]): readonly DateSpan[] {
  const missing: DateSpan[] = [];
  let from = wanted.from;
  for (const span of spans.toSorted((a, b) => (isBefore(a.from, b.from) ? -1 : 1))) {
    if (isBefore(wanted.to, span.from)) break;
    if (isBefore(from, span.from)) missing.push({ from, to: addDays(span.from, -1) });
    if (!isBefore(span.to, from)) from = addDays(span.to, 1);
  }
  if (!isBefore(wanted.to, from)) missing.push({ from, to: wanted.to });
  return missing;
}

export interface FetchLimits {
  /** The most days of one request. */
  readonly daysAtOnce: number;
  readonly calendar: TradingCalendar;
}

/** The requests for what is missing, oldest first. Dates on which the market is known to have been closed are not asked for. */
export function requestsFor(
  missing: readonly DateSpan[],
  { daysAtOnce, calendar }: FetchLimits,
): readonly DateSpan[] {
  const mayTrade = (date: SessionDate): boolean =>
    !calendar.years.includes(Number(date.slice(0, 4))) ||
    isTradingDay(date, calendar) ||
    calendar.hoursUnknown.includes(date);
  return missing.flatMap((span) => {
    const pieces: DateSpan[] = [];
    for (let from = span.from; !isBefore(span.to, from); from = addDays(from, daysAtOnce)) {
      const last = addDays(from, daysAtOnce - 1);
      pieces.push({ from, to: isBefore(span.to, last) ? span.to : last });
    }
    return pieces.filter((piece) => datesOf(piece).some(mayTrade));
  });
}

const datesOf = ({ from, to }: DateSpan): readonly SessionDate[] => {
  const dates: SessionDate[] = [];
  for (let date = from; !isBefore(to, date); date = addDays(date, 1)) dates.push(date);
  return dates;
};
