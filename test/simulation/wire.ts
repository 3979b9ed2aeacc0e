// The broker as a client sees it: the real exchange engine behind requests that may be lost, late, executed
// without an answer, or refused. Every fault that strikes is recorded, since it happened outside the system.
import { sendFailure } from '../../broker/kite/outcome';
import type { WriteKind } from '../../domain/orders/limiter';
import type { OrderRequest, SendOutcome } from '../../domain/orders/order';
import { attribute, type BooksQuestion, type BooksReading } from '../../domain/position';
import { shares, type EpochMs } from '../../domain/units';
import type { Exchange } from '../../exchange/engine/exchange';
import { KiteError } from '../../exchange/engine/kiteError';
import type { Fill, Order } from '../../exchange/engine/order';
import type { Chance } from '../../exchange/market/chance';
import {
  accountOrder,
  cancelAt,
  fillRow,
  modifyAt,
  placeAt,
  triggerRows,
} from '../../backtest/exchangeRows';
import type { BrokerWire } from '../../backtest/replayedPosition';
import type { VirtualClock } from '../../backtest/virtualClock';
import type { Gate } from './gate';
import type { FaultName } from './swarm';

/** How long the client waits for an answer. */
export const clientTimeoutMs = 5_000;
/** The longest a hidden order has been seen to stay out of the book. */
export const hiddenMs = 90_000;

export interface WireParts {
  readonly clock: VirtualClock;
  readonly exchange: Exchange;
  readonly gate: Gate;
  readonly chance: Chance;
  /** Writes the broker takes in one of its seconds. */
  readonly perSecond: number;
  /** Does the fault strike now? Writes it down when it does. */
  readonly strikes: (fault: FaultName, tag: string) => boolean;
  readonly record: (kind: string, fields: Record<string, string | number | boolean>) => void;
}

/** One write on its way. */
interface Write {
  readonly kind: WriteKind;
  readonly tag: string;
  readonly carryOut: () => string;
  /** Asked when the write's turn has come. A halt that came meanwhile stops it. */
  readonly allowed?: () => boolean;
  readonly answer: (outcome: SendOutcome) => void;
}

export class Wire implements BrokerWire {
  readonly #parts: WireParts;
  #requests: EpochMs[] = [];

  constructor(parts: WireParts) {
    this.#parts = parts;
  }

  enter(order: OrderRequest, allowed: () => boolean, answer: Write['answer']): void {
    this.#write({ kind: 'entry', tag: order.tag, carryOut: this.#placing(order), allowed, answer });
  }

  placeExit(order: OrderRequest, answer: Write['answer']): void {
    const kind = order.pricing.kind === 'LIMIT' ? 'exit' : 'stop';
    this.#write({ kind, tag: order.tag, carryOut: this.#placing(order), answer });
  }

  modify(orderId: string, order: OrderRequest, answer: Write['answer']): void {
    const { pricing, tag } = order;
    const carryOut = (): string => modifyAt(this.#parts.exchange, orderId, order);
    this.#write({ kind: pricing.kind === 'LIMIT' ? 'exit' : 'trail', tag, carryOut, answer });
  }

  cancel(orderId: string, tag: string, answer: Write['answer']): void {
    const carryOut = (): string => cancelAt(this.#parts.exchange, orderId);
    this.#write({ kind: 'exit', tag, carryOut, answer });
  }

  /**
   * Reads the books as the client does: three requests side by side, each answered at its own moment;
   * triggers last.
   */
  readBooks(question: BooksQuestion, answer: (reading: BooksReading) => void, attempt = 0): void {
    const { clock, chance, exchange, strikes } = this.#parts;
    const { intentId, tradingsymbol, product } = question;
    const again = (): void => this.readBooks(question, answer, attempt + 1);
    if (strikes('booksFail', intentId)) {
      clock.later(chance.whole(20, 200) + Math.min(250 * 2 ** attempt, 5_000), again);
      return;
    }
    const slow = strikes('booksSlow', intentId) ? chance.whole(200, 2_000) : 0;
    const moment = (): number => chance.whole(5, 60) + Math.floor(slow * chance.unit());
    const [orders, fills, net] = [moment(), moment(), moment()];
    let rows: readonly Order[] = [];
    let trades: readonly Fill[] = [];
    let netQuantity = 0;
    clock.later(orders, () => {
      rows = exchange.desk
        .all()
        .filter((order) => exchange.isVisible(order))
        .map((order) => ({ ...order }));
    });
    clock.later(fills, () => {
      trades = [...exchange.account.fills];
    });
    clock.later(net, () => {
      const { listing } = exchange.tape(tradingsymbol);
      netQuantity = exchange.account.netQuantity(listing.instrumentToken, product);
    });
    // Triggers are asked for when the rest has been answered.
    const triggers = product === 'CNC' ? moment() : 5;
    clock.later(Math.max(orders, fills, net) + triggers, () => {
      const ltp = exchange.tape(tradingsymbol).lastPrice;
      const reading = attribute(question, {
        orders: rows.map(accountOrder),
        fills: trades.map(fillRow),
        triggers: triggerRows(exchange),
      });
      answer({ ...reading, ltp, netQuantity: shares(netQuantity), at: clock.now });
    });
  }

  #placing(order: OrderRequest): () => string {
    const { exchange, clock, record } = this.#parts;
    return () => {
      const orderId = placeAt(exchange, order);
      const placed = exchange.desk.find(orderId);
      if (placed !== undefined && !exchange.isVisible(placed))
        record('hidden', { tag: order.tag, orderId, until: clock.now + hiddenMs });
      return orderId;
    };
  }

  #write(write: Write): void {
    const { clock, gate, chance } = this.#parts;
    gate.admit(write.kind, () => {
      if (write.allowed?.() === false)
        write.answer({ kind: 'rejected', code: 'HALTED', message: 'the kill switch is on' });
      else this.#send(write, chance.whole(5, 60), clock.now);
    });
  }

  #send(write: Write, uplinkMs: number, sentAt: number): void {
    const { clock, chance, strikes } = this.#parts;
    const { tag, answer } = write;
    const unanswered = (): void =>
      clock.at(sentAt + clientTimeoutMs, () =>
        answer({ kind: 'inDoubt', message: 'NetworkException: timeout of 5000ms exceeded' }),
      );
    if (strikes('lostRequest', tag)) {
      unanswered();
      return;
    }
    if (strikes('lateExecution', tag)) {
      unanswered();
      clock.later(clientTimeoutMs + chance.whole(0, 8_000), () => {
        this.#parts.record('lateRequest', { tag });
        this.#arrive(write, true);
        this.#parts.record('lateRequestEnd', { tag });
      });
      return;
    }
    clock.later(uplinkMs, () => {
      const outcome = this.#outcomeUnderFault(write);
      if (outcome === undefined) unanswered();
      else clock.later(this.#answerMs(tag), () => answer(outcome));
    });
  }

  /** A slow answer may come after the client gave up: then it is not heard. */
  #answerMs(tag: string): number {
    const { chance, strikes } = this.#parts;
    return strikes('slowAnswer', tag)
      ? chance.whole(500, clientTimeoutMs - 100)
      : chance.whole(5, 60);
  }

  /** What the client gets to hear; undefined is nothing at all. */
  #outcomeUnderFault(write: Write): SendOutcome | undefined {
    const { strikes } = this.#parts;
    const { tag } = write;
    const failed = (error_type: string, message: string): SendOutcome =>
      sendFailure({ error_type, message });
    if (strikes('tooManyRequests', tag)) return failed('NetworkException', 'Too many requests');
    if (strikes('serverError', tag)) return failed('NetworkException', 'Service is unavailable.');
    if (strikes('rejectAtOnce', tag)) return failed('InputException', 'Refused by the fault.');
    const outcome = this.#arrive(write, false);
    if (strikes('executeAndTimeout', tag)) return undefined;
    if (strikes('sayTimedOut', tag)) return failed('OrderException', 'Order request timed out.');
    return outcome;
  }

  #arrive({ kind, tag, carryOut }: Write, late: boolean): SendOutcome {
    const { clock, record } = this.#parts;
    const second = Math.floor(clock.now / 1_000);
    this.#requests = this.#requests.filter((at) => Math.floor(at / 1_000) === second);
    this.#requests.push(clock.now);
    record('request', { tag, class: kind, late });
    if (this.#requests.length > this.#parts.perSecond)
      return sendFailure({ error_type: 'NetworkException', message: 'Too many requests' });
    try {
      return { kind: 'accepted', orderId: carryOut() };
    } catch (error) {
      if (!(error instanceof KiteError)) throw error;
      return sendFailure({ error_type: error.errorType, message: error.message });
    }
  }
}
