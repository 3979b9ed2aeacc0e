// The market of the day that goes on, as a broker tells it: list, history and quotes from the half of the broker
// that reads, ticks with depth from its feed. Nothing here can send an order: only that half is known.
import { invariant } from '../../domain/assert';
import type {
  BrokerFeed,
  BrokerReader,
  FeedListener,
  FeedTick,
  ListedStock,
} from '../../broker/port';
import type { Candle } from '../../domain/market/candle';
import type { DayPrices, Depth } from '../../domain/market/depth';
import type { PriceBand } from '../../domain/market/instrument';
import type { TradingDay } from '../../domain/session/calendar';
import { istInstant, sessionClock, type SessionClock } from '../../domain/session/sessionClock';
import { paise, shares, type EpochMs, type Paise } from '../../domain/units';
import { listStock, type Listing } from './listing';
import { Pace } from './pace';
import type { DistantMarket, Heard, MarketSource, Tick, TickFeed } from './source';

export interface BrokerMarketParts {
  readonly stocks: readonly ListedStock[];
  /** Stocks with live futures. */
  readonly underlyings: ReadonlySet<string>;
  readonly reader: Pick<BrokerReader, 'capabilities' | 'quotes' | 'history'>;
  /** Opens the feed, with the detail of every tick. */
  readonly openFeed: (listener: FeedListener) => BrokerFeed;
  /** The market's time now. */
  readonly marketNow: () => EpochMs;
}

/** A quote counts as present for this long, market ms. */
const freshMs = 1_000;
/** How often bands are read anew, host ms: the exchange slides them during the day. */
const bandsEveryMs = 60_000;
/** Histories of earlier days that are kept. */
const historiesMax = 100;
const anyPrice = paise(Number.MAX_SAFE_INTEGER);
const noDay: DayPrices = {
  open: paise(0),
  high: paise(0),
  low: paise(0),
  previousClose: paise(0),
};

export class BrokerMarket implements DistantMarket {
  readonly source: MarketSource;
  downListener: () => void = () => undefined;
  private readonly parts: BrokerMarketParts;
  private readonly dayStart: EpochMs;
  private readonly hours: Pick<SessionClock, 'preOpen' | 'close'>;
  private readonly names: ReadonlyMap<number, string>;
  private readonly ticks = new ArrivedTicks();
  /** The last tick of each stock; a quote counts as one. */
  private readonly heard = new Map<number, FeedTick>();
  private readonly watched = new Set<number>();
  private readonly quotePace: Pace;
  private readonly historyPace: Pace;
  private readonly histories = new Map<string, Promise<readonly Candle[]>>();
  private readonly feed: BrokerFeed;
  private readonly bandReading: NodeJS.Timeout;
  private down = true;

  constructor(parts: BrokerMarketParts, day: TradingDay) {
    const { stocks, underlyings, reader } = parts;
    const { quotesEveryMs, historyEveryMs } = reader.capabilities.reads;
    this.parts = parts;
    this.dayStart = istInstant(day.date, '00:00');
    this.hours = sessionClock(day, false);
    this.names = new Map(stocks.map((one) => [one.instrumentToken, one.tradingsymbol]));
    this.quotePace = new Pace(quotesEveryMs);
    this.historyPace = new Pace(historyEveryMs);
    this.source = {
      listings: stocks.map((stock) => listed(stock, underlyings.has(stock.tradingsymbol), day)),
      headlines: [],
      feed: this.ticks,
      openingPrice: () => undefined,
      history: () => [],
      distant: this,
    };
    this.feed = parts.openFeed({
      ticks: (told) => told.forEach((tick) => this.hear(tick)),
      connected: () => (this.down = false),
      lost: () => this.lost(),
      // Orders of the account at the broker are none of ours.
      orderUpdate: () => undefined,
    });
    this.bandReading = setInterval(() => {
      const now = parts.marketNow();
      if (now >= this.hours.preOpen && now <= this.hours.close)
        this.inBackground([...this.watched]);
    }, bandsEveryMs);
  }

  get isDown(): boolean {
    return this.down;
  }

  watch(tokens: readonly number[]): void {
    const added = tokens.filter((token) => this.names.has(token) && !this.watched.has(token));
    if (added.length === 0) return;
    for (const token of added) this.watched.add(token);
    this.feed.subscribe([...this.watched]);
    this.inBackground(added);
  }

  /** @throws BrokerFailure when the broker does not answer. */
  async refresh(tokens: readonly number[]): Promise<void> {
    await this.readQuotes(tokens.filter((token) => !this.isPresent(token)));
  }

  /** Until the pre-open the broker tells of the day before. */
  openingPrice({ updatedAt, dayOpen }: Heard): Paise | undefined {
    const isOfToday = updatedAt !== null && updatedAt >= this.hours.preOpen;
    return isOfToday && dayOpen > 0 ? dayOpen : undefined;
  }

  /** @throws BrokerFailure when the broker does not answer. */
  candles(token: number, from: EpochMs, to: EpochMs): Promise<readonly Candle[]> {
    const key = `${token}/${from}/${to}`;
    const known = this.histories.get(key);
    if (known !== undefined) return known;
    const { reader } = this.parts;
    const asked = this.historyPace.send(() => reader.history({ instrumentToken: token, from, to }));
    this.histories.set(key, asked);
    const forget = (): boolean => this.histories.delete(key);
    // Of today more comes with every minute; two who ask at once share one answer.
    void asked.then(() => to >= this.dayStart && forget(), forget);
    if (this.histories.size > historiesMax)
      this.histories.delete([...this.histories.keys()][0] ?? '');
    return asked;
  }

  async close(): Promise<void> {
    clearInterval(this.bandReading);
    await this.feed.stop();
  }

  private lost(): void {
    this.down = true;
    this.downListener();
  }

  /** Is what we know of the stock as new as a quote would be? */
  private isPresent(token: number): boolean {
    const heard = this.heard.get(token);
    if (heard === undefined) return false;
    return this.watched.has(token) || this.parts.marketNow() - heard.at < freshMs;
  }

  /** What cannot be read now is read with the next round. */
  private inBackground(tokens: readonly number[]): void {
    this.readQuotes(tokens).catch(() => undefined);
  }

  private async readQuotes(tokens: readonly number[]): Promise<void> {
    const { reader } = this.parts;
    const { quotesAtOnce } = reader.capabilities.reads;
    for (let from = 0; from < tokens.length; from += quotesAtOnce) {
      const part = tokens.slice(from, from + quotesAtOnce);
      const names = part.map((token) => this.names.get(token) ?? '');
      const quotes = await this.quotePace.send(() => reader.quotes(names));
      for (const token of part) {
        const quote = quotes.get(this.names.get(token) ?? '');
        if (quote === undefined) continue;
        const { lastPrice: price, volume, depth, day, band } = quote;
        const at = this.parts.marketNow();
        const told = { token, price, volume, at, detail: { depth, day: day ?? noDay } };
        // The feed is ahead of a quote that was under way: of a watched stock the band alone is new.
        const last = this.watched.has(token) ? this.heard.get(token) : undefined;
        // A band without an upper limit is one that is not told yet.
        this.hear(last ?? told, band.upper > 0 ? band : null);
      }
    }
  }

  private hear(told: FeedTick, band: PriceBand | null = null): void {
    const { token, price, volume, at, detail } = told;
    if (price <= 0 || !this.names.has(token)) return;
    const before = this.heard.get(token)?.volume ?? volume;
    this.heard.set(token, told);
    const quantity = shares(Math.max(0, volume - before));
    const tick: Tick = { at, token, price, quantity, ...rangeOf(price, detail?.depth) };
    const seen = detail && { ...detail, volume: shares(volume), band };
    this.ticks.arrive(seen === undefined ? tick : { ...tick, seen }, this.parts.marketNow());
  }
}

/** Our fills are at prices that stand in the depth. */
function rangeOf(price: Paise, depth?: Depth): Pick<Tick, 'rangeLow' | 'rangeHigh'> {
  const lowest = depth?.bids.at(-1)?.price ?? price;
  const highest = depth?.asks.at(-1)?.price ?? price;
  return {
    rangeLow: paise(Math.min(price, lowest)),
    rangeHigh: paise(Math.max(price, highest)),
  };
}

/** The list knows neither last close nor band: both come with the first quote. */
function listed(stock: ListedStock, hasDerivatives: boolean, day: TradingDay): Listing {
  const { tickSize } = stock;
  const facts = { ...stock, hasDerivatives, day, previousClose: paise(0), minuteVolume: 1 };
  return { ...listStock(facts), band: { lower: tickSize, upper: anyPrice } };
}

/** Ticks in the order in which they came, due when they came. */
class ArrivedTicks implements TickFeed {
  private readonly waiting: { readonly tick: Tick; readonly arrivedAt: EpochMs }[] = [];

  arrive(tick: Tick, arrivedAt: EpochMs): void {
    this.waiting.push({ tick, arrivedAt });
  }

  nextAt(): EpochMs | undefined {
    return this.waiting[0]?.arrivedAt;
  }

  take(): Tick {
    const due = this.waiting.shift();
    invariant(due !== undefined, 'Invariant: a tick is taken only when one is due');
    return due.tick;
  }
}
