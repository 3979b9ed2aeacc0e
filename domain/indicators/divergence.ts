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

/** Watches one kind of extreme. Prices and RSI are given so that the extreme is always a LOW. */
function lowPivots(): { next(price: number, rsi: number | null): DivergenceKind | null } {
  const window: { price: number; rsi: number | null }[] = [];
  let index = -1;
  let last: Pivot | null = null;
  return {
    next(price, rsi) {
      index += 1;
      window.push({ price, rsi });
      if (window.length <= 2 * wing) return null;
      const pivot = centrePivot(window, index - wing);
      window.shift();
      if (pivot === null) return null;
      const kind = last === null ? null : compare(last, pivot);
      last = pivot;
      return kind;
    },
  };
}

function centrePivot(
  window: readonly { price: number; rsi: number | null }[],
  index: number,
): Pivot | null {
  const centre = window[wing];
  if (centre === undefined || centre.rsi === null) return null;
  const isLowest = window.every((bar, place) => place === wing || bar.price > centre.price);
  return isLowest ? { index, price: centre.price, rsi: centre.rsi } : null;
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
