// Ticks into one-minute candles and last prices, written in batches. `complete_until` is a promise that the
// analysis waits for: for every watched stock, each minute before it is stored, or written down as a hole.
import type { Pool } from 'pg';
import type { FeedTick } from '../broker/port';
import { storeCandles } from '../activities/marketData/candles';
import {
  countTickFaults,
  readHoles,
  readPromise,
  storeHoles,
} from '../activities/marketData/coverage';
import { storeLastPrices, storePromise, type LastTick } from '../activities/marketData/feed';
import type { Candle } from '../domain/market/candle';
import {
  addTick,
  builderFrom,
  closeUntil,
  resumedBuilder,
  type CandleBuilder,
} from '../domain/market/candleBuilder';
import {
  filled,
  heard,
  interrupted,
  isMissing,
  nextFill,
  openCoverage,
  promise,
  restoredCoverage,
  watching,
  type Covered,
  type FeedCoverage,
  type FeedGap,
  type FillRequest,
} from '../domain/market/feedCoverage';
import type { TickWindow } from '../domain/market/tickDate';
import {
  dayOf,
  isTradingDay,
  type SessionDate,
  type TradingCalendar,
} from '../domain/session/calendar';
import { istDate, sessionClock, type SessionClock } from '../domain/session/sessionClock';
import { marketTime, type MarketClock } from '../domain/session/sessionPlan';
import { epochMs, type EpochMs } from '../domain/units';
import { TickIntake, type StockTick, type WatchedStock } from './tickIntake';

/** The process did not run for this long, host milliseconds: the machine or the process was stopped. */
const asleepMs = 10_000;

export interface CandleWriterParts {
  readonly pool: Pool;
  readonly account: string;
  readonly calendar: TradingCalendar;
  /** The market's clock, read anew; it rejects while it cannot be read. */
  readonly marketClock: () => Promise<MarketClock>;
  readonly gapNoticed: (gap: FeedGap) => void;
  readonly hostNow: () => EpochMs;
}

interface ClosedCandle {
  readonly tradingsymbol: string;
  readonly candle: Candle;
}

export class CandleWriter {
  readonly #parts: CandleWriterParts;
  readonly #intake = new TickIntake();
  readonly #builders = new Map<string, CandleBuilder>();
  readonly #prices = new Map<string, LastTick>();
  /** Stocks whose last price is to be stored. */
  #priced = new Set<string>();
  #clock: MarketClock;
  #day: SessionClock;
  #coverage: FeedCoverage;
  #closed: ClosedCandle[] = [];
  /** Stocks whose holes are to be stored. */
  #changed = new Set<string>();
  /** Events whose instant is still being read from the market's clock. Nothing is promised meanwhile. */
  #unsettled = 0;
  #lastTickAt = epochMs(0);
  #awakeAt: EpochMs;
  #writing: Promise<void> | undefined;

  private constructor(parts: CandleWriterParts, clock: MarketClock) {
    this.#parts = parts;
    this.#clock = clock;
    this.#awakeAt = parts.hostNow();
    this.#day = this.#dayOf(istDate(this.now));
    this.#coverage = this.#unheard();
  }

  /** Goes on with what an earlier gateway has promised today. */
  static async open(parts: CandleWriterParts): Promise<CandleWriter> {
    const writer = new CandleWriter(parts, await parts.marketClock());
    const { pool, account } = parts;
    const { date } = writer.#day;
    const promised = await readPromise(pool, account);
    if (istDate(promised) === date) {
      const holes = await readHoles(pool, { account, date });
      writer.#coverage = restoredCoverage(writer.#coverage, promised, holes);
    }
    return writer;
  }

  /** The market's time, by its clock as it was last read. */
  get now(): EpochMs {
    return marketTime(this.#clock, this.#parts.hostNow());
  }

  /** Is the market in continuous trading now? */
  get isTrading(): boolean {
    const { now } = this;
    return this.#day.sessions.some(({ from, until }) => now >= from && now < until);
  }

  get date(): SessionDate {
    return this.#day.date;
  }

  get watched(): readonly WatchedStock[] {
    return this.#intake.watched;
  }

  /** Ticks of these stocks count from now on. */
  async watch(stocks: readonly WatchedStock[]): Promise<void> {
    this.#intake.watch(stocks);
    const names = stocks.map(({ tradingsymbol }) => tradingsymbol);
    await this.#settle((coverage, now) => watching(coverage, names, now));
  }

  /** The feed is up, for the first time or again. */
  async connected(): Promise<void> {
    await this.#settle(interrupted);
  }

  take(ticks: readonly FeedTick[]): void {
    this.#look();
    for (const tick of this.#intake.admit(ticks, this.#window())) this.#add(tick);
  }

  /** Reads the market's clock anew, and looks again at ticks that were ahead of it. */
  async readClock(): Promise<void> {
    this.#clock = await this.#parts.marketClock();
    this.#look();
    for (const tick of this.#intake.admitAside(this.#window())) this.#add(tick);
  }

  /** The next history to ask for. @param order stocks, the most important first. */
  nextFill(order: readonly string[]): FillRequest | null {
    return nextFill(this.#coverage, order, this.now);
  }

  /** Of these candles, those of minutes that are missing before `until`. */
  missingOf(
    { tradingsymbol, until }: Pick<FillRequest, 'tradingsymbol' | 'until'>,
    candles: readonly Candle[],
  ): readonly Candle[] {
    const holes = this.#coverage.holes.get(tradingsymbol) ?? [];
    return candles.filter(({ at }) => at < until && isMissing(holes, at));
  }

  /** The stock's missing minutes before `until` have been stored. */
  filled({ tradingsymbol, until }: Pick<FillRequest, 'tradingsymbol' | 'until'>): void {
    // A minute of the hole that is still open must not be stored over the broker's candle.
    this.#close(tradingsymbol, until);
    this.#coverage = filled(this.#coverage, tradingsymbol, until);
    this.#changed.add(tradingsymbol);
  }

  /** Writes what has gathered. A failed write is repeated with the next. */
  async flush(): Promise<void> {
    this.#look();
    if (this.#writing !== undefined || this.#unsettled > 0) return this.#writing;
    if (this.#lastTickAt === 0 && this.#changed.size === 0) return;
    this.#writing = this.#write().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  #window(): TickWindow {
    return { preOpen: this.#day.preOpen, now: this.now, speed: this.#clock.speed };
  }

  #dayOf(date: SessionDate): SessionClock {
    // Stocks in the closing auction have the shorter day; no entry is made after its end.
    return sessionClock(dayOf(date, this.#parts.calendar), true);
  }

  /** The day's coverage before its first tick. On a day without trading nothing can be missed. */
  #unheard(): FeedCoverage {
    const { date, sessions } = this.#day;
    return openCoverage(isTradingDay(date, this.#parts.calendar) ? sessions : []);
  }

  /** Has a new day begun, or was the process stopped? */
  #look(): void {
    const date = istDate(this.now);
    if (date > this.#day.date) this.#begin(date);
    const host = this.#parts.hostNow();
    const slept = host - this.#awakeAt > asleepMs;
    this.#awakeAt = host;
    if (slept) void this.#settle(interrupted);
  }

  #begin(date: SessionDate): void {
    this.#day = this.#dayOf(date);
    this.#builders.clear();
    this.#intake.clear();
    const names = this.watched.map(({ tradingsymbol }) => tradingsymbol);
    this.#coverage = watching(this.#unheard(), names, epochMs(0)).coverage;
    this.#changed = new Set(names);
  }

  /** Applies an event at the market's present instant. */
  async #settle(event: (coverage: FeedCoverage, now: EpochMs) => Covered): Promise<void> {
    this.#unsettled += 1;
    try {
      while (
        !(await this.readClock().then(
          () => true,
          () => false,
        ))
      )
        await new Promise((resolve) => setTimeout(resolve, 500));
      this.#cover(event(this.#coverage, this.now));
    } finally {
      this.#unsettled -= 1;
    }
  }

  #cover({ coverage, gap, broken }: Covered): void {
    const before = this.#coverage.holes;
    if (coverage.holes !== before)
      for (const [stock, holes] of coverage.holes)
        if (holes !== before.get(stock)) this.#changed.add(stock);
    this.#coverage = coverage;
    if (broken)
      for (const [stock, builder] of this.#builders)
        this.#builders.set(stock, resumedBuilder(builder));
    if (gap !== null) this.#parts.gapNoticed(gap);
  }

  #add(tick: StockTick): void {
    const { tradingsymbol, at } = tick;
    this.#cover(heard(this.#coverage, at));
    this.#lastTickAt = epochMs(Math.max(this.#lastTickAt, at));
    if (at >= (this.#prices.get(tradingsymbol)?.at ?? 0)) {
      this.#prices.set(tradingsymbol, { ltp: tick.price, at });
      this.#priced.add(tradingsymbol);
    }
    // What is matched before the open belongs to the first candle.
    if (at < this.#day.open) return;
    const known = this.#builders.get(tradingsymbol) ?? builderFrom(at, this.#day.open);
    const { builder, late } = addTick(known, tick);
    this.#builders.set(tradingsymbol, builder);
    if (late) this.#intake.count('late');
  }

  #close(tradingsymbol: string, until: EpochMs): void {
    const known = this.#builders.get(tradingsymbol);
    if (known === undefined) return;
    const { builder, closed } = closeUntil(known, until);
    this.#builders.set(tradingsymbol, builder);
    const holes = this.#coverage.holes.get(tradingsymbol) ?? [];
    for (const candle of closed)
      if (!isMissing(holes, candle.at)) this.#closed.push({ tradingsymbol, candle });
  }

  async #write(): Promise<void> {
    const { pool, account, hostNow } = this.#parts;
    this.#coverage = promise(this.#coverage);
    const { holes: held, promised } = this.#coverage;
    for (const stock of this.#builders.keys()) this.#close(stock, promised);
    const [day, lastTickAt] = [{ account, date: this.#day.date }, this.#lastTickAt];
    const closed = this.#closed;
    const changed = this.#changed;
    const faults = this.#intake.takeFaults();
    const priced = this.#priced;
    const prices = new Map([...this.#prices].filter(([stock]) => priced.has(stock)));
    const holes = new Map([...held].filter(([stock]) => changed.has(stock)));
    this.#closed = [];
    this.#changed = new Set();
    this.#priced = new Set();
    try {
      await storeCandles(pool, closed);
      if (holes.size > 0) await storeHoles(pool, day, holes);
      if (faults.size > 0) await countTickFaults(pool, day, faults);
      await storeLastPrices(pool, prices, hostNow());
      if (lastTickAt > 0)
        await storePromise(pool, { account, lastTickAt, promised, host: hostNow() });
    } catch (error) {
      this.#closed = [...closed, ...this.#closed];
      this.#changed = new Set([...changed, ...this.#changed]);
      for (const [fault, ticks] of faults) this.#intake.count(fault, ticks);
      console.error('candles could not be written', error instanceof Error ? error.message : '');
    }
  }
}
