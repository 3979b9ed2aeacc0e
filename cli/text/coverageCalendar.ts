// A folder's trading days as a picture: a line a month, a place a weekday.
import type { SeriesCheck } from '../../domain/candleStore/seriesCheck';
import {
  addDays,
  isWeekend,
  isTradingDay,
  type TradingCalendar,
} from '../../domain/session/calendar';

const whole = '█';
const part = '▒';
const none = '·';
const closed = ' ';

export const coverageLegend = `${whole} every stock has the whole session, ${part} some lack minutes, ${none} no candles, blank: closed`;

/** By month, from the first date of any series to the last. */
export function coverageCalendar(
  checks: readonly SeriesCheck[],
  calendar: TradingCalendar,
): readonly string[] {
  const firsts = checks.flatMap(({ first }) => first ?? []).sort();
  const lasts = checks.flatMap(({ last }) => last ?? []).sort();
  const [first, last] = [firsts[0], lasts.at(-1)];
  if (first === undefined || last === undefined) return [];
  const missing = countOf(checks, ({ missingDays }) => missingDays);
  const lacking = countOf(checks, (check) => check.lacking.map(({ date }) => date));
  const lines = new Map<string, string>();
  for (let date = `${first.slice(0, 7)}-01`; date <= last; date = addDays(date, 1)) {
    const isOpen = isTradingDay(date, calendar);
    if (isWeekend(date) && !isOpen) continue;
    const expected = checks.filter(
      (one) => date >= (one.first ?? '9') && date <= (one.last ?? ''),
    ).length;
    const absent = missing.get(date) ?? 0;
    const mark =
      !isOpen || expected === 0
        ? closed
        : absent === expected
          ? none
          : absent + (lacking.get(date) ?? 0) > 0
            ? part
            : whole;
    const month = date.slice(0, 7);
    lines.set(month, `${lines.get(month) ?? ''}${mark}`);
  }
  return [...lines].map(([month, marks]) => `${month}  ${marks}`.trimEnd());
}

function countOf(
  checks: readonly SeriesCheck[],
  datesOf: (check: SeriesCheck) => readonly string[],
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const date of checks.flatMap(datesOf)) counts.set(date, (counts.get(date) ?? 0) + 1);
  return counts;
}
