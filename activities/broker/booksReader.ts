// The account's books, read once for everybody who asks at the same time: Kite has no query by tag, and
// allows ten requests a second. A reader never gets a reading that began before it asked.
import type { Connect } from 'kiteconnect';
import type { AccountOrder, Fill } from '../../domain/orders/order';
import type { BookTrigger } from '../../domain/orders/trigger';
import { failureOf } from './outcome';
import { orderRows, positionRows, tradeRows } from './rows';
import { readTriggers } from './triggers';

/** The whole account's orders and fills of the day. */
export interface AccountBooks {
  readonly orders: readonly AccountOrder[];
  readonly fills: readonly Fill[];
  /** Signed net quantity by stock and product, `SYMBOL/MIS`; absent where nothing was traded. */
  readonly netQuantities: ReadonlyMap<string, number>;
}

/** Three requests each: three readings a second stay under the limit. */
const spacingMs = 350;

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

  /** Read after the books, so that whatever a trigger has placed is in them. @throws Error when they cannot be read. */
  readTriggers(): Promise<readonly BookTrigger[]> {
    return readTriggers(this.#kite).catch(unreadable);
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
    const [orders, trades, positions] = await Promise.all([
      this.#kite.getOrders(),
      this.#kite.getTrades(),
      this.#kite.getPositions(),
    ]).catch(unreadable);
    const { net } = positionRows.parse(positions);
    return {
      orders: orderRows.parse(orders),
      fills: tradeRows.parse(trades),
      netQuantities: new Map(
        net.map((row) => [`${row.tradingsymbol}/${row.product}`, row.quantity]),
      ),
    };
  }
}

function unreadable(error: unknown): never {
  if (error instanceof Error) throw error;
  const { type, message } = failureOf(error);
  throw new Error(`the broker's books could not be read: ${type}: ${message}`, { cause: error });
}
