// The days of a shadow's exchange, one after the other on one port: each opens once somebody is logged in and its
// list of stocks is there, and closes the next morning. In between a waiting room stands on the port.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openFeed } from '../../broker';
import { BrokerFailure } from '../../broker/failure';
import type { BrokerReader, ListedStock } from '../../broker/port';
import { shadowDay, type ShadowDay } from '../../domain/live/shadowDay';
import { dayOf, type TradingCalendar } from '../../domain/session/calendar';
import { sessionClock } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs, type Paise } from '../../domain/units';
import { readBooks } from '../../exchange/books/booksFile';
import type { Credentials } from '../../exchange/rest/session';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { openWaitingRoom, type WaitingRoom } from '../../exchange/waitingRoom';
import type { AccountPlace } from '../brokerPlace';

export interface ShadowParts {
  /** The account's folder of the shadow: books and journals. */
  readonly folder: string;
  readonly calendar: TradingCalendar;
  /** Keys of our own exchange, made up. */
  readonly keys: Credentials;
  /** Guards the calls under /paper/; undefined leaves them open. */
  readonly paperToken?: string | undefined;
  readonly user: string;
  /** Cash the shadow begins with; undefined: as much as the account has. */
  readonly cash: Paise | undefined;
  readonly place: AccountPlace;
  readonly reader: BrokerReader;
  /** How far the market's clock is ahead of this machine's. */
  readonly clockAheadMs: number;
}

const host = '127.0.0.1';
const askAgainMs = 5_000;
const lookEveryMs = 250;

export class ShadowDays {
  readonly #parts: ShadowParts;
  readonly #stopping = new AbortController();
  #room: WaitingRoom | undefined;
  #exchange: PaperExchange | undefined;
  #day: ShadowDay;
  #proving: NodeJS.Timeout | undefined;
  #told = '';

  constructor(parts: ShadowParts) {
    this.#parts = parts;
    this.#day = this.#nextDay();
  }

  /** Opens the waiting room. @returns its port, on which everything else follows. */
  async enter(port: number): Promise<number> {
    this.#room = await openWaitingRoom({
      host,
      port,
      date: this.#day.date,
      clock: () => ({ marketAt: this.#now(), hostAt: epochMs(Date.now()), speed: 1 }),
    });
    return this.#room.port;
  }

  /** Holds day after day on the port until stopped. */
  async run(port: number): Promise<void> {
    this.#proving = setInterval(() => this.#prove(), askAgainMs);
    while (!this.#isStopped()) {
      await this.#until(this.#day.opensAt);
      const market = await this.#patiently(() => this.#readMarket());
      if (market === undefined) return;
      await this.#room?.close();
      this.#exchange = await this.#open(port, market);
      await this.#until(this.#day.endsAt);
      if (this.#isStopped()) return;
      await this.#exchange.close();
      this.#exchange = undefined;
      this.#day = this.#nextDay();
      await this.enter(port);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#proving);
    await this.#room?.close();
    await this.#exchange?.close();
  }

  get #booksFile(): string {
    return join(this.#parts.folder, 'books.json');
  }

  #now(): EpochMs {
    return epochMs(Date.now() + this.#parts.clockAheadMs);
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #nextDay(): ShadowDay {
    const closed = readBooks(this.#booksFile)?.date ?? null;
    return shadowDay(this.#now(), this.#parts.calendar, closed);
  }

  /** Asks the broker for nothing, so that the end of its session is noticed while the market is open. */
  #prove(): void {
    const { date, opensAt } = this.#day;
    const { close } = sessionClock(dayOf(date, this.#parts.calendar), false);
    const now = this.#now();
    if (now < opensAt || now > close) return;
    this.#parts.reader.profile().catch(() => undefined);
  }

  async #until(at: EpochMs): Promise<void> {
    while (!this.#isStopped() && this.#now() < at) await sleep(lookEveryMs);
  }

  /** Asks until the broker answers; undefined when stopped before. */
  async #patiently<T>(ask: () => Promise<T>): Promise<T | undefined> {
    while (!this.#isStopped()) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof BrokerFailure)) throw error;
        if (error.message !== this.#told) console.error(`waiting: ${error.message}`);
        this.#told = error.message;
        await sleep(askAgainMs, undefined, { signal: this.#stopping.signal }).catch(
          () => undefined,
        );
      }
    }
    return undefined;
  }

  async #readMarket(): Promise<DayMarket> {
    const { reader, cash } = this.#parts;
    const [stocks, underlyings] = [await reader.listing(), await reader.underlyings()];
    return { stocks, underlyings, openingCash: cash ?? (await reader.funds()).cash };
  }

  #open(port: number, { stocks, underlyings, openingCash }: DayMarket): Promise<PaperExchange> {
    const { folder, calendar, keys, paperToken, user, place, reader, clockAheadMs } = this.#parts;
    const { date } = this.#day;
    return startPaperExchange({
      host,
      port,
      date,
      calendar,
      source: {
        kind: 'feed',
        parts: {
          stocks,
          underlyings,
          reader,
          marketNow: () => this.#now(),
          openFeed: (listener) =>
            openFeed(place.credentials, place.address, listener, { detail: true }),
        },
      },
      clockAheadMs,
      speed: 1,
      held: false,
      openingCash,
      credentials: keys,
      ...(paperToken !== undefined && { paperToken }),
      profile: { userId: user },
      booksFile: this.#booksFile,
      journalPath: join(folder, `journal-${date}.jsonl`),
    });
  }
}

interface DayMarket {
  readonly stocks: readonly ListedStock[];
  readonly underlyings: ReadonlySet<string>;
  readonly openingCash: Paise;
}
