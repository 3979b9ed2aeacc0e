// The days of a shadow's exchange, one after the other on one port: each opens once somebody is logged in and its
// list of stocks is there, and closes the next morning. In between a waiting room stands on the port. A day that was
// killed goes on where it was.
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { BrokerFailure } from '../../broker/failure';
import { missedEnd, shadowDay, type ShadowDay } from '../../domain/live/shadowDay';
import { dayOf, type SessionDate } from '../../domain/session/calendar';
import { sessionClock } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import { readBooks } from '../../exchange/books/booksFile';
import { closeKilledSession } from '../../exchange/openedSession';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { openWaitingRoom, type WaitingRoom } from '../../exchange/waitingRoom';
import {
  begunSessions,
  booksFileOf,
  marketNow,
  NotResumed,
  withSession,
  type ShadowParts,
} from './session';

const host = '127.0.0.1';
const askAgainMs = 5_000;
const lookEveryMs = 250;

export class ShadowDays {
  readonly #parts: ShadowParts;
  readonly #stopping = new AbortController();
  #room: WaitingRoom | undefined;
  #day: ShadowDay;
  #proving: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
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
  run(port: number): Promise<void> {
    this.#proving = setInterval(() => this.#prove(), askAgainMs);
    this.#running = this.#hold(port);
    return this.#running;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearInterval(this.#proving);
    await this.#running?.catch(() => undefined);
    await this.#room?.close();
  }

  async #hold(port: number): Promise<void> {
    while (!this.#isStopped()) {
      await this.#until(this.#day.opensAt);
      await this.#patiently(() => this.#closeMissed());
      const exchange = await this.#patiently(() => this.#open(port));
      await this.#until(this.#day.endsAt);
      await exchange?.close();
      if (this.#isStopped()) return;
      this.#day = this.#nextDay();
      await this.enter(port);
    }
  }

  #now(): EpochMs {
    return marketNow(this.#parts);
  }

  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  #closed(): SessionDate | null {
    return readBooks(booksFileOf(this.#parts))?.date ?? null;
  }

  #nextDay(): ShadowDay {
    return shadowDay(this.#now(), this.#parts.calendar, this.#closed());
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

  /** Tries until it can be done; undefined when stopped before. @throws what neither a login nor a person can mend. */
  async #patiently<T>(attempt: () => Promise<T>): Promise<T | undefined> {
    while (!this.#isStopped()) {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof NotResumed) await this.#untilMovedAway(error);
        else if (error instanceof BrokerFailure) await this.#aMoment(error);
        else throw error;
      }
    }
    return undefined;
  }

  async #aMoment({ message }: BrokerFailure): Promise<void> {
    if (message !== this.#told) console.error(`waiting: ${message}`);
    this.#told = message;
    await sleep(askAgainMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
  }

  async #untilMovedAway(error: NotResumed): Promise<void> {
    this.#parts.notResumed(error);
    while (!this.#isStopped() && existsSync(error.journal)) await sleep(lookEveryMs);
  }

  /** Everything was down when a session ended: its books are closed before they are opened with. */
  async #closeMissed(): Promise<void> {
    for (;;) {
      const missed = missedEnd(this.#now(), begunSessions(this.#parts), this.#closed());
      if (missed === null) return;
      console.error(`closing the session of ${missed}, whose end was missed`);
      await withSession(this.#parts, missed, closeKilledSession);
    }
  }

  #open(port: number): Promise<PaperExchange> {
    return withSession(this.#parts, this.#day.date, (options) =>
      startPaperExchange({
        ...options,
        host,
        port,
        beforeListening: async () => this.#room?.close(),
      }),
    );
  }
}
