// Fills holes in the day's candles from the broker's history, one request at a time and no faster than the
// broker allows. Orders, margins and quotes have limits of their own at the broker, so an entry waits for none
// of these requests.
import type { Pool } from 'pg';
import { wordsOf } from '../domain/errors';
import { fillCandles } from '../activities/marketData/candles';
import { compareStored } from '../activities/marketData/candleComparison';
import type { BrokerReader } from '../broker/port';
import { reaches, type FillRequest } from '../domain/market/feedCoverage';
import type { CandleWriter } from './candleWriter';

/** Without anything to fill; host milliseconds. */
const idleMs = 250;
/** After a request in vain, doubled with each further one in a row; host milliseconds. */
const pauseMinMs = 3_000;
const pauseMaxMs = 30_000;

export interface BackfillParts {
  readonly broker: Pick<BrokerReader, 'history' | 'capabilities'>;
  readonly pool: Pool;
  readonly account: string;
  readonly candles: CandleWriter;
  /** Instruments with open positions: their stocks come first. */
  readonly positions: () => readonly number[];
}

export class Backfill {
  readonly #parts: BackfillParts;
  /** How often a stock was asked for in vain: the others come before it. */
  readonly #inVain = new Map<string, number>();
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(parts: BackfillParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#later(0);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Asks for one stock's day. @returns how long to wait before the next request, ms. */
  async step(): Promise<number> {
    const request = this.#parts.candles.nextFill(this.#order());
    if (request === null) return idleMs;
    const { tradingsymbol } = request;
    try {
      if (await this.#fill(request)) {
        this.#inVain.delete(tradingsymbol);
        this.#failures = 0;
        return this.#parts.broker.capabilities.reads.historyEveryMs;
      }
    } catch (error) {
      const why = wordsOf(error);
      console.error(`the minutes of ${tradingsymbol} could not be filled: ${why}`);
    }
    this.#inVain.set(tradingsymbol, (this.#inVain.get(tradingsymbol) ?? 0) + 1);
    this.#failures += 1;
    return Math.min(pauseMaxMs, pauseMinMs * 2 ** (this.#failures - 1));
  }

  #later(ms: number): void {
    this.#timer = setTimeout(() => {
      void this.step().then((pauseMs) => {
        if (!this.#stopped) this.#later(pauseMs);
      });
    }, ms);
  }

  #order(): readonly string[] {
    const held = new Set(this.#parts.positions());
    const rank = (token: number, name: string): number =>
      2 * (this.#inVain.get(name) ?? 0) + (held.has(token) ? 0 : 1);
    return this.#parts.candles.watched
      .map(({ token, tradingsymbol }) => ({ tradingsymbol, rank: rank(token, tradingsymbol) }))
      .sort((one, other) => one.rank - other.rank)
      .map(({ tradingsymbol }) => tradingsymbol);
  }

  async #fill(request: FillRequest): Promise<boolean> {
    const { broker, pool, account, candles } = this.#parts;
    const { tradingsymbol, from, to, until } = request;
    const { date } = candles;
    const stock = candles.watched.find((one) => one.tradingsymbol === tradingsymbol);
    if (stock === undefined) return true;
    const history = await broker.history({ instrumentToken: stock.token, from, to });
    if (!reaches(request, history)) return false;
    const missing = candles.missingOf(request, history);
    await fillCandles(
      pool,
      missing.map((candle) => ({ tradingsymbol, candle })),
    );
    candles.filled(request);
    await candles.flush();
    await compareStored(pool, { account, date, tradingsymbol }, { span: { from, until }, history });
    return true;
  }
}
