// Candles of every interval from minute candles. Bars begin at 09:15 of their day, so hour bars start at
// 09:15, 10:15, …; the last bar of today is still forming.
import type { Candle } from '../../domain/market/candle';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs } from '../../domain/units';

export interface Interval {
  readonly name: string;
  /** Minutes per bar; a day bar holds the whole session. */
  readonly minutes: number;
  /** Longest span of one request, days. */
  readonly daysMax: number;
}

export const historicalIntervals: readonly Interval[] = [
  { name: 'minute', minutes: 1, daysMax: 60 },
  { name: '3minute', minutes: 3, daysMax: 100 },
  { name: '5minute', minutes: 5, daysMax: 100 },
  { name: '10minute', minutes: 10, daysMax: 100 },
  { name: '15minute', minutes: 15, daysMax: 200 },
  { name: '30minute', minutes: 30, daysMax: 200 },
  { name: '60minute', minutes: 60, daysMax: 400 },
  { name: 'day', minutes: 1_440, daysMax: 2_000 },
];

/** The bars of an interval, oldest first. `minutes` must be in order of time. */
export function candlesOf(minutes: readonly Candle[], interval: Interval): readonly Candle[] {
  if (interval.minutes === 1) return minutes;
  const bars: Candle[] = [];
  for (const candle of minutes) {
    const at = barStart(candle.at, interval);
    const last = bars.at(-1);
    if (last?.at === at) bars[bars.length - 1] = merge(last, candle);
    else bars.push({ ...candle, at });
  }
  return bars;
}

function barStart(at: EpochMs, { minutes }: Interval): EpochMs {
  const date = istDate(at);
  if (minutes === 1_440) return istInstant(date, '00:00');
  const open = istInstant(date, '09:15');
  const length = minutes * 60_000;
  return epochMs(open + Math.floor((at - open) / length) * length);
}

const merge = (bar: Candle, next: Candle): Candle => ({
  at: bar.at,
  open: bar.open,
  high: paise(Math.max(bar.high, next.high)),
  low: paise(Math.min(bar.low, next.low)),
  close: next.close,
  volume: shares(bar.volume + next.volume),
});
