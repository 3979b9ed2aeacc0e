// What is to be known of a stored series before anything is concluded from it.
import { barMinutes, type RefusedRow } from '../candleFile';
import type { Candle } from '../market/candle';
import { sessionLack } from '../market/sessionHoles';
import {
  addDays,
  dayOf,
  isTradingDay,
  type SessionDate,
  type TradingCalendar,
} from '../session/calendar';
import { istDate, istTime, sessionClock } from '../session/sessionClock';
import type { EpochMs } from '../units';
import { dailyCheck, dayBars, type DailyCheck, type DayBar } from './dailyCheck';
import { scaleSteps, type ScaleStep } from './scaleSteps';
import { spikesOf, type Spike } from './spikes';

export interface CheckedSeries {
  readonly symbol: string;
  /** The rows that passed every check, oldest first. */
  readonly candles: readonly Candle[];
  readonly refused: readonly RefusedRow[];
  readonly isIndex: boolean;
  readonly hasDerivatives: boolean;
  /** By date; undefined where none are given. */
  readonly daily?: ReadonlyMap<SessionDate, DayBar> | undefined;
}

/** A day that is there in part. */
export interface LackingDay {
  readonly date: SessionDate;
  readonly missing: number;
  readonly bars: number;
  /** `HH:MM` of the longest stretch without a bar. */
  readonly from: string;
  readonly until: string;
}

export interface SeriesCheck {
  readonly symbol: string;
  /** Length of a bar; null where too few rows tell it. */
  readonly minutes: number | null;
  readonly candles: number;
  readonly first: SessionDate | null;
  readonly last: SessionDate | null;
  /** Dates with candles. */
  readonly sessions: number;
  /** Trading days between the first and the last without one. */
  readonly missingDays: readonly SessionDate[];
  readonly lacking: readonly LackingDay[];
  /** Dates of years without a list of holidays. */
  readonly unlistedDays: number;
  readonly spikes: readonly Spike[];
  readonly steps: readonly ScaleStep[];
  /** Rows that no reader takes: a time outside the sessions, a minute twice, values that cannot be. */
  readonly refused: Readonly<Record<RefusedRow['because'], number>>;
  /** The sentence of the first of them; null without any. */
  readonly firstRefused: string | null;
  /** Dates with rows on which the market was closed. */
  readonly closedDays: readonly SessionDate[];
  readonly daily: DailyCheck | null;
}

export function checkSeries(series: CheckedSeries, calendar: TradingCalendar): SeriesCheck {
  const { symbol, candles, refused, isIndex } = series;
  const days = byDate(candles);
  const minutes = barMinutes(candles);
  const dates = [...days.keys()];
  const [first = null, last = null] = [dates[0], dates.at(-1)];
  const listed = dates.filter((date) => isTradingDay(date, calendar));
  const lacking = listed.flatMap((date) => {
    const clock = sessionClock(dayOf(date, calendar), series.hasDerivatives);
    return lackingDay(date, sessionLack(days.get(date) ?? [], clock, minutes ?? 1));
  });
  const count = (because: RefusedRow['because']): number =>
    refused.filter((row) => row.because === because).length;
  const lackingDates = new Set(lacking.map(({ date }) => date));
  return {
    symbol,
    minutes,
    candles: candles.length,
    first,
    last,
    sessions: dates.length,
    missingDays:
      first === null || last === null ? [] : missingDays(first, last, { days, calendar }),
    lacking,
    unlistedDays: dates.filter((date) => !isListed(date, calendar)).length,
    spikes: spikesOf(candles),
    steps: isIndex ? [] : scaleSteps(candles),
    refused: {
      time: count('time'),
      again: count('again'),
      twice: count('twice'),
      value: count('value'),
    },
    firstRefused: refused[0]?.refused.message ?? null,
    closedDays: closedDays(refused, calendar),
    daily:
      series.daily === undefined ? null : dailyCheck(dayBars(candles), series.daily, lackingDates),
  };
}

const isListed = (date: SessionDate, { years }: TradingCalendar): boolean =>
  years.includes(Number(date.slice(0, 4)));

function byDate(candles: readonly Candle[]): ReadonlyMap<SessionDate, readonly EpochMs[]> {
  const days = new Map<SessionDate, EpochMs[]>();
  for (const { at } of candles) {
    const date = istDate(at);
    const day = days.get(date);
    if (day === undefined) days.set(date, [at]);
    else day.push(at);
  }
  return days;
}

function lackingDay(
  date: SessionDate,
  lack: ReturnType<typeof sessionLack>,
): readonly LackingDay[] {
  if (lack === null) return [];
  const { missing, bars, longest } = lack;
  const [from, until] = [longest.from, longest.until].map((at) => istTime(at).slice(0, 5));
  return [{ date, missing, bars, from: from ?? '', until: until ?? '' }];
}

interface KnownDays {
  readonly days: ReadonlyMap<SessionDate, unknown>;
  readonly calendar: TradingCalendar;
}

function missingDays(
  first: SessionDate,
  last: SessionDate,
  { days, calendar }: KnownDays,
): readonly SessionDate[] {
  const missing: SessionDate[] = [];
  for (let date = first; date < last; date = addDays(date, 1))
    if (!days.has(date) && isTradingDay(date, calendar)) missing.push(date);
  return missing;
}

function closedDays(
  refused: readonly RefusedRow[],
  calendar: TradingCalendar,
): readonly SessionDate[] {
  const dates = refused
    .filter(({ because }) => because === 'time')
    .map(({ bar }) => istDate(bar.at))
    .filter((date) => isListed(date, calendar) && !isTradingDay(date, calendar));
  return [...new Set(dates)].sort();
}

/**
 * What must be mended: what a reader refuses, and what would be taken for a move of the price. Missing minutes are not in
 * it: a backtest marks their days itself.
 */
export function mustMend(check: SeriesCheck): readonly string[] {
  const { refused, closedDays: closed, spikes, steps, daily, firstRefused } = check;
  const rows = refused.time + refused.again + refused.twice + refused.value;
  return [
    ...(rows === 0
      ? []
      : [
          `${rows} rows that no replay takes (${refused.time} outside the sessions, ${refused.again} there again, ${refused.twice} there again with other values, ${refused.value} with values that cannot be); the first: ${firstRefused ?? ''}`,
        ]),
    ...(closed.length === 0 ? [] : [`the market was closed on ${shortList(closed)}`]),
    ...steps.map(({ from, to, percent, factor }) => {
      const likely =
        factor === null
          ? 'no usual split or bonus is near'
          : `likely ${check.symbol},${to},${factor} in the file of --factors`;
      return `from ${from} to ${to} the price moves ${percent.toFixed(1)} %: ${likely}`;
    }),
    ...spikes.map(
      ({ at, price, beside }) =>
        `${istDate(at)} ${istTime(at).slice(0, 5)} has ${price / 100}, its neighbours reach ${beside / 100}`,
    ),
    ...(daily?.differing ?? []).map(({ date, what }) => `${date} is not the daily bar: ${what}`),
  ];
}

const shownMax = 5;

const shortList = (items: readonly string[]): string =>
  items.length <= shownMax
    ? items.join(', ')
    : `${items.slice(0, shownMax).join(', ')} and ${items.length - shownMax} more days`;
