// What others bid and offer in a stock at a moment, and the prices of its day so far.
import type { Paise } from '../units';

export interface DepthLevel {
  readonly price: Paise;
  readonly quantity: number;
  /** How many orders stand there. */
  readonly orders: number;
}

/** At most five levels a side, best first. A side where nobody stands is empty. */
export interface Depth {
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

/** 0 where there is none yet. */
export interface DayPrices {
  readonly open: Paise;
  readonly high: Paise;
  readonly low: Paise;
  /** The last close before the day. */
  readonly previousClose: Paise;
}
