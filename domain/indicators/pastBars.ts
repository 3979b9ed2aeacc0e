// Earlier bars of a stock, read where they lie. Rules look at few of them and on every bar, so nothing is copied.
import type { IndicatorSnapshot } from './snapshot';

/** The bars before the one in question. */
export interface PastBars {
  /** How many there are. */
  readonly count: number;
  /** The bar this many before the one in question; 1 is the one just before. undefined beyond the oldest. */
  readonly back: (bars: number) => IndicatorSnapshot | undefined;
}

/** @param recent oldest first. */
export const pastOf = (recent: readonly IndicatorSnapshot[]): PastBars => ({
  count: recent.length,
  back: (bars) => recent[recent.length - bars],
});

/** Up to so many of the newest, oldest first. */
export function newest(past: PastBars, most: number): IndicatorSnapshot[] {
  const found: IndicatorSnapshot[] = [];
  for (let bars = Math.min(past.count, most); bars >= 1; bars -= 1) {
    const bar = past.back(bars);
    if (bar !== undefined) found.push(bar);
  }
  return found;
}
