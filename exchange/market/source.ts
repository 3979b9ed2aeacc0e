// What a day of prices consists of, whether generated, replayed or scripted. The engine sees only this, so it
// cannot tell a recorded day from a generated one.
import type { Candle } from '../../domain/market/candle';
import type { DayPrices, Depth } from '../../domain/market/depth';
import type { PriceBand } from '../../domain/market/instrument';
import type { SessionDate } from '../../domain/session/calendar';
import type { EpochMs, Paise, Shares } from '../../domain/units';
import type { Listing } from './listing';

/** One trade of the market (or one value of an index, quantity 0). */
export interface Tick {
  readonly at: EpochMs;
  readonly token: number;
  readonly price: Paise;
  readonly quantity: Shares;
  /** The traded range of the tick's minute: our fills stay inside it. */
  readonly rangeLow: Paise;
  readonly rangeHigh: Paise;
  /** Absent where the day is made here. */
  readonly seen?: Seen;
}

/** What was seen of a stock at a market elsewhere: nothing of it has to be made up. */
export interface Seen {
  readonly depth: Depth;
  readonly day: DayPrices;
  /** Shares traded today. */
  readonly volume: Shares;
  /** null: as before. */
  readonly band: PriceBand | null;
}

/** A headline; `at` is when the feed shows it, on the market's clock. */
export interface Headline {
  readonly at: EpochMs;
  readonly tradingsymbol: string;
  readonly title: string;
}

/** Ticks in order of time. */
export interface TickFeed {
  /** When the next tick is due, undefined at the end of the day. */
  nextAt(): EpochMs | undefined;
  /** Removes and returns the next tick. Only after `nextAt` gave an instant. */
  take(): Tick;
}

/** By session and tradingsymbol. */
export type ClosingPrices = ReadonlyMap<SessionDate, ReadonlyMap<string, Paise>>;

/** A day ready to be played. */
export interface MarketSource {
  readonly listings: readonly Listing[];
  readonly headlines: readonly Headline[];
  /** Starts the day's ticks, from 09:15. */
  readonly feed: TickFeed;
  /** Where each stock of a day that is made here opens, for the pre-open match; undefined where it does not trade today. */
  openingPrice(token: number): Paise | undefined;
  /** Minute candles of earlier sessions, oldest first. Today's are made from the ticks. */
  history(token: number): readonly Candle[];
  /** Closes of earlier sessions, where the day is generated from them. */
  readonly closes?: ClosingPrices;
  /** A trade made by hand (admin API). The source's later ticks continue its own path. */
  print?(tick: Tick): void;
  /** Absent where the whole day is known here. */
  readonly distant?: DistantMarket;
}

/** What was heard of a stock of a market elsewhere. */
export interface Heard {
  /** null: nothing yet. */
  readonly updatedAt: EpochMs | null;
  /** Where its day opened; 0 as long as that is not told. */
  readonly dayOpen: Paise;
}

/** A market that goes on elsewhere: what is asked of it takes a while, and may fail. */
export interface DistantMarket {
  /** Ticks of these come from now on. Those asked for before stay. */
  watch(tokens: readonly number[]): void;
  /** Brings these up to date: what is known of them is in the feed afterwards. */
  refresh(tokens: readonly number[]): Promise<void>;
  /** Where a stock opened, as far as it was heard; undefined where nothing of today was. */
  openingPrice(heard: Heard): Paise | undefined;
  /** Minute candles of a span, both ends included, oldest first; today's too. */
  candles(token: number, from: EpochMs, to: EpochMs): Promise<readonly Candle[]>;
  /** Is the line down over which ticks come? */
  readonly isDown: boolean;
  /** Called when the line goes down: what happens until it is up is not told. */
  downListener: () => void;
  close(): Promise<void>;
}
