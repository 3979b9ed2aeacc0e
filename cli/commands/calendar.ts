// `ratchet calendar`: the sessions to come by the configured calendar, their hours, and where its list ends.
import { Command, InvalidArgumentError } from 'commander';
import {
  addDays,
  dayKind,
  dayOf,
  listEnd,
  type DayKind,
  type SessionDate,
  type TradingCalendar,
  weekdayOf,
} from '../../domain/session/calendar';
import {
  istDate,
  istTime,
  sessionClock,
  type TradingSpan,
} from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig } from '../../infra/config/config';
import { columns, print } from '../text/output';

interface CalendarFlags {
  readonly config?: string;
  readonly days: number;
  readonly json?: true;
}

interface ListedDay {
  readonly date: SessionDate;
  readonly kind: DayKind;
  /** `HH:MM-HH:MM` of continuous trading, without and with the closing auction's stocks; none of a closed day. */
  readonly hours: readonly string[];
  readonly auctionStocks: readonly string[];
}

const spanText = ({ from, until }: TradingSpan): string =>
  `${istTime(from).slice(0, 5)}-${istTime(until).slice(0, 5)}`;

/** The dates from `from` on as far as the list goes; weekends without a session are left out. */
export function listedDays(
  from: SessionDate,
  count: number,
  calendar: TradingCalendar,
): readonly ListedDay[] {
  const end = listEnd(from, calendar);
  return Array.from({ length: count }, (_, index) => addDays(from, index))
    .filter((date) => date <= end)
    .map((date) => listedDay(date, calendar))
    .filter(({ kind }) => kind !== 'weekend');
}

function listedDay(date: SessionDate, calendar: TradingCalendar): ListedDay {
  const kind = dayKind(date, calendar);
  if (kind !== 'trading') return { date, kind, hours: [], auctionStocks: [] };
  const hoursOf = (hasDerivatives: boolean): readonly string[] =>
    sessionClock(dayOf(date, calendar), hasDerivatives).sessions.map(spanText);
  return { date, kind, hours: hoursOf(false), auctionStocks: hoursOf(true) };
}

function lineOf({ date, kind, hours, auctionStocks }: ListedDay): string[] {
  const weekday = weekdayOf(date).slice(0, 3);
  if (kind !== 'trading') return [date, weekday, kind];
  const [usual, auction] = [hours.join(', '), auctionStocks.join(', ')];
  return [date, weekday, usual === auction ? usual : `${usual}, with derivatives ${auction}`];
}

const daysOf = (text: string): number => {
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1) return Number(text);
  throw new InvalidArgumentError(`must be a whole number from 1 to 999, was "${text}".`);
};

export const calendarCommand = new Command('calendar')
  .description('the sessions to come, their hours, and where the list of holidays ends')
  .option('--config <file>', 'configuration file (JSON)')
  .option('--days <n>', 'days to look ahead', daysOf, 30)
  .option('--json', 'print one JSON document')
  .action(({ config, days, json }: CalendarFlags) => {
    const calendar = readCalendar(loadConfig(config).calendar);
    const today = istDate(epochMs(Date.now()));
    const listed = listedDays(today, days, calendar);
    const endsOn = listEnd(today, calendar);
    print(json === true, { endsOn, days: listed }, () => [
      ...columns(listed.map(lineOf)),
      `the list of holidays ends on ${endsOn}`,
    ]);
  });
