// Ticks into one-minute candles and last prices, written in batches. `complete_until` is a promise that the
// analysis waits for: every candle before it is stored.
import type { Pool } from 'pg';
import type { FeedTick } from '../broker/port';
import { storeCandles } from '../activities/marketData/candles';
import type { Candle } from '../domain/market/candle';
import {
  addTick,
  builderFrom,
  closeUntil,
  minuteOf,
  type CandleBuilder,
} from '../domain/market/candleBuilder';
import { dayOf, type TradingCalendar } from '../domain/session/calendar';
import { istDate, sessionClock } from '../domain/session/sessionClock';
import { epochMs, type EpochMs, type Paise } from '../domain/units';

export class CandleWriter {
  readonly #pool: Pool;
  readonly #account: string;
  readonly #calendar: TradingCalendar;
  #symbols = new Map<number, string>();
  readonly #builders = new Map<string, CandleBuilder>();
  readonly #prices = new Map<string, { ltp: Paise; at: number }>();
  #closed: { tradingsymbol: string; candle: Candle }[] = [];
  #lastTickAt = 0;
  #minute = epochMs(0);
  #writing: Promise<void> | undefined;

  constructor(pool: Pool, account: string, calendar: TradingCalendar) {
    this.#pool = pool;
    this.#account = account;
    this.#calendar = calendar;
  }

  watch(stocks: readonly (readonly [token: number, tradingsymbol: string])[]): void {
    this.#symbols = new Map(stocks);
  }

  take(ticks: readonly FeedTick[]): void {
    // One message holds ticks of many stocks, not in order of time. They are sorted, since a tick of a later
    // minute ends the earlier one.
    for (const { token, price, volume, at } of ticks.toSorted((a, b) => a.at - b.at)) {
      const tradingsymbol = this.#symbols.get(token);
      if (tradingsymbol === undefined || price <= 0) continue;
      const tick = { price, dayVolume: volume, at };
      const { builder, closed } = addTick(
        this.#builders.get(tradingsymbol) ?? builderFrom(tick.at, this.#openOf(tick.at)),
        tick,
      );
      this.#builders.set(tradingsymbol, builder);
      this.#keep(tradingsymbol, closed);
      this.#prices.set(tradingsymbol, { ltp: tick.price, at });
      this.#advance(tick.at);
    }
  }

  #openOf(at: EpochMs): EpochMs {
    return sessionClock(dayOf(istDate(at), this.#calendar), true).open;
  }

  /** A tick of a later minute ends the minute for every stock. */
  #advance(at: EpochMs): void {
    this.#lastTickAt = Math.max(this.#lastTickAt, at);
    const minute = minuteOf(at);
    if (minute <= this.#minute) return;
    this.#minute = minute;
    for (const [tradingsymbol, current] of this.#builders) {
      const { builder, closed } = closeUntil(current, minute);
      this.#builders.set(tradingsymbol, builder);
      this.#keep(tradingsymbol, closed);
    }
  }

  #keep(tradingsymbol: string, candle: Candle | null): void {
    if (candle !== null) this.#closed.push({ tradingsymbol, candle });
  }

  /** Writes what has gathered. A failed write is repeated with the next. */
  async flush(): Promise<void> {
    if (this.#writing !== undefined || this.#lastTickAt === 0) return this.#writing;
    this.#writing = this.#write().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #write(): Promise<void> {
    const closed = this.#closed;
    const prices = [...this.#prices];
    const minute = this.#minute;
    this.#closed = [];
    this.#prices.clear();
    try {
      await storeCandles(this.#pool, closed);
      await this.#storePrices(prices);
      await this.#pool.query(
        `insert into feed (account, last_tick_at, complete_until, last_tick_host) values ($1, $2, $3, $4)
         on conflict (account) do update set last_tick_at = excluded.last_tick_at, complete_until = excluded.complete_until, last_tick_host = excluded.last_tick_host`,
        [this.#account, this.#lastTickAt, minute, Date.now()],
      );
    } catch (error) {
      this.#closed = [...closed, ...this.#closed];
      console.error('candles could not be written', error instanceof Error ? error.message : '');
    }
  }

  async #storePrices(
    prices: readonly (readonly [string, { ltp: Paise; at: number }])[],
  ): Promise<void> {
    if (prices.length === 0) return;
    await this.#pool.query(
      `insert into last_price (tradingsymbol, ltp, at, host) select *, $4::bigint from unnest($1::text[], $2::bigint[], $3::bigint[])
       on conflict (tradingsymbol) do update set ltp = excluded.ltp, at = excluded.at, host = excluded.host`,
      [
        prices.map(([symbol]) => symbol),
        prices.map(([, price]) => price.ltp),
        prices.map(([, price]) => price.at),
        Date.now(),
      ],
    );
  }
}
