// Which ticks of the feed count: those of watched stocks, dated in the session, with a price that is believed.
// The others are counted by why.
import type { FeedTick } from '../broker/port';
import type { MarketTick } from '../domain/market/candleBuilder';
import type { PriceBand } from '../domain/market/instrument';
import { dateFault, type TickFault, type TickWindow } from '../domain/market/tickDate';
import { openSieve, sift, unmeasuredTerms, type TickSieve } from '../domain/trailing';
import { paise } from '../domain/units';

export interface WatchedStock {
  readonly token: number;
  readonly tradingsymbol: string;
  /** null: not known; then only the move from one tick to the next is judged. */
  readonly band: PriceBand | null;
}

export interface StockTick extends MarketTick {
  readonly tradingsymbol: string;
}

interface StockSieve {
  readonly sieve: TickSieve;
  /** The tick whose price is doubted. */
  readonly doubted: StockTick | null;
}

/** More ticks of the future are counted without another look. */
const asideMax = 10_000;
const anyPrice: PriceBand = { lower: paise(1), upper: paise(Number.MAX_SAFE_INTEGER) };

export class TickIntake {
  #stocks = new Map<number, WatchedStock>();
  readonly #sieves = new Map<string, StockSieve>();
  #aside: FeedTick[] = [];
  #faults = new Map<TickFault, number>();

  watch(stocks: readonly WatchedStock[]): void {
    this.#stocks = new Map(stocks.map((stock) => [stock.token, stock]));
  }

  get watched(): readonly WatchedStock[] {
    return [...this.#stocks.values()];
  }

  /** A new day: yesterday's prices say nothing of today's. */
  clear(): void {
    this.#sieves.clear();
    this.#aside = [];
  }

  /**
   * The ticks that count, in order of time. A tick of the future is looked at again once the market's clock
   * has been read anew, because on paper that clock may have been moved.
   */
  admit(ticks: readonly FeedTick[], window: TickWindow): readonly StockTick[] {
    return this.#dated(ticks, window, (tick) => {
      if (this.#aside.length < asideMax) this.#aside.push(tick);
      else this.count('future');
    });
  }

  /** Those set aside that count by the clock read since. */
  admitAside(window: TickWindow): readonly StockTick[] {
    return this.#dated(this.#aside.splice(0), window, () => this.count('future'));
  }

  count(fault: TickFault, ticks = 1): void {
    this.#faults.set(fault, (this.#faults.get(fault) ?? 0) + ticks);
  }

  /** What was counted since the last call. */
  takeFaults(): ReadonlyMap<TickFault, number> {
    const faults = this.#faults;
    this.#faults = new Map();
    return faults;
  }

  #dated(
    ticks: readonly FeedTick[],
    window: TickWindow,
    ofFuture: (tick: FeedTick) => void,
  ): readonly StockTick[] {
    // One message holds ticks of many stocks, not in order of time.
    return ticks
      .filter((tick) => this.#isReadable(tick))
      .toSorted((one, other) => one.at - other.at)
      .flatMap((tick) => {
        const stock = this.#stocks.get(tick.token);
        if (stock === undefined || tick.price === 0) return [];
        const fault = dateFault(tick.at, window);
        if (fault === null) return this.#believed(stock, tick);
        if (fault === 'future') ofFuture(tick);
        else this.count(fault);
        return [];
      });
  }

  /** Not a number here would be one in every comparison after it. */
  #isReadable({ price, volume, at }: FeedTick): boolean {
    const readable = [price, volume, at].every(
      (value) => Number.isSafeInteger(value) && value >= 0,
    );
    if (!readable) this.count('unreadable');
    return readable;
  }

  #believed(
    { tradingsymbol, band }: WatchedStock,
    { price, volume: dayVolume, at }: FeedTick,
  ): readonly StockTick[] {
    const tick = { tradingsymbol, price, dayVolume, at };
    const known = this.#sieves.get(tradingsymbol);
    const terms = unmeasuredTerms(band ?? anyPrice, known?.sieve.last ?? price);
    const before = { ...(known?.sieve ?? openSieve(terms)), ...terms };
    const { sieve, believed } = sift(before, price);
    const doubted = known?.doubted ?? null;
    this.#sieves.set(tradingsymbol, { sieve, doubted: believed.length === 0 ? tick : null });
    if (believed.length === 2 && doubted !== null) return [doubted, tick];
    if (doubted !== null) this.count('outlier');
    return believed.length === 0 ? [] : [tick];
  }
}
