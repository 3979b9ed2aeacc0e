// The sieve before the tick gate. A price outside the day's band, or much further from the last one than the
// stock usually moves, is believed only when a second tick comes near it. A real gap costs one tick of delay;
// a single bad print moves no stop and reaches no target. Rules: docs/trailing.md, Outliers.
import type { PriceBand } from '../market/instrument';
import { paise, type Paise } from '../units';

/** The prices of a stock that are believed at once. */
export interface SieveTerms {
  readonly band: PriceBand;
  /** Largest believed move from one tick to the next, paise. 0 when unknown; then only the band counts. */
  readonly jumpMax: Paise;
}

export interface TickSieve extends SieveTerms {
  /** The last price believed; null before the first. */
  readonly last: Paise | null;
  /** A doubted price, waiting for a second one near it. */
  readonly suspect: Paise | null;
}

/**
 * How many ATRs a price may move at once, and the least move that is ever doubted, as a share of the price.
 */
const jumpAtrs = 4;
const jumpShareMin = 0.02;

/** The terms for a stock: `k`·ATR, but wide enough that an ordinary tick is never doubted. */
export const sieveTerms = (band: PriceBand, atr: number, price: Paise): SieveTerms => ({
  band,
  jumpMax: paise(atr > 0 ? Math.ceil(Math.max(jumpAtrs * atr, price * jumpShareMin)) : 0),
});

/** The terms for a stock whose usual moves are not known. */
export const unmeasuredTerms = (band: PriceBand, price: Paise): SieveTerms => ({
  band,
  jumpMax: paise(Math.ceil(price * jumpShareMin)),
});

export const openSieve = (terms: SieveTerms): TickSieve => ({
  ...terms,
  last: null,
  suspect: null,
});

/** The sieve after a tick, and the prices that are believed because of it, in the order they came. */
export function sift(
  sieve: TickSieve,
  price: Paise,
): { readonly sieve: TickSieve; readonly believed: readonly Paise[] } {
  const { suspect } = sieve;
  if (!isOutlier(sieve, price))
    return { sieve: { ...sieve, last: price, suspect: null }, believed: [price] };
  if (suspect !== null && isNear(sieve, price, suspect))
    return { sieve: { ...sieve, last: price, suspect: null }, believed: [suspect, price] };
  return { sieve: { ...sieve, suspect: price }, believed: [] };
}

const isOutlier = (sieve: TickSieve, price: Paise): boolean =>
  price < sieve.band.lower ||
  price > sieve.band.upper ||
  (sieve.last !== null && !isNear(sieve, price, sieve.last));

const isNear = ({ jumpMax }: SieveTerms, price: Paise, other: Paise): boolean =>
  jumpMax === 0 || Math.abs(price - other) <= jumpMax;
