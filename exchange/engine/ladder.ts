// The five best bids and asks around the last trade. Which side the last trade was on follows its
// direction; the spread and the sizes follow how much the stock trades. At a circuit limit the far side
// is empty: nobody sells at the upper one.
import type { Depth, DepthLevel } from '../../domain/market/depth';
import type { PriceBand } from '../../domain/market/instrument';
import { paise, type Paise, type Side } from '../../domain/units';
import type { Chance } from '../market/chance';
import type { Listing } from '../market/listing';

export interface LadderBasis {
  readonly listing: Listing;
  readonly band: PriceBand;
  readonly lastPrice: Paise;
  readonly lastQuantity: number;
  /** Who started the last trade: a buyer trades at the ask. */
  readonly aggressor: Side;
}

const depthLevels = 5;

/** The book around the last trade. Draws a fixed number of times from `chance`. */
export function ladderAround(basis: LadderBasis, chance: Chance): Depth {
  const { listing, lastPrice, aggressor } = basis;
  const spread = spreadTicks(listing.minuteVolume, chance) * listing.tickSize;
  const bestAsk = aggressor === 'BUY' ? lastPrice : lastPrice + spread;
  const bestBid = aggressor === 'BUY' ? lastPrice - spread : lastPrice;
  return {
    bids: levels(bestBid, -1 * listing.tickSize, basis, chance),
    asks: levels(bestAsk, listing.tickSize, basis, chance),
  };
}

function spreadTicks(minuteVolume: number, chance: Chance): number {
  if (minuteVolume < 500) return chance.whole(3, 6);
  return minuteVolume < 5_000 ? chance.whole(1, 3) : chance.whole(1, 2);
}

function levels(
  best: number,
  step: number,
  basis: LadderBasis,
  chance: Chance,
): readonly DepthLevel[] {
  const { band, lastPrice, lastQuantity, listing } = basis;
  const size = Math.max(listing.minuteVolume * 0.06, lastQuantity * 0.5, 1);
  const isLocked = step > 0 ? lastPrice >= band.upper : lastPrice <= band.lower;
  const all = Array.from({ length: depthLevels }, (_, index) => {
    const quantity = Math.max(1, Math.round(size * (0.6 + 0.25 * index + chance.unit())));
    return {
      price: paise(best + index * step),
      quantity,
      orders: Math.max(1, Math.min(quantity, Math.round(Math.sqrt(quantity) / 3))),
    };
  });
  if (isLocked) return [];
  return all.filter(({ price }) => price >= band.lower && price <= band.upper);
}
