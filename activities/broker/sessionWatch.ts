// The account's broker with an eye on its session: every answer proves it, the first refusal ends it. While it
// is lost, questions fail at once and writes are turned away, so that one slow probe is all the broker hears.
import { BrokerFailure } from '../../broker/failure';
import type { AccountProfile, Broker, BrokerReader, BrokerWriter } from '../../broker/port';
import {
  isProven,
  newsOf,
  proofMaxMs,
  sessionAfter,
  unproven,
  type BrokerSession,
  type BrokerSessionEvent,
  type SessionLoss,
} from '../../domain/brokerSession';
import type { SendOutcome } from '../../domain/orders/order';
import { epochMs } from '../../domain/units';
import type { EntryGuard } from './entryGuard';

export interface SessionListener {
  /** The session is over. */
  lost(loss: SessionLoss): void;
  /** It answers, for the first time or again. */
  valid(): void;
  /** It answers again, after a login or by itself. */
  back(): void;
}

/** Between two probes of a lost session. */
const probeEveryMs = 5_000;

export class SessionWatch {
  readonly #reader: BrokerReader;
  readonly #listener: SessionListener;
  #session: BrokerSession = unproven;
  /** Counts logins: what was asked with an older token says nothing of the new one. */
  #login = 0;
  #probing: NodeJS.Timeout | undefined;
  /** As the broker last told it of this session. */
  #told: { readonly at: number; readonly profile: AccountProfile } | undefined;

  constructor(reader: BrokerReader, listener: SessionListener) {
    this.#reader = reader;
    this.#listener = listener;
  }

  get session(): BrokerSession {
    return this.#session;
  }

  /** A person has logged in: proves the new session at once. */
  async renewed(): Promise<void> {
    this.#login += 1;
    this.#told = undefined;
    this.#take({ kind: 'renewed' });
    await this.prove();
  }

  /** Has the session answered within the last minute? Asks where it has not. */
  async prove(): Promise<boolean> {
    if (isProven(this.#session, epochMs(Date.now()))) return true;
    await this.#askProfile().catch(() => undefined);
    return isProven(this.#session, epochMs(Date.now()));
  }

  /** Whose session it is, as the broker has said within the last minute. @throws BrokerFailure. */
  async profile(): Promise<AccountProfile> {
    const { session } = this;
    if (session.kind === 'lost') throw new BrokerFailure('session', lostSince(session));
    const told = this.#told;
    return told !== undefined && Date.now() - told.at <= proofMaxMs
      ? told.profile
      : this.#askProfile();
  }

  stop(): void {
    clearInterval(this.#probing);
  }

  /** The half that reads, as everybody else has it. */
  reader(): BrokerReader {
    const broker = this.#reader;
    const read = <T>(question: () => Promise<T>): Promise<T> => this.#reading(question);
    return {
      capabilities: broker.capabilities,
      // Of the line, not of the session: their answers prove nothing.
      serverTime: () => broker.serverTime(),
      localAddress: () => broker.localAddress(),
      profile: () => read(() => broker.profile()),
      books: () => read(() => broker.books()),
      triggers: () => read(() => broker.triggers()),
      holdings: () => read(() => broker.holdings()),
      funds: () => read(() => broker.funds()),
      margins: (orders) => read(() => broker.margins(orders)),
      charges: (orders) => read(() => broker.charges(orders)),
      listing: () => read(() => broker.listing()),
      underlyings: () => read(() => broker.underlyings()),
      quotes: (symbols) => read(() => broker.quotes(symbols)),
      history: (span) => read(() => broker.history(span)),
    };
  }

  /** The broker as everybody else has it. */
  watched(writer: BrokerWriter): Broker {
    return {
      ...this.reader(),
      place: (order) => this.#write(() => writer.place(order)),
      modify: (orderId, order) => this.#write(() => writer.modify(orderId, order)),
      cancel: (orderId) => this.#write(() => writer.cancel(orderId)),
    };
  }

  async #askProfile(): Promise<AccountProfile> {
    const login = this.#login;
    const profile = await this.#asked(() => this.#reader.profile());
    if (login === this.#login) this.#told = { at: Date.now(), profile };
    return profile;
  }

  #reading<T>(question: () => Promise<T>): Promise<T> {
    const { session } = this;
    return session.kind === 'lost'
      ? Promise.reject(new BrokerFailure('session', lostSince(session)))
      : this.#asked(question);
  }

  #write(send: () => Promise<SendOutcome>): Promise<SendOutcome> {
    const { session } = this;
    return session.kind === 'lost'
      ? Promise.resolve({ kind: 'turnedAway', message: lostSince(session) })
      : send();
  }

  async #asked<T>(question: () => Promise<T>): Promise<T> {
    const login = this.#login;
    try {
      const answer = await question();
      if (login === this.#login) this.#take({ kind: 'answered', at: epochMs(Date.now()) });
      return answer;
    } catch (error) {
      if (login === this.#login && error instanceof BrokerFailure && error.kind === 'session')
        this.#take({ kind: 'refused', at: epochMs(Date.now()), why: error.message });
      throw error;
    }
  }

  #take(event: BrokerSessionEvent): void {
    const before = this.#session;
    this.#session = sessionAfter(before, event);
    const news = newsOf(before, this.#session);
    if (this.#session.kind === 'lost') this.#keepProbing();
    else this.#stopProbing();
    if (before.kind !== 'valid' && this.#session.kind === 'valid') this.#listener.valid();
    if (news === 'back') this.#listener.back();
    if (news === 'lost' && this.#session.kind === 'lost') this.#listener.lost(this.#session);
  }

  #keepProbing(): void {
    this.#probing ??= setInterval(
      () => void this.#askProfile().catch(() => undefined),
      probeEveryMs,
    );
  }

  #stopProbing(): void {
    clearInterval(this.#probing);
    this.#probing = undefined;
  }
}

const lostSince = ({ since, why }: Extract<BrokerSession, { kind: 'lost' }>): string =>
  `the broker's session has been lost since ${new Date(since).toISOString()}: ${why}`;

/** No entry leaves on a session that has not answered within the last minute. */
export const guardedBySession =
  (guard: EntryGuard, watch: Pick<SessionWatch, 'prove'>): EntryGuard =>
  async (order, decidedAt) =>
    (await watch.prove())
      ? guard(order, decidedAt)
      : {
          code: 'SESSION_UNPROVEN',
          message:
            'the broker’s session has not answered within a minute, so the entry was not sent',
        };
