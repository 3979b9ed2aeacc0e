// RSI divergence at pivots. A bar is a pivot low when its low is strictly below the lows of the 3 bars before
// and the 3 bars after it; highs are mirrored. A pivot is therefore known 3 bars later, and that later bar
// reports it. Two successive pivots at most 60 bars apart are compared.
import type { Divergence, DivergenceKind } from './snapshot';

const wing = 3;
const reach = 60;

/** A bar with its RSI. A bar without an RSI is not compared. */
export interface PivotBar {
  readonly high: number;
  readonly low: number;
  readonly rsi: number | null;
}

interface Pivot {
  readonly index: number;
  readonly price: number;
  readonly rsi: number;
}

const span = 2 * wing + 1;

/** Watches one kind of extreme. Prices and RSI are given so that the extreme is always a LOW. */
function lowPivots(): { next(price: number, rsi: number | null): DivergenceKind | null } {
  const prices = new Float64Array(span);
  const strengths = new Float64Array(span);
  let index = -1;
  let last: Pivot | null = null;
  return {
    next(price, rsi) {
      index += 1;
      prices[index % span] = price;
      strengths[index % span] = rsi ?? NaN;
      if (index < span - 1) return null;
      const centre = index - wing;
      const low = prices[centre % span] ?? NaN;
      const strength = strengths[centre % span] ?? NaN;
      if (Number.isNaN(strength) || !isLowest(prices, centre % span)) return null;
      const pivot = { index: centre, price: low, rsi: strength };
      const kind = last === null ? null : compare(last, pivot);
      last = pivot;
      return kind;
    },
  };
}

/** Is the price at a place of the window strictly below all others? */
function isLowest(prices: Float64Array, place: number): boolean {
  const lowest = prices[place] ?? NaN;
  for (let at = 0; at < span; at += 1)
    if (at !== place && !((prices[at] ?? NaN) > lowest)) return false;
  return true;
}

function compare(before: Pivot, now: Pivot): DivergenceKind | null {
  if (now.index - before.index > reach) return null;
  if (now.price < before.price && now.rsi > before.rsi) return 'regular';
  if (now.price > before.price && now.rsi < before.rsi) return 'hidden';
  return null;
}

/** `next` reports the divergence of the pivot confirmed on this bar, if there is one. */
export function rsiDivergence(): { next(bar: PivotBar): Divergence } {
  const lows = lowPivots();
  const highs = lowPivots();
  return {
    next: ({ high, low, rsi }) => ({
      bullish: lows.next(low, rsi),
      bearish: highs.next(-high, rsi === null ? null : 100 - rsi),
    }),
  };
}
