// Moving averages seeded as TA-Lib and Stock.Indicators seed them. trading-signals gives the simple and the
// Wilder average. Its EMA starts from the first price instead of the first simple average, so it differs from
// both for about a hundred bars and is not used.
import { SMA, WSMA } from 'trading-signals';

/** Takes one number per bar; answers null until there are enough. */
export interface RunningAverage {
  next(value: number): number | null;
}

/** Simple mean of the last `length` values. */
export function simpleAverage(length: number): RunningAverage {
  const average = new SMA(length);
  return { next: (value) => average.add(value) };
}

/** Wilder's smoothing (alpha = 1 / length), seeded with the simple mean of the first `length`. */
export function wilderAverage(length: number): RunningAverage {
  const average = new WSMA(length);
  return { next: (value) => average.add(value) };
}

/** Exponential average (alpha = 2 / (length + 1)), seeded with the simple mean of the first `length`. */
export function exponentialAverage(length: number): RunningAverage {
  const alpha = 2 / (length + 1);
  const seed = new SMA(length);
  let current: number | null = null;
  return {
    next(value) {
      current = current === null ? seed.add(value) : current + alpha * (value - current);
      return current;
    },
  };
}
