// A market that stands still until a test moves it: each stock prints its own price every five seconds,
// and `print` (the admin API's price call) sets a new one. Five flat earlier sessions are its history.
import { invariant } from '../../domain/assert';
import type { Candle } from '../../domain/market/candle';
import { tickSizeOn } from '../../domain/market/tickSize';
import {
  dayOf,
  sessionsBefore,
  type SessionDate,
  type TradingCalendar,
  type TradingDay,
} from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import {
  isTrading,
  sessionClock,
  tradingMinuteAt,
  tradingMinutes,
} from '../../domain/session/sessionClock';
import { epochMs, paiseFromRupees, shares, type EpochMs } from '../../domain/units';
import { listIndex, listStock, withDistinctTokens, type Listing } from './listing';
import type { MarketSource, Tick, TickFeed } from './source';

/** One stock or index of a scripted market. Prices in rupees, as a person writes them. */
export interface ScriptedStock {
  /** An index is quoted and not traded. */
  readonly isIndex?: boolean;
  readonly tradingsymbol: string;
  readonly price: number;
  readonly tickSize?: number;
  readonly hasDerivatives?: boolean;
  readonly minuteVolume?: number;
  /** Price band around `price`, percent. Wide by default, so that a script may go from 10 to 11. */
  readonly bandPct?: number;
  readonly name?: string;
  readonly sector?: string;
}

const printEveryMs = 5_000;

export function scriptedMarket(
  date: SessionDate,
  stocks: readonly ScriptedStock[],
  calendar: TradingCalendar = nseCalendar,
): MarketSource {
  const day = dayOf(date, calendar);
  const listings = withDistinctTokens(stocks.map((stock) => listScripted(stock, day)));
  const opening = new Map(listings.map((one) => [one.instrumentToken, one.previousClose]));
  const feed = new SteadyFeed(listings, day);
  return {
    listings,
    headlines: [],
    feed,
    openingPrice: (token) => opening.get(token),
    history: (token) => {
      const listing = listings.find((one) => one.instrumentToken === token);
      return listing === undefined ? [] : flatHistory(listing, date, calendar);
    },
    print: (tick) => feed.setPrice(tick),
  };
}

function listScripted(stock: ScriptedStock, day: TradingDay): Listing {
  const previousClose = paiseFromRupees(stock.price);
  if (stock.isIndex === true) return listIndex(stock.tradingsymbol, previousClose);
  return listStock({
    tradingsymbol: stock.tradingsymbol,
    day,
    previousClose,
    minuteVolume: stock.minuteVolume ?? 60_000,
    hasDerivatives: stock.hasDerivatives ?? true,
    tickSize:
      stock.tickSize === undefined
        ? tickSizeOn(day.date, previousClose)
        : paiseFromRupees(stock.tickSize),
    bandPct: stock.bandPct ?? 50,
    name: stock.name,
    sector: stock.sector,
  });
}

/** Prints every stock in turn at its own price until its continuous session ends. */
class SteadyFeed implements TickFeed {
  private readonly pending: Tick[] = [];
  private readonly listings: ReadonlyMap<number, Listing>;
  private readonly prices = new Map<number, Tick>();
  private readonly day: TradingDay;

  constructor(listings: readonly Listing[], day: TradingDay) {
    this.day = day;
    this.listings = new Map(listings.map((one) => [one.instrumentToken, one]));
    for (const listing of listings) {
      const { open } = sessionClock(day, listing.hasDerivatives);
      this.pending.push(this.steady(listing, open));
    }
  }

  nextAt(): EpochMs | undefined {
    return this.pending[0]?.at;
  }

  take(): Tick {
    const due = this.pending.shift();
    invariant(due !== undefined, 'Invariant: a tick is taken only when one is due');
    const listing = this.listings.get(due.token);
    invariant(listing !== undefined, 'Invariant: a scripted tick belongs to a listed stock');
    this.printNext(listing, due.at);
    return this.atCurrentPrice(due, listing);
  }

  /** Five seconds later, or when the next session of the day opens. */
  private printNext(listing: Listing, at: EpochMs): void {
    const { sessions } = sessionClock(this.day, listing.hasDerivatives);
    const soon = epochMs(at + printEveryMs);
    const next = isTrading({ sessions }, soon)
      ? soon
      : sessions.find(({ from }) => from > at)?.from;
    if (next !== undefined) this.pending.push(this.steady(listing, next));
  }

  setPrice(tick: Tick): void {
    this.prices.set(tick.token, tick);
  }

  private steady(listing: Listing, at: EpochMs): Tick {
    const price = listing.previousClose;
    const token = listing.instrumentToken;
    const steadyQuantity = Math.max(1, Math.round(listing.minuteVolume / 12));
    const quantity = shares(listing.isIndex ? 0 : steadyQuantity);
    return { at, token, price, quantity, rangeLow: price, rangeHigh: price };
  }

  private atCurrentPrice(tick: Tick, listing: Listing): Tick {
    const price = this.prices.get(tick.token)?.price ?? listing.previousClose;
    return { ...tick, price, rangeLow: price, rangeHigh: price };
  }
}

function flatHistory(
  listing: Listing,
  date: SessionDate,
  calendar: TradingCalendar,
): readonly Candle[] {
  const price = listing.previousClose;
  return sessionsBefore(date, 5, calendar).flatMap((earlier) => {
    const clock = sessionClock(dayOf(earlier, calendar), listing.hasDerivatives);
    return Array.from({ length: tradingMinutes(clock) }, (_, minute) => ({
      at: tradingMinuteAt(clock, minute),
      open: price,
      high: price,
      low: price,
      close: price,
      volume: shares(listing.minuteVolume),
    }));
  });
}
