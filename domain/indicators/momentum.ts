// RSI, MACD and ATR, bar by bar. RSI of a price that never moved is 50, where others give 100: the mirrored bar
// must have the mirrored RSI.
import { exponentialAverage, wilderAverage } from './averages';

/** Wilder's RSI, 0..100; 50 when nothing moved at all. First value after `length` changes. */
export function relativeStrength(length: number): { next(close: number): number | null } {
  const gains = wilderAverage(length);
  const losses = wilderAverage(length);
  let previous: number | null = null;
  return {
    next(close) {
      if (previous === null) {
        previous = close;
        return null;
      }
      const change = close - previous;
      previous = close;
      const gain = gains.next(Math.max(change, 0));
      const loss = losses.next(Math.max(-change, 0));
      if (gain === null || loss === null) return null;
      // Rounding alone can lead a hair beyond 100.
      return gain + loss === 0 ? 50 : Math.min(100, (100 * gain) / (gain + loss));
    },
  };
}

/** The MACD line, its signal and their difference; each null until its own average is seeded. */
export interface MacdValues {
  readonly macd: number | null;
  readonly macdSignal: number | null;
  readonly macdHistogram: number | null;
}

/**
 * MACD 12/26/9 on closes. Each average is seeded with the mean of its own first values: 12 closes, 26 closes, 9 values
 * of MACD, as Stock.Indicators does. TA-Lib seeds the fast one with the 12 closes before the 26th instead, so its first
 * values differ.
 */
export function movingAverageConvergence(): { next(close: number): MacdValues } {
  const fast = exponentialAverage(12);
  const slow = exponentialAverage(26);
  const signal = exponentialAverage(9);
  return {
    next(close) {
      const fastValue = fast.next(close);
      const slowValue = slow.next(close);
      if (fastValue === null || slowValue === null) {
        return { macd: null, macdSignal: null, macdHistogram: null };
      }
      const macd = fastValue - slowValue;
      const macdSignal = signal.next(macd);
      return { macd, macdSignal, macdHistogram: macdSignal === null ? null : macd - macdSignal };
    },
  };
}

/** The part of a bar that true range needs. Paise. */
export interface PriceRange {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Wilder's average true range; the first bar has no true range because it has no previous close. */
export function averageTrueRange(length: number): { next(bar: PriceRange): number | null } {
  const average = wilderAverage(length);
  let previousClose: number | null = null;
  return {
    next({ high, low, close }) {
      const before = previousClose;
      previousClose = close;
      if (before === null) return null;
      return average.next(Math.max(high - low, Math.abs(high - before), Math.abs(low - before)));
    },
  };
}
