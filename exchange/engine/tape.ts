// What one instrument has traded today and the book around its last trade. The market's path is not
// moved by our own orders; what they take from the book is gone until the next tick.
import type { Candle } from '../../domain/market/candle';
import type { Depth } from '../../domain/market/depth';
import type { PriceBand } from '../../domain/market/instrument';
import { epochMs, paise, shares, type EpochMs, type Paise, type Side } from '../../domain/units';
import { chanceFor } from '../market/chance';
import type { Listing } from '../market/listing';
import type { Seen, Tick } from '../market/source';
import { ladderAround } from './ladder';

const minuteMs = 60_000;
/** Minutes the closing auction looks back on. */
const minutesKept = 15;

/** A tape written down. */
export interface TapeState extends Pick<Tape, (typeof keptFields)[number]> {
  readonly tradingsymbol: string;
  /** The last ones. */
  readonly candles: readonly Candle[];
  /** As it was seen; null: made here; `same`: the one written down before, with what our orders took of it. */
  readonly depth: Depth | 'same' | null;
  /** Shares our orders took of it, by side and price. */
  readonly taken: readonly (readonly [string, number])[];
}

const keptFields = [
  ...(['band', 'previousClose', 'open', 'high', 'low', 'dayOpen', 'volume', 'value'] as const),
  ...(['ticks', 'lastQuantity', 'lastPrice', 'lastTradeAt', 'updatedAt'] as const),
  ...(['rangeLow', 'rangeHigh', 'aggressor'] as const),
] as const;

/** The day's range and the last trade. Zero before the first trade. */
export class Tape {
  readonly listing: Listing;
  band: PriceBand;
  previousClose: Paise;
  open = paise(0);
  high = paise(0);
  low = paise(0);
  /** Where the day opened elsewhere; 0 as long as that is not told. */
  dayOpen = paise(0);
  volume = 0;
  value = 0;
  ticks = 0;
  lastQuantity = 0;
  lastPrice: Paise;
  lastTradeAt: EpochMs | null = null;
  updatedAt: EpochMs | null = null;
  rangeLow: Paise;
  rangeHigh: Paise;
  aggressor: Side = 'BUY';
  /** The side that waits in vain while the stock is locked at a limit. */
  lockedOut: Side | null = null;
  /** Today's minute candles; the last one is still forming. */
  readonly candles: Candle[] = [];
  /** Another one: something of the tape has changed. */
  version = 0;
  /** How many depths there were. */
  depths = 0;
  private readonly seed: number;
  private readonly taken = new Map<string, number>();
  private ladderAt = -1;
  private currentLadder: Depth = { bids: [], asks: [] };
  /** The book as it was seen elsewhere; undefined where it is made here. */
  private seenDepth: Depth | undefined;

  constructor(listing: Listing, seed: number) {
    this.listing = listing;
    this.band = listing.band;
    this.previousClose = listing.previousClose;
    this.seed = seed;
    this.lastPrice = listing.previousClose;
    this.rangeLow = listing.previousClose;
    this.rangeHigh = listing.previousClose;
  }

  apply(tick: Tick): void {
    this.version += 1;
    if (tick.price !== this.lastPrice)
      this.aggressor = tick.price > this.lastPrice ? 'BUY' : 'SELL';
    if (this.ticks === 0) {
      this.open = tick.price;
      this.low = tick.price;
    }
    this.ticks += 1;
    this.high = paise(Math.max(this.high, tick.price));
    this.low = paise(Math.min(this.low, tick.price));
    this.lastPrice = tick.price;
    this.lastQuantity = tick.quantity;
    this.volume += tick.quantity;
    this.value += tick.quantity * tick.price;
    this.updatedAt = tick.at;
    if (tick.quantity > 0) this.lastTradeAt = tick.at;
    this.rangeLow = tick.rangeLow;
    this.rangeHigh = tick.rangeHigh;
    if (tick.seen === undefined || tick.seen.depth !== this.seenDepth) this.newDepth();
    this.seenDepth = tick.seen?.depth;
    if (tick.seen !== undefined) this.takeDay(tick.seen);
    this.addToCandle(tick);
  }

  /** Has nothing been heard of the stock yet? */
  get isUnheard(): boolean {
    return this.ticks === 0 && this.lastPrice === 0;
  }

  /** The book as it was seen elsewhere, and so not bound to the last price; undefined where it is made here. */
  get depthSeen(): Depth | undefined {
    return this.seenDepth;
  }

  /** @param isSameDepth is its depth written down already? */
  state(isSameDepth: boolean): TapeState {
    return {
      tradingsymbol: this.listing.tradingsymbol,
      ...pick(this),
      candles: this.candles.slice(-minutesKept),
      depth: isSameDepth ? 'same' : (this.seenDepth ?? null),
      taken: isSameDepth ? [] : [...this.taken],
    };
  }

  /** Makes the tape what was written down. */
  restore(state: TapeState): void {
    this.version += 1;
    Object.assign(this, pick(state));
    this.candles.splice(0, this.candles.length, ...state.candles);
    this.ladderAt = -1;
    if (state.depth === 'same') return;
    this.seenDepth = state.depth ?? undefined;
    this.newDepth();
    for (const [level, quantity] of state.taken) this.taken.set(level, quantity);
  }

  /** The book now, of others. The same for the same seed and number of ticks, whoever looks. */
  ladder(): Depth {
    if (this.seenDepth !== undefined) return this.seenDepth;
    if (this.ladderAt !== this.ticks) {
      const chance = chanceFor(this.seed, `ladder/${this.listing.instrumentToken}/${this.ticks}`);
      this.currentLadder = ladderAround(this, chance);
      this.ladderAt = this.ticks;
    }
    return this.currentLadder;
  }

  /** Recomputes the book on next use: the band has moved. */
  setBand(band: PriceBand): void {
    this.version += 1;
    this.band = band;
    this.ladderAt = -1;
  }

  /** Shares left at a level after what our orders took since the last tick. */
  leftAt(side: Side, price: Paise, quantity: number): number {
    return quantity - (this.taken.get(`${side}${price}`) ?? 0);
  }

  take(side: Side, price: Paise, quantity: number): void {
    this.taken.set(`${side}${price}`, (this.taken.get(`${side}${price}`) ?? 0) + quantity);
  }

  /** Value ÷ volume, rounded to a paisa; 0 before the first trade. */
  averagePrice(): Paise {
    return paise(this.volume === 0 ? 0 : Math.round(this.value / this.volume));
  }

  /** Nothing of it is taken yet. */
  private newDepth(): void {
    this.depths += 1;
    this.taken.clear();
  }

  /** The day as it was seen elsewhere, which may have begun before we looked. */
  private takeDay({ day, volume }: Seen): void {
    const { open, high, low, previousClose } = day;
    this.volume = volume;
    this.dayOpen = open;
    if (previousClose > 0) this.previousClose = previousClose;
    if (open === 0) return;
    this.open = open;
    this.high = high;
    this.low = low;
  }

  private addToCandle(tick: Tick): void {
    const at = epochMs(tick.at - (tick.at % minuteMs));
    const last = this.candles.at(-1);
    if (last?.at !== at) {
      const { price } = tick;
      const volume = tick.quantity;
      this.candles.push({ at, open: price, high: price, low: price, close: price, volume });
      return;
    }
    this.candles[this.candles.length - 1] = {
      at,
      open: last.open,
      high: paise(Math.max(last.high, tick.price)),
      low: paise(Math.min(last.low, tick.price)),
      close: tick.price,
      volume: shares(last.volume + tick.quantity),
    };
  }
}

const pick = (tape: Pick<Tape, (typeof keptFields)[number]>): typeof tape =>
  Object.fromEntries(keptFields.map((name) => [name, tape[name]])) as unknown as typeof tape;
