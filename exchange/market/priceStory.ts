// The plot of one stock's day: stretches of trend and range, the opening gap, and shocks from news. Trends
// are long compared with their noise on purpose: without structure a day would show nothing about trailing
// stops. All is in fractions of the stock's day volatility.
import type { Chance } from './chance';

/** A stretch of the day with one character. `move` is its whole drift, in day volatilities. */
export interface Stretch {
  readonly minutes: number;
  readonly kind: 'trend' | 'range';
  readonly move: number;
}

/** News that moves the price: from `minute`, over `minutes`, by `move` day volatilities in all. */
export interface Shock {
  readonly minute: number;
  readonly minutes: number;
  readonly move: number;
}

export interface PriceStory {
  /** Opening gap in day volatilities. */
  readonly gap: number;
  readonly stretches: readonly Stretch[];
  readonly shocks: readonly Shock[];
}

/** A story of `minutes` minutes. A trend is often followed by its reversal, sometimes by a range. */
export function inventStory(minutes: number, shocks: readonly Shock[], chance: Chance): PriceStory {
  const gap = chance.normal() * 0.35;
  const stretches: Stretch[] = [];
  let told = 0;
  let direction = chance.unit() < 0.5 ? 1 : -1;
  while (told < minutes) {
    const isTrend = chance.unit() < 0.62;
    const length = Math.min(minutes - told, chance.whole(isTrend ? 30 : 20, isTrend ? 95 : 55));
    const strength = 0.35 + 0.6 * chance.unit();
    stretches.push({
      minutes: length,
      kind: isTrend ? 'trend' : 'range',
      move: isTrend ? direction * strength * Math.sqrt(length / 60) : 0,
    });
    if (isTrend && chance.unit() < 0.65) direction = -direction;
    told += length;
  }
  return { gap, stretches, shocks };
}

/** The drift of each minute, in day volatilities: the plot without its noise. */
export function driftByMinute(story: PriceStory, minutes: number): readonly number[] {
  const drift = new Array<number>(minutes).fill(0);
  let start = 0;
  for (const stretch of story.stretches) {
    for (let minute = start; minute < start + stretch.minutes && minute < minutes; minute += 1) {
      drift[minute] = (drift[minute] ?? 0) + stretch.move / stretch.minutes;
    }
    start += stretch.minutes;
  }
  for (const shock of story.shocks) addShock(drift, shock);
  return drift;
}

/** Half of a shock moves the price in its first two minutes; the rest fades. */
function addShock(drift: number[], shock: Shock): void {
  const last = Math.min(drift.length - 1, shock.minute + shock.minutes - 1);
  const weights = Array.from({ length: shock.minutes }, (_, index) => 0.7 ** index);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  for (let minute = shock.minute; minute <= last; minute += 1) {
    const weight = weights[minute - shock.minute] ?? 0;
    drift[minute] = (drift[minute] ?? 0) + (shock.move * weight) / sum;
  }
}

/** Trading is busiest at the open and towards the close: a factor with mean about 1. */
export function volumeShape(minute: number, minutes: number): number {
  const x = minute / minutes;
  return 0.55 + 1.9 * Math.exp(-x * 14) + 0.75 * x ** 6 + 0.45 * (2 * x - 1) ** 2;
}
