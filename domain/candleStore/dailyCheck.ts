// A series of minutes beside the daily bars of the same stock. Daily prices may be adjusted for splits while minutes are
// as they traded: then the ratio of the two is the same on every day between two events.
import type { Candle } from '../market/candle';
import type { SessionDate } from '../session/calendar';
import { istDate } from '../session/sessionClock';

/** A day's bar, from its minutes or from a list of days; prices in the same unit. */
export interface DayBar {
  readonly date: SessionDate;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
}

/** Days one after the other with one ratio of daily prices to those of the minutes. */
export interface RatioSpan {
  readonly from: SessionDate;
  readonly until: SessionDate;
  readonly days: number;
  readonly ratio: number;
}

export interface DailyDifference {
  readonly date: SessionDate;
  readonly what: string;
}

export interface DailyCheck {
  /** Days that both have. */
  readonly compared: number;
  /** Where the daily prices are of another scale. */
  readonly scaled: readonly RatioSpan[];
  /** The minutes’ volume in percent of the daily one, the median of whole days; null without one. */
  readonly volumePct: number | null;
  /** Days on which the minutes contradict the day. */
  readonly differing: readonly DailyDifference[];
}

/** Ratios nearer than this are one, percent. A night’s rounding to the paisa stays below it. */
const sameRatioPct = 0.6;
/** A median of days so near to 1 is 1, percent: less than the least adjustment for a dividend. */
const unitRatioPct = 0.2;
/** A day in part may lack its high or its low, so its ratio is known as roughly as this. */
const roughRatioPct = 5;
/** How far the minutes may reach beyond the day, and how far a whole day’s may stay inside it, percent. */
const beyondPct = 0.1;
const insidePct = 1;
/** How far the volume of a whole day may be from the usual share, in points of a percent. */
const volumePoints = 10;
/** Fewer days with a ratio of their own are no event but an error. */
const spanDaysMin = 3;

export function dayBars(candles: readonly Candle[]): readonly DayBar[] {
  const days = new Map<SessionDate, DayBar>();
  for (const { at, high, low, volume } of candles) {
    const date = istDate(at);
    const day = days.get(date);
    days.set(date, {
      date,
      high: Math.max(day?.high ?? 0, high),
      low: Math.min(day?.low ?? Infinity, low),
      volume: (day?.volume ?? 0) + volume,
    });
  }
  return [...days.values()];
}

interface Pair {
  readonly minutes: DayBar;
  readonly daily: DayBar;
  readonly ratio: number;
  /** Have the minutes holes on that day? */
  readonly isLacking: boolean;
}

/** @param lacking the dates on which the series has not all its minutes. */
export function dailyCheck(
  series: readonly DayBar[],
  daily: ReadonlyMap<SessionDate, DayBar>,
  lacking: ReadonlySet<SessionDate>,
): DailyCheck {
  const pairs = series.flatMap((minutes): Pair[] => {
    const day = daily.get(minutes.date);
    if (day === undefined) return [];
    const ratio = (day.high + day.low) / (minutes.high + minutes.low);
    return [{ minutes, daily: day, ratio, isLacking: lacking.has(minutes.date) }];
  });
  const scales = scalesOf(pairs);
  const whole = pairs.filter(({ isLacking }) => !isLacking);
  const volumePct = median(whole.flatMap((pair) => volumeShare(pair) ?? []));
  return {
    compared: pairs.length,
    scaled: spansOf(pairs, scales).filter(({ ratio }) => ratio !== 1),
    volumePct,
    differing: pairs.flatMap((pair, index) => {
      const what = [
        ...priceDifferences(pair, scales[index] ?? unscaled),
        ...(pair.isLacking ? [] : volumeDifferences(pair, volumePct)),
      ];
      return what.length === 0 ? [] : [{ date: pair.minutes.date, what: what.join(', ') }];
    }),
  };
}

/** The ratio of a day, and how exactly it is known, percent. */
interface Scale {
  readonly ratio: number;
  readonly slackPct: number;
}

const unscaled: Scale = { ratio: 1, slackPct: beyondPct };

/**
 * The scale of each day. Whole days tell it exactly. A day in part takes that of the whole days which is nearest to its
 * own; where there are too few whole days, that of its neighbours in part.
 */
function scalesOf(pairs: readonly Pair[]): readonly Scale[] {
  const whole = pairs.filter(({ isLacking }) => !isLacking);
  const exact = runsOf(whole, sameRatioPct).map((run) => scaleOf(run, sameRatioPct));
  const rough = runsOf(pairs, roughRatioPct).map((run) => ({
    days: new Set(run.map(({ minutes: { date } }) => date)),
    scale: scaleOf(run, roughRatioPct),
  }));
  return pairs.map(({ ratio, minutes: { date } }) => {
    const away = (scale: Scale): number => Math.abs(Math.log(scale.ratio / ratio));
    const [near] = [unscaled, ...exact].toSorted((a, b) => away(a) - away(b));
    if (near !== undefined && isNear(ratio, near.ratio, roughRatioPct)) return near;
    return rough.find(({ days }) => days.has(date))?.scale ?? unscaled;
  });
}

function scaleOf(run: readonly Pair[], slackPct: number): Scale {
  const ratio = median(run.map((one) => one.ratio)) ?? 1;
  if (isNear(ratio, 1, unitRatioPct)) return unscaled;
  return { ratio: Math.round(ratio * 10_000) / 10_000, slackPct };
}

/** Days one after the other whose ratios are near each other; few of them are no event. */
function runsOf(pairs: readonly Pair[], percent: number): readonly (readonly Pair[])[] {
  const runs: Pair[][] = [];
  for (const pair of pairs) {
    const run = runs.at(-1);
    const usual = run === undefined ? null : median(run.map(({ ratio }) => ratio));
    if (usual !== null && isNear(pair.ratio, usual, percent)) run?.push(pair);
    else runs.push([pair]);
  }
  return runs.filter((run) => run.length >= spanDaysMin);
}

function spansOf(pairs: readonly Pair[], scales: readonly Scale[]): readonly RatioSpan[] {
  const spans: RatioSpan[] = [];
  for (const [index, { minutes }] of pairs.entries()) {
    const { ratio } = scales[index] ?? unscaled;
    const last = spans.at(-1);
    if (last?.ratio === ratio)
      spans[spans.length - 1] = { ...last, until: minutes.date, days: last.days + 1 };
    else spans.push({ from: minutes.date, until: minutes.date, days: 1, ratio });
  }
  return spans;
}

const isNear = (one: number, other: number, percent = sameRatioPct): boolean =>
  Math.abs(one / other - 1) * 100 <= percent;

/** @param ratio what daily prices are divided by. A day in part may well reach further than its minutes. */
function priceDifferences(
  { minutes, daily, isLacking }: Pair,
  { ratio, slackPct }: Scale,
): readonly string[] {
  const [high, low] = [daily.high / ratio, daily.low / ratio];
  const percent = (value: number, of: number): number => (value / of - 1) * 100;
  const above = percent(minutes.high, high);
  const below = -percent(minutes.low, low);
  return [
    ...(above > slackPct ? [`high ${above.toFixed(2)} % above the day’s`] : []),
    ...(below > slackPct ? [`low ${below.toFixed(2)} % below the day’s`] : []),
    ...(!isLacking && above < -insidePct ? [`high ${(-above).toFixed(2)} % below the day’s`] : []),
    ...(!isLacking && below < -insidePct ? [`low ${(-below).toFixed(2)} % above the day’s`] : []),
  ];
}

const volumeShare = ({ minutes, daily }: Pair): number | null =>
  daily.volume > 0 && minutes.volume > 0 ? (100 * minutes.volume) / daily.volume : null;

function volumeDifferences(pair: Pair, usual: number | null): readonly string[] {
  const share = volumeShare(pair);
  if (share === null || usual === null || Math.abs(share - usual) <= volumePoints) return [];
  return [`volume ${share.toFixed(1)} % of the day’s, usually ${usual.toFixed(1)} %`];
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
