// The stationary bootstrap: days are drawn in runs of random length, so that what depends on the day before stays.
// Source: Politis and Romano, The Stationary Bootstrap, Journal of the American Statistical Association 89, 1994.
import { meanOf } from './moments';
import { spreadOf, type Spread } from './spread';

export interface Bootstrap {
  readonly draws: number;
  /** Mean length of a run, in days, 1 or more; 1 draws every day by itself. */
  readonly meanRun: number;
  /** Uniform in [0, 1). */
  readonly unit: () => number;
}

/** Long enough to keep a week's dependence, short enough for the sample: the cube root of the days, at least 2. */
export const usualRun = (days: number): number => Math.max(2, Math.cbrt(days));

/** One draw: as many indices as there are days. */
export function drawnDays(days: number, { meanRun, unit }: Omit<Bootstrap, 'draws'>): Int32Array {
  const drawn = new Int32Array(days);
  let at = 0;
  for (let day = 0; day < days; day += 1) {
    at = day === 0 || unit() * meanRun < 1 ? Math.floor(unit() * days) : (at + 1) % days;
    drawn[day] = at;
  }
  return drawn;
}

/** The mean with its 95 % interval; null of fewer than five. */
export function meanInterval(results: readonly number[], bootstrap: Bootstrap): Spread | null {
  if (results.length < 5) return null;
  const means = Array.from({ length: bootstrap.draws }, () => {
    let sum = 0;
    for (const day of drawnDays(results.length, bootstrap)) sum += results[day] ?? 0;
    return sum / results.length;
  });
  const spread = spreadOf(means, 0.025);
  return spread === null ? null : { ...spread, mean: meanOf(results) };
}
