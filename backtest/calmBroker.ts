// The paper exchange's engine as a broker whose connection never fails. Every request takes its time, within
// the account's write limits. Failing connections are tried in the simulation.
import { sendFailure } from '../broker/kite/outcome';
import type { WriteKind } from '../domain/orders/limiter';
import type { OrderRequest, SendOutcome } from '../domain/orders/order';
import { attribute, type BooksQuestion, type BooksReading } from '../domain/position';
import type { BrokerMargin } from '../domain/risk';
import { paise, shares, type Paise } from '../domain/units';
import type { Exchange } from '../exchange/engine/exchange';
import { KiteError } from '../exchange/engine/kiteError';
import { availableMargin, debits, orderMargin } from '../exchange/engine/margins';
import type { Listing } from '../exchange/market/listing';
import { accountOrder, cancelAt, fillRow, modifyAt, placeAt, triggerRows } from './exchangeRows';
import type { BrokerWire } from './replayedPosition';
import type { VirtualClock } from './virtualClock';
import type { WriteGate } from './writeGate';

/** One way, market milliseconds. The latency bench measures a round trip of about this size. */
const lineMs = 30;

type Answer = (outcome: SendOutcome) => void;

export class CalmBroker implements BrokerWire {
  readonly #clock: VirtualClock;
  readonly #exchange: Exchange;
  readonly #gate: WriteGate;

  constructor(clock: VirtualClock, exchange: Exchange, gate: WriteGate) {
    this.#clock = clock;
    this.#exchange = exchange;
    this.#gate = gate;
  }

  enter(order: OrderRequest, allowed: () => boolean, answer: Answer): void {
    this.#write('entry', answer, () => {
      if (allowed()) return placeAt(this.#exchange, order);
      throw new KiteError(400, 'InputException', 'entries are halted');
    });
  }

  placeExit(order: OrderRequest, answer: Answer): void {
    const kind = order.pricing.kind === 'LIMIT' ? 'exit' : 'stop';
    this.#write(kind, answer, () => placeAt(this.#exchange, order));
  }

  modify(orderId: string, order: OrderRequest, answer: Answer): void {
    const kind = order.pricing.kind === 'LIMIT' ? 'exit' : 'trail';
    this.#write(kind, answer, () => modifyAt(this.#exchange, orderId, order));
  }

  cancel(orderId: string, _tag: string, answer: Answer): void {
    this.#write('cancel', answer, () => cancelAt(this.#exchange, orderId));
  }

  readBooks(question: BooksQuestion, answer: (reading: BooksReading) => void): void {
    const { tradingsymbol, product } = question;
    this.#clock.later(lineMs, () => {
      const { desk, account } = this.#exchange;
      const { listing, lastPrice } = this.#exchange.tape(tradingsymbol);
      const isOfStock = (one: { readonly listing: Listing }): boolean => one.listing === listing;
      const reading = attribute(question, {
        orders: desk.all().filter(isOfStock).map(accountOrder),
        fills: account.fills.filter(isOfStock).map(fillRow),
        triggers: triggerRows(this.#exchange),
      });
      const netQuantity = shares(account.netQuantity(listing.instrumentToken, product));
      this.#clock.later(lineMs, () =>
        answer({ ...reading, ltp: lastPrice, netQuantity, at: this.#clock.now }),
      );
    });
  }

  /** The broker's figures for an intraday entry. */
  marginFor(tradingsymbol: string, value: Paise): BrokerMargin {
    const { account, desk } = this.#exchange;
    const { listing } = this.#exchange.tape(tradingsymbol);
    const live = desk.allLive();
    return {
      required: orderMargin(listing, 'MIS', value),
      available: availableMargin(account, live),
      used: paise(Math.max(0, debits(account, live))),
    };
  }

  #write(kind: WriteKind, answer: Answer, carryOut: () => string): void {
    this.#gate.admit(kind, () =>
      this.#clock.later(lineMs, () => {
        const outcome = outcomeOf(carryOut);
        this.#clock.later(lineMs, () => answer(outcome));
      }),
    );
  }
}

function outcomeOf(carryOut: () => string): SendOutcome {
  try {
    return { kind: 'accepted', orderId: carryOut() };
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
    return sendFailure({ error_type: error.errorType, message: error.message });
  }
}
