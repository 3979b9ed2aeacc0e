// Moving averages seeded as TA-Lib and Stock.Indicators seed them. They run once a bar for every stock, parameter
// set and day of a search, so they keep their numbers in flat arrays.

/** Takes one number per bar; answers null until there are enough. */
export interface RunningAverage {
  next(value: number): number | null;
}

/** Simple mean of the last `length` values, added from the oldest: no rounding is carried along. */
export function simpleAverage(length: number): RunningAverage {
  const values = new Float64Array(length);
  let oldest = 0;
  let count = 0;
  return {
    next(value) {
      values[oldest] = value;
      oldest = oldest + 1 === length ? 0 : oldest + 1;
      if (count < length) count += 1;
      if (count < length) return null;
      let sum = 0;
      for (let at = oldest; at < length; at += 1) sum += values[at] ?? 0;
      for (let at = 0; at < oldest; at += 1) sum += values[at] ?? 0;
      return sum / length;
    },
  };
}

/** Seeded with the simple mean of the first `length`, then moved by a share of the distance to each new value. */
function smoothed(length: number, share: number): RunningAverage {
  const seed = simpleAverage(length);
  let current: number | null = null;
  return {
    next(value) {
      current = current === null ? seed.next(value) : current + (value - current) * share;
      return current;
    },
  };
}

/** Wilder's smoothing: alpha = 1 / length. */
export const wilderAverage = (length: number): RunningAverage => smoothed(length, 1 / length);

/** Exponential average: alpha = 2 / (length + 1). */
export const exponentialAverage = (length: number): RunningAverage =>
  smoothed(length, 2 / (length + 1));
