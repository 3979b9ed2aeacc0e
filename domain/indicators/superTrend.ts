// SuperTrend: a line three average true ranges from the bar's middle, which only moves towards the price and
// changes side when a close goes beyond it. The formula is that of Stock.Indicators, except that a tie (a
// close exactly on the line, or exactly mid-bar at the start) decides nothing. So the mirrored series gives
// the mirrored answer. At the start a close beyond a band decides, too: bars of one price are all mid-bar.
import { crossing } from './crossing';
import { averageTrueRange, type PriceRange } from './momentum';
import type { Turn } from './snapshot';

/** The line in paise, which side price is on, and whether it changed side on this bar. */
export interface SuperTrendValues {
  readonly superTrend: number | null;
  readonly superTrendDirection: 1 | -1 | null;
  readonly superTrendFlip: Turn | null;
}

interface Bands {
  readonly upper: number;
  readonly lower: number;
}

const warmingUp: SuperTrendValues = {
  superTrend: null,
  superTrendDirection: null,
  superTrendFlip: null,
};

/** A band only moves towards price, unless the last close was already beyond it. */
function ratchetBands(basic: Bands, last: Bands | null, previousClose: number): Bands {
  if (last === null) return basic;
  return {
    upper: basic.upper < last.upper || previousClose > last.upper ? basic.upper : last.upper,
    lower: basic.lower > last.lower || previousClose < last.lower ? basic.lower : last.lower,
  };
}

function nextDirection(direction: 1 | -1 | null, bands: Bands, bar: PriceRange): 1 | -1 | null {
  if (direction === 1) return bar.close < bands.lower ? -1 : 1;
  if (direction === -1) return bar.close > bands.upper ? 1 : -1;
  if (bar.close > bands.upper) return 1;
  if (bar.close < bands.lower) return -1;
  const lean = Math.sign(bar.close - (bar.high + bar.low) / 2);
  return lean === 0 ? null : lean > 0 ? 1 : -1;
}

/** SuperTrend of `length` bars and `multiplier` true ranges; 10 and 3 by default. */
export function superTrend(
  length = 10,
  multiplier = 3,
): { next(bar: PriceRange): SuperTrendValues } {
  const atr = averageTrueRange(length);
  const flip = crossing();
  let bands: Bands | null = null;
  let direction: 1 | -1 | null = null;
  let previousClose = 0;
  return {
    next(bar) {
      const range = atr.next(bar);
      const lastClose = previousClose;
      previousClose = bar.close;
      if (range === null) return warmingUp;
      const middle = (bar.high + bar.low) / 2;
      const basic = { upper: middle + multiplier * range, lower: middle - multiplier * range };
      bands = ratchetBands(basic, bands, lastClose);
      direction = nextDirection(direction, bands, bar);
      if (direction === null) return warmingUp;
      return {
        superTrend: direction === 1 ? bands.lower : bands.upper,
        superTrendDirection: direction,
        superTrendFlip: flip.next(direction),
      };
    },
  };
}
