// Prices of a session: a seeded walk per stock on the tick grid inside the band. `jump` moves the walk at
// once, as news does, past any stop on the way.
import { invariant } from '../../domain/assert';
import { clampToBand } from '../../domain/market/instrument';
import { epochMs, paise, shares, type EpochMs, type Paise } from '../../domain/units';
import { chanceFor, type Chance } from '../../exchange/market/chance';
import { listStock, type Listing } from '../../exchange/market/listing';
import type { MarketSource, Tick, TickFeed } from '../../exchange/market/source';
import { sessionDate, startAt, type SessionPlan, type StockPlan } from './swarm';

interface Walk {
  readonly plan: StockPlan;
  readonly listing: Listing;
  readonly chance: Chance;
  price: Paise;
  nextAt: EpochMs;
}

export class PriceFeed implements TickFeed {
  readonly #walks: readonly Walk[];

  constructor({ seed, stocks }: SessionPlan) {
    this.#walks = stocks.map((plan) => ({
      plan,
      listing: listingOf(plan),
      chance: chanceFor(seed, `walk/${plan.tradingsymbol}`),
      price: plan.price,
      nextAt: epochMs(startAt + 10),
    }));
  }

  get source(): MarketSource {
    const listings = this.#walks.map(({ listing }) => listing);
    return {
      listings,
      headlines: [],
      feed: this,
      openingPrice: () => undefined,
      history: () => [],
      print: ({ token, price }) => {
        const walk = this.#walks.find(({ listing }) => listing.instrumentToken === token);
        if (walk !== undefined) walk.price = price;
      },
    };
  }

  nextAt(): EpochMs {
    return this.#next().nextAt;
  }

  take(): Tick {
    const walk = this.#next();
    const { plan, chance, listing, nextAt: at } = walk;
    const ticks = Math.round(plan.drift * 0.4 + plan.roughness * chance.normal());
    this.#move(walk, walk.price + ticks * plan.tickSize);
    walk.nextAt = epochMs(at + chance.whole(plan.tickEveryMs / 2, plan.tickEveryMs * 1.5));
    const { price } = walk;
    const quantity = shares(chance.whole(1, Math.max(2, plan.minuteVolume / 12)));
    return {
      at,
      token: listing.instrumentToken,
      price,
      quantity,
      rangeLow: price,
      rangeHigh: price,
    };
  }

  /** The stock's next trade is `share` away from where it is. */
  jump(tradingsymbol: string, share: number): void {
    const walk = this.#walks.find(({ plan }) => plan.tradingsymbol === tradingsymbol);
    invariant(walk !== undefined, 'Invariant: a jump names a stock of the session');
    this.#move(walk, walk.price * (1 + share));
  }

  #next(): Walk {
    const next = this.#walks.reduce((one, other) => (other.nextAt < one.nextAt ? other : one));
    return next;
  }

  #move(walk: Walk, price: number): void {
    const { tickSize } = walk.plan;
    const onGrid = paise(Math.round(price / tickSize) * tickSize);
    walk.price = clampToBand(onGrid, walk.listing.band, tickSize);
  }
}

const listingOf = (plan: StockPlan): Listing =>
  listStock({
    tradingsymbol: plan.tradingsymbol,
    day: { date: sessionDate, hours: null },
    previousClose: plan.price,
    minuteVolume: plan.minuteVolume,
    hasDerivatives: true,
    tickSize: plan.tickSize,
    bandPct: plan.bandPct,
  });
