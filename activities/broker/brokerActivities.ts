// The broker, as the position workflow sees it: order writes that answer with an outcome and never hide
// one, and one reading of the books.
import { BooksUnread } from '../../broker/failure';
import { holdingKey, type Broker } from '../../broker/port';
import {
  attribute,
  entryReport,
  isCarried,
  type BooksAnswer,
  type BooksQuestion,
  type BooksReading,
} from '../../domain/position';
import type { OrderRequest, SendOutcome } from '../../domain/orders/order';
import type { WriteKind } from '../../domain/orders/limiter';
import type { RiskApproved } from '../../domain/risk';
import { epochMs, shares, type EpochMs } from '../../domain/units';
import type { BooksReader } from './booksReader';
import type { LastPrice } from './lastPrice';
import type { EntryGuard } from './entryGuard';
import type { WriteGate } from './gate';

export interface BrokerDependencies {
  readonly broker: Broker;
  readonly gate: WriteGate;
  readonly books: BooksReader;
  readonly guard: EntryGuard;
  /** Uses up an approval. False where its entry has left before, or may have. */
  readonly claimEntry: (intentId: string) => Promise<boolean>;
  /** Writes down whose a trigger is: it carries no tag. */
  readonly recordTrigger: (orderId: string, order: OrderRequest) => Promise<void>;
  /** Hears the broker's words when it takes no orders from our address. It must not throw, and is not waited for. */
  readonly addressRefused: (brokerSaid: string) => void;
  /** Is `close-all --direct` acting on the account? Then nothing is sent from here. */
  readonly isHeld: () => boolean;
  /** Aborts when the workflow no longer waits for the call being made. */
  readonly givenUp: () => AbortSignal;
  /** Where a test may end the process; nothing otherwise. */
  readonly crashPoint: (name: string) => Promise<void>;
  /** The stock's last price. Throws when there is none: a price is never guessed. */
  readonly lastPrice: (tradingsymbol: string) => Promise<LastPrice>;
}

export interface BrokerActivities {
  /** Sends an approved entry, once. @param decidedAt host clock; too long ago and it is not sent. */
  sendEntry(order: RiskApproved<OrderRequest>, decidedAt: EpochMs): Promise<SendOutcome>;
  /** Places the exit order: the protective stop, or the limit that leaves. */
  placeExit(order: OrderRequest): Promise<SendOutcome>;
  modifyExit(orderId: string, order: OrderRequest): Promise<SendOutcome>;
  /** The same for a stop that trails, with when the answer came, host clock. */
  trailStop(orderId: string, order: OrderRequest): Promise<{ outcome: SendOutcome; at: EpochMs }>;
  cancelOrder(orderId: string, tag: string): Promise<SendOutcome>;
  /**
   * Orders and fills of an intent, and what else happened in its stock. Where not all books can be read, what
   * the others tell of the entry. Throws where that is nothing new.
   */
  readBooks(question: BooksQuestion): Promise<BooksAnswer>;
}

interface Write {
  readonly kind: WriteKind;
  readonly tag: string;
  readonly call: () => Promise<SendOutcome>;
}

const held: SendOutcome = {
  kind: 'turnedAway',
  message: 'close-all --direct is leaving the account’s positions at the broker itself',
};

const unclaimed = {
  code: 'ENTRY_UNCHECKED',
  message: 'our records could not be written, so the entry was not sent',
} as const;

/** The books tell what came of it. */
const sentBefore: SendOutcome = {
  kind: 'inDoubt',
  message: 'an entry of this approval has left before',
};

/** Sends one write through the gate. */
async function send(
  { gate, givenUp, crashPoint, addressRefused, isHeld }: BrokerDependencies,
  { kind, tag, call }: Write,
): Promise<SendOutcome> {
  await gate.admit(kind, tag, givenUp());
  if (isHeld()) return held;
  await crashPoint(`${kind}.beforeSend`);
  const answer = call();
  await crashPoint(`${kind}.afterSend`);
  const outcome = await answer;
  if (outcome.kind === 'rejected' && outcome.because === 'address') addressRefused(outcome.message);
  await crashPoint(`${kind}.afterAnswer`);
  return outcome;
}

/** Makes the activities of one account. */
export function createBrokerActivities(dependencies: BrokerDependencies): BrokerActivities {
  const { broker, guard, claimEntry, recordTrigger } = dependencies;
  const write = (kind: WriteKind, tag: string, call: Write['call']): Promise<SendOutcome> =>
    send(dependencies, { kind, tag, call });
  const modifyExit: BrokerActivities['modifyExit'] = (orderId, order) =>
    write(order.pricing.kind === 'LIMIT' ? 'exit' : 'trail', order.tag, () =>
      broker.modify(orderId, order),
    );
  return {
    // Guarded when the gate has let it through, not before: it may have waited there.
    sendEntry: (order, decidedAt) =>
      write('entry', order.tag, async () => {
        const refusal = await guard(order, decidedAt);
        if (refusal !== null) return { kind: 'rejected', ...refusal };
        const claimed = await claimEntry(order.tag).catch(() => undefined);
        if (claimed === undefined) return { kind: 'rejected', ...unclaimed };
        return claimed ? broker.place(order) : sentBefore;
      }),
    placeExit: async (order) => {
      const kind = order.pricing.kind === 'LIMIT' ? 'exit' : 'stop';
      const outcome = await write(kind, order.tag, () => broker.place(order));
      // Its levels are recorded already, by which it is known again should this fail.
      if (order.pricing.kind === 'OCO' && outcome.kind === 'accepted')
        await recordTrigger(outcome.orderId, order).catch(() => undefined);
      return outcome;
    },
    modifyExit,
    trailStop: async (orderId, order) => ({
      outcome: await modifyExit(orderId, order),
      at: epochMs(Date.now()),
    }),
    cancelOrder: (orderId, tag) => write('cancel', tag, () => broker.cancel(orderId)),
    readBooks: (question) =>
      readBooks(dependencies, question).then(
        (reading) => ({ kind: 'whole', reading }),
        (error: unknown) => partlyRead(question, error),
      ),
  };
}

/** @throws the failure itself where the books that could be read tell nothing new. */
function partlyRead(question: BooksQuestion, error: unknown): BooksAnswer {
  const report = error instanceof BooksUnread ? entryReport(question, error.part) : null;
  if (report === null) throw error;
  return { kind: 'partly', report };
}

async function readBooks(
  { broker, books, lastPrice }: BrokerDependencies,
  question: BooksQuestion,
): Promise<BooksReading> {
  const { tradingsymbol, product } = question;
  const [{ orders, fills, netQuantities }, price] = await Promise.all([
    books.read(),
    lastPrice(tradingsymbol),
  ]);
  const triggers = isCarried({ product }) ? await broker.triggers() : [];
  return {
    ...attribute(question, { orders, fills, triggers }),
    ltp: price.ltp,
    ltpAt: price.at,
    netQuantity: shares(netQuantities.get(holdingKey(tradingsymbol, product)) ?? 0),
    at: epochMs(Date.now()),
  };
}
