// What is traded, and the grid its prices lie on. Sources: docs/kite.md, Instruments and Price rules.
import { UnitError, paise, type Paise } from '../units';

/** One NSE stock as the day's instruments dump describes it. */
export interface Instrument {
  readonly tradingsymbol: string;
  readonly name: string;
  /** (exchangeToken << 8) | segment. */
  readonly instrumentToken: number;
  /** Smallest price step, from the dump, never computed. */
  readonly tickSize: Paise;
  /** Has live derivatives: it may be shorted intraday and takes part in the closing auction. */
  readonly hasDerivatives: boolean;
  /** Industry group, for concentration limits. */
  readonly sector: string;
}

/** The day's circuit limits: orders outside are refused. Inclusive. */
export interface PriceBand {
  readonly lower: Paise;
  readonly upper: Paise;
}

/** Which way a price is moved onto the grid. */
export type Rounding = 'down' | 'up' | 'nearest';

/** The price moved onto multiples of `tickSize`. @throws UnitError on a tick that is not positive. */
export function roundToTick(price: number, tickSize: Paise, rounding: Rounding): Paise {
  if (tickSize <= 0) throw new UnitError(`tick size must be positive, was ${tickSize}`);
  const steps = price / tickSize;
  const whole = { down: Math.floor, up: Math.ceil, nearest: Math.round }[rounding](steps);
  return paise(whole * tickSize);
}

/** True when the price is a multiple of the tick. */
export const isOnTick = (price: Paise, tickSize: Paise): boolean => price % tickSize === 0;

/** The nearest price on the grid that lies inside the band. */
export function clampToBand(price: Paise, band: PriceBand, tickSize: Paise): Paise {
  if (price < band.lower) return roundToTick(band.lower, tickSize, 'up');
  if (price > band.upper) return roundToTick(band.upper, tickSize, 'down');
  return price;
}

/**
 * The price moved against the direction by `distance`, on the grid and in the band. It is the limit of an
 * order that leaves the position; a larger distance fills more surely. `d` is 1 for a long, −1 for a short.
 */
export const throughMarket = (
  price: number,
  d: number,
  distance: number,
  { tickSize, band }: { readonly tickSize: Paise; readonly band: PriceBand },
): Paise =>
  clampToBand(roundToTick(price - d * distance, tickSize, d > 0 ? 'down' : 'up'), band, tickSize);
