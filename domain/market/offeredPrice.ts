// What a quote says a stock costs. Its last price is one print, which may be a bad one. Bids and offers stand around
// what it costs, so a print far outside them counts as the nearer of the two.
import type { Paise } from '../units';
import type { PriceBand } from './instrument';

/** How far outside bid and ask a last price may lie, as a share of the price: trades run ahead of a quote. */
const outsideShareMax = 0.02;

export interface QuotedPrices {
  /** 0 where it has not traded. */
  readonly lastPrice: Paise;
  readonly band: PriceBand;
  /** null where nobody bids or offers. */
  readonly bid: Paise | null;
  readonly ask: Paise | null;
}

/** null where the stock has not traded, and where only its last price speaks and lies outside the band. */
export function offeredPrice({ lastPrice, band, bid, ask }: QuotedPrices): Paise | null {
  if (lastPrice <= 0) return null;
  if (bid !== null && lastPrice < bid * (1 - outsideShareMax)) return bid;
  if (ask !== null && lastPrice > ask * (1 + outsideShareMax)) return ask;
  const isInBand = lastPrice >= band.lower && lastPrice <= band.upper;
  return isInBand ? lastPrice : (bid ?? ask);
}
