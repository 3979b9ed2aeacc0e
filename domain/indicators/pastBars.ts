// Earlier bars of a stock, read where they lie. Rules look at few of them and on every bar, so nothing is copied.
import type { IndicatorSnapshot } from './snapshot';

/** The bars before the one in question. */
export interface PastBars {
  /** How many there are. */
  readonly count: number;
  /** The bar this many before the one in question; 1 is the one just before. undefined beyond the oldest. */
  readonly back: (bars: number) => IndicatorSnapshot | undefined;
  /** ATR 14 of that bar; null where it is not known. */
  readonly range: (bars: number) => number | null;
  /** Highest high of up to so many of the newest bars; -Infinity of none. */
  readonly highest: (most: number) => number;
  /** Lowest low; Infinity of none. */
  readonly lowest: (most: number) => number;
}

/** @param recent oldest first. */
export function pastOf(recent: readonly IndicatorSnapshot[]): PastBars {
  const count = recent.length;
  const from = (most: number): number => Math.max(0, count - most);
  return {
    count,
    back: (bars) => recent[count - bars],
    range: (bars) => recent[count - bars]?.atr14 ?? null,
    highest(most) {
      let highest = -Infinity;
      for (let at = from(most); at < count; at += 1)
        highest = Math.max(highest, recent[at]?.high ?? -Infinity);
      return highest;
    },
    lowest(most) {
      let lowest = Infinity;
      for (let at = from(most); at < count; at += 1)
        lowest = Math.min(lowest, recent[at]?.low ?? Infinity);
      return lowest;
    },
  };
}

/** Up to so many of the newest, oldest first. */
export function newest(past: PastBars, most: number): IndicatorSnapshot[] {
  const found: IndicatorSnapshot[] = [];
  for (let bars = Math.min(past.count, most); bars >= 1; bars -= 1) {
    const bar = past.back(bars);
    if (bar !== undefined) found.push(bar);
  }
  return found;
}
