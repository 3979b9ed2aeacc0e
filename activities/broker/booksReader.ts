// The account's books, read once for everybody who asks at the same time: Kite has no query by tag, and
// allows ten requests a second. A reader never gets a reading that began before it asked.
import type { Connect } from 'kiteconnect';
import type { BookOrder, Fill } from '../../domain/orders/order';
import { failureOf } from './outcome';
import { orderRows, tradeRows } from './rows';

/** The whole account's orders and fills of the day. */
export interface AccountBooks {
  readonly orders: readonly BookOrder[];
  readonly fills: readonly Fill[];
}

/** Two requests each: four readings a second stay under the limit. */
const spacingMs = 250;

export class BooksReader {
  readonly #kite: Connect;
  #next: Promise<AccountBooks> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #lastStart = 0;

  constructor(kite: Connect) {
    this.#kite = kite;
  }

  /** @throws Error when any part cannot be read: an unreadable book is unknown, never empty. */
  read(): Promise<AccountBooks> {
    this.#next ??= this.#running.then(() => this.#fetch());
    return this.#next;
  }

  async #fetch(): Promise<AccountBooks> {
    const pause = this.#lastStart + spacingMs - Date.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    this.#lastStart = Date.now();
    this.#next = undefined;
    const reading = this.#readBoth();
    this.#running = reading.catch(() => undefined);
    return reading;
  }

  async #readBoth(): Promise<AccountBooks> {
    try {
      const [orders, trades] = await Promise.all([this.#kite.getOrders(), this.#kite.getTrades()]);
      return { orders: orderRows.parse(orders), fills: tradeRows.parse(trades) };
    } catch (error) {
      if (error instanceof Error) throw error;
      const { type, message } = failureOf(error);
      throw new Error(`the broker's books could not be read: ${type}: ${message}`, {
        cause: error,
      });
    }
  }
}
