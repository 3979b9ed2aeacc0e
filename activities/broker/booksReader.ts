// The account's books, read once for everybody who asks at the same time: a broker has no query by tag, and
// allows few requests a second. A reader never gets a reading that began before it asked.
import type { AccountBooks, BrokerReader } from '../../broker/port';

export class BooksReader {
  readonly #broker: BrokerReader;
  #next: Promise<AccountBooks> | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #lastStart = 0;

  constructor(broker: BrokerReader) {
    this.#broker = broker;
  }

  /** @throws BrokerFailure when any part cannot be read: an unreadable book is unknown, never empty. */
  read(): Promise<AccountBooks> {
    this.#next ??= this.#running.then(() => this.#fetch());
    return this.#next;
  }

  async #fetch(): Promise<AccountBooks> {
    const { booksEveryMs } = this.#broker.capabilities.reads;
    const pause = this.#lastStart + booksEveryMs - Date.now();
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    this.#lastStart = Date.now();
    this.#next = undefined;
    const reading = this.#broker.books();
    this.#running = reading.catch(() => undefined);
    return reading;
  }
}
