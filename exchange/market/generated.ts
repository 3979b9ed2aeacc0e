// The generated day: every company of the table that has a price level, one market they all follow, five
// earlier sessions to warm indicators up, and the day itself. The same seed and date give the same day, to
// the paisa.
import type { Candle } from '../../domain/market/candle';
import {
  dayOf,
  sessionsBefore,
  type SessionDate,
  type TradingCalendar,
  type TradingDay,
} from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { sessionClock, tradingMinutes } from '../../domain/session/sessionClock';
import { paise, paiseFromRupees, shares, type Paise } from '../../domain/units';
import { barFeed, type BarSeries } from './barFeed';
import { chanceFor } from './chance';
import { companies, type Company, type PriceLevel } from './companies';
import { inventBars } from './inventBars';
import { gapHeadline, inventNewsEvents, inventQuietNews, type NewsEvent } from './inventNews';
import { listIndex, listStock, type Listing } from './listing';
import { inventStory } from './priceStory';
import type { ClosingPrices, Headline, MarketSource } from './source';

const priorSessions = 5;
const sessionMinutes = 375;

/** The earlier sessions of a world: its first date, and closing prices by date and tradingsymbol. */
export interface WorldSoFar {
  readonly since: SessionDate;
  readonly closes: ClosingPrices;
}

export interface GeneratedOptions {
  /** Leaves the other stocks out; such a smaller day has its own news. */
  readonly only?: readonly string[] | undefined;
  readonly world?: WorldSoFar | undefined;
  /** The shipped list when absent. */
  readonly calendar?: TradingCalendar | undefined;
}

/**
 * The day of `date` under the seed. Assumes `date` is a trading day. In a world each session opens from the
 * close of the one before, and its history is what was played; else the table's price level is where five
 * quiet sessions began.
 */
export function generatedMarket(
  date: SessionDate,
  seed: number,
  {
    only,
    world = { since: date, closes: new Map() },
    calendar = nseCalendar,
  }: GeneratedOptions = {},
): MarketSource {
  const dates = sessionsBefore(date, priorSessions + 1, calendar);
  const day = dayOf(date, calendar);
  const start = latestClose(world.closes, dates[0] ?? date);
  const stocks = tradedCompanies(only).map((traded) => new InventedStock(traded, seed, start));
  const index = new InventedIndex(seed, start);
  const closes = new Map<SessionDate, ReadonlyMap<string, Paise>>();
  for (const earlier of dates.slice(1).map((one) => dayOf(one, calendar))) {
    const listed = stocks.map((stock) => stock.listing(earlier));
    const events = earlier.date < world.since ? [] : newsOf(listed, earlier, seed);
    const known = world.closes.get(earlier.date);
    for (const one of [...stocks, index]) one.pass(earlier, events, known);
    closes.set(earlier.date, new Map([...stocks, index].map((one) => [one.name, one.close])));
  }
  const today = [...stocks.map((stock) => stock.today(day)), index.today(day)];
  const listings = today.map(({ listing }) => listing);
  const events = newsOf(listings, day, seed);
  const series = today.map(({ listing, bars }): BarSeries => {
    return { token: listing.instrumentToken, tickSize: listing.tickSize, bars: bars(events) };
  });
  const opening = new Map(series.map(({ token, bars }) => [token, bars[0]?.open]));
  const history = new Map(today.map(({ listing, earlier }) => [listing.instrumentToken, earlier]));
  return {
    listings,
    headlines: headlinesOf(listings, events, day, seed),
    feed: barFeed(series, seed),
    openingPrice: (token) => opening.get(token),
    history: (token) => history.get(token) ?? [],
    closes,
  };
}

/** Closes of the newest session on or before a date. */
function latestClose(
  closes: ClosingPrices,
  date: SessionDate,
): ReadonlyMap<string, Paise> | undefined {
  const newest = [...closes.keys()].filter((one) => one <= date).sort();
  return closes.get(newest.at(-1) ?? '');
}

interface InventedDay {
  readonly listing: Listing;
  readonly earlier: readonly Candle[];
  readonly bars: (events: readonly NewsEvent[]) => readonly Candle[];
}

type Traded = Company & { readonly level: PriceLevel };

const tradedCompanies = (only?: readonly string[]): readonly Traded[] =>
  [...companies.values()]
    .filter((company): company is Traded => company.level !== undefined)
    .filter(({ tradingsymbol }) => only === undefined || only.includes(tradingsymbol));

class InventedStock {
  readonly name: string;
  close: Paise;
  private readonly company: Traded;
  private readonly seed: number;
  private readonly earlier: Candle[] = [];

  constructor(company: Traded, seed: number, start: ReadonlyMap<string, Paise> | undefined) {
    this.company = company;
    this.seed = seed;
    this.name = company.tradingsymbol;
    this.close = start?.get(this.name) ?? paiseFromRupees(company.level.rupees);
  }

  /** Passes over an earlier session. Its close is the known one, else the generated one. */
  pass(
    day: TradingDay,
    events: readonly NewsEvent[],
    known: ReadonlyMap<string, Paise> | undefined,
  ): void {
    const bars = this.bars(this.listing(day), day, events);
    this.earlier.push(...bars);
    this.close = known?.get(this.name) ?? bars.at(-1)?.close ?? this.close;
  }

  today(day: TradingDay): InventedDay {
    const listing = this.listing(day);
    const bars = (events: readonly NewsEvent[]): readonly Candle[] =>
      this.bars(listing, day, events);
    return { listing, earlier: this.earlier, bars };
  }

  listing(day: TradingDay): Listing {
    const { tradingsymbol, level } = this.company;
    const minuteVolume = Math.max(1, Math.round(level.dayVolume / sessionMinutes));
    return listStock({ tradingsymbol, day, previousClose: this.close, minuteVolume });
  }

  private bars(listing: Listing, day: TradingDay, events: readonly NewsEvent[]): readonly Candle[] {
    const { date } = day;
    const clock = sessionClock(day, listing.hasDerivatives);
    const minutes = tradingMinutes(clock);
    const shocks = events
      .filter((event) => event.tradingsymbol === listing.tradingsymbol)
      .map((event) => event.shock);
    const name = `${listing.tradingsymbol}/${date}`;
    const story = inventStory(minutes, shocks, chanceFor(this.seed, `story/${name}`));
    return inventBars(
      {
        listing,
        clock,
        minutes,
        dayVolatilityPct: this.company.level.dayVolatilityPct,
        story,
        market: marketReturns(date, this.seed),
        beta: 0.6 + (listing.exchangeToken % 7) / 10,
      },
      chanceFor(this.seed, `bars/${name}`),
    );
  }
}

/** NIFTY 50: the market itself, without any stock's own story. */
class InventedIndex {
  readonly name = 'NIFTY 50';
  close: Paise;
  private readonly seed: number;
  private readonly earlier: Candle[] = [];

  constructor(seed: number, start: ReadonlyMap<string, Paise> | undefined) {
    this.seed = seed;
    this.close = start?.get(this.name) ?? paiseFromRupees(26_050.4);
  }

  pass(
    day: TradingDay,
    _: readonly NewsEvent[],
    known: ReadonlyMap<string, Paise> | undefined,
  ): void {
    const bars = this.bars(day);
    this.earlier.push(...bars);
    this.close = known?.get(this.name) ?? bars.at(-1)?.close ?? this.close;
  }

  today(day: TradingDay): InventedDay {
    const bars = this.bars(day);
    return { listing: listIndex(this.name, this.close), earlier: this.earlier, bars: () => bars };
  }

  private bars(day: TradingDay): readonly Candle[] {
    const { date } = day;
    const unbounded = { lower: paise(5), upper: paise(1_000_000_000) };
    const listing = { ...listIndex(this.name, this.close), band: unbounded };
    const clock = sessionClock(day, false);
    const bars = inventBars(
      {
        listing,
        clock,
        minutes: tradingMinutes(clock),
        dayVolatilityPct: 0.25,
        story: { gap: 0, stretches: [], shocks: [] },
        market: marketReturns(date, this.seed),
        beta: 1,
      },
      chanceFor(this.seed, `bars/${this.name}/${date}`),
    );
    return bars.map((bar) => ({ ...bar, volume: shares(0) }));
  }
}

/** The market's own minute returns, calmer than any stock's. */
function marketReturns(date: SessionDate, seed: number): readonly number[] {
  const chance = chanceFor(seed, `market/${date}`);
  const story = inventStory(sessionMinutes, [], chance);
  let start = 0;
  const returns = new Array<number>(sessionMinutes).fill(0);
  for (const { minutes, move } of story.stretches) {
    for (let minute = start; minute < start + minutes; minute += 1) {
      returns[minute] = (move / minutes) * 0.004 + chance.normal() * 0.00008;
    }
    start += minutes;
  }
  return returns;
}

function newsOf(listings: readonly Listing[], day: TradingDay, seed: number): readonly NewsEvent[] {
  const stocks = listings.filter((listing) => !listing.isIndex);
  return inventNewsEvents(stocks, sessionClock(day, true), chanceFor(seed, `news/${day.date}`));
}

function headlinesOf(
  listings: readonly Listing[],
  events: readonly NewsEvent[],
  day: TradingDay,
  seed: number,
): readonly Headline[] {
  const { date, open } = sessionClock(day, true);
  const chance = chanceFor(seed, `quiet news/${date}`);
  const stocks = listings.filter((listing) => !listing.isIndex);
  const gaps = stocks.flatMap((listing) => {
    const name = `${listing.tradingsymbol}/${date}`;
    const { gap } = inventStory(sessionMinutes, [], chanceFor(seed, `story/${name}`));
    return Math.abs(gap) > 0.4 ? [gapHeadline(listing, gap, open, chance)] : [];
  });
  const quiet = inventQuietNews(stocks, open, chance);
  return [...events.map((event) => event.headline), ...quiet, ...gaps].sort(
    (left, right) => left.at - right.at,
  );
}
