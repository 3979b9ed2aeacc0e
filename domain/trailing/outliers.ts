// The sieve before the tick gate: a price outside the day's band, or much further from the last than the
// stock usually goes, is believed only when a second tick comes near it. A real gap costs one tick of
// delay; a single bad print moves no stop and takes no target. Rules: docs/trailing.md, Outliers.
import type { PriceBand } from '../market/instrument';
import { paise, type Paise } from '../units';

/** What a stock's prices may do without being doubted. */
export interface SieveTerms {
  readonly band: PriceBand;
  /** Furthest from one tick to the next, paise; 0 when unknown: then only the band counts. */
  readonly jumpMax: Paise;
}

export interface TickSieve extends SieveTerms {
  /** The last price believed; null before the first. */
  readonly last: Paise | null;
  /** A price that waits for a second one near it. */
  readonly suspect: Paise | null;
}

/** How many ATRs a price may jump at once, and the least that is ever doubted, as a share of the price. */
const jumpAtrs = 4;
const jumpShareMin = 0.02;

/** The terms for a stock: `k`·ATR, never so tight that an ordinary tick is doubted. */
export const sieveTerms = (band: PriceBand, atr: number, price: Paise): SieveTerms => ({
  band,
  jumpMax: paise(atr > 0 ? Math.ceil(Math.max(jumpAtrs * atr, price * jumpShareMin)) : 0),
});

export const openSieve = (terms: SieveTerms): TickSieve => ({
  ...terms,
  last: null,
  suspect: null,
});

/** The sieve after a tick and the prices to believe because of it, in the order they came. */
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
