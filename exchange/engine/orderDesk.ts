// The order book's clerk: makes orders, moves them from status to status and writes each step into the
// order's history. It knows nothing of prices; the exchange decides, this records.
import { invariant } from '../../domain/assert';
import { epochMs, paise, shares, type EpochMs } from '../../domain/units';
import { textSeed } from '../market/chance';
import type { Listing } from '../market/listing';
import { journalLine, type JournalSink } from './journal';
import {
  isDone,
  openQuantity,
  type IcebergPlan,
  type Order,
  type OrderStatus,
  type OrderTerms,
  type OrderView,
  type Placer,
} from './order';

/** What happened to an order, for those who push updates. */
export type OrderEvent = 'placed' | 'opened' | 'triggered' | 'modified' | 'partial' | 'final';

export type OrderListener = (order: OrderView, event: OrderEvent) => void;

/** The order book as others read it, and where they hear of changes. */
export type OrderList = Pick<OrderDesk, 'all' | 'allLive' | 'find' | 'listener'>;

/** The iceberg an order is a leg of; absent for an order by itself. */
export interface OrderOrigin {
  readonly iceberg?: IcebergPlan | undefined;
  readonly parentOrderId?: string | undefined;
}

export interface NewOrder extends OrderOrigin {
  readonly terms: OrderTerms;
  readonly listing: Listing;
  readonly placer: Placer;
  readonly at: EpochMs;
}

export class OrderDesk {
  private readonly date: string;
  private readonly journal: JournalSink;
  private readonly orders = new Map<string, Order>();
  private readonly whenOver = new Map<string, (order: OrderView) => void>();
  /** Not yet over, by instrument: what a tick has to look at. */
  private readonly live = new Map<number, Set<Order>>();
  private sequence = 0;
  private priority = 0;
  listener: OrderListener = () => undefined;

  constructor(date: string, journal: JournalSink) {
    this.date = date;
    this.journal = journal;
  }

  create({ terms, listing, placer, at, iceberg, parentOrderId }: NewOrder): Order {
    this.sequence += 1;
    const order: Order = {
      ...sketchOrder(terms, listing),
      orderId: this.orderId(),
      parentOrderId: parentOrderId ?? null,
      placer,
      placedAt: at,
      updatedAt: at,
      iceberg: iceberg ?? null,
      stage: 'pending',
      protectionPct: terms.marketProtection,
      priority: 0,
      queueAhead: 0,
      history: [],
    };
    this.orders.set(order.orderId, order);
    this.liveOf(listing.instrumentToken).add(order);
    order.history.push(viewOf(order));
    this.listener(viewOf(order), 'placed');
    return order;
  }

  /** Sets the status and adds the row to the order's history. */
  step(order: Order, status: OrderStatus, at: EpochMs): void {
    invariant(!isDone(order), 'Invariant: an order that is over never changes again');
    order.status = status;
    order.updatedAt = at;
    order.history.push(viewOf(order));
  }

  /** The exchange has it: it gets the exchange's id and time. */
  acknowledge(order: Order, at: EpochMs): void {
    order.exchangeOrderId ??= `13${this.date.replaceAll('-', '').slice(2)}${this.tail(order)}`;
    order.exchangeAt = at;
  }

  /** Puts the order behind all others at its price. */
  loseTimePriority(order: Order): void {
    this.priority += 1;
    order.priority = this.priority;
  }

  notify(order: Order, event: OrderEvent): void {
    this.listener(viewOf(order), event);
  }

  /** Ends the order. What is left of it counts as cancelled when it is cancelled. */
  finish(
    order: Order,
    status: 'COMPLETE' | 'CANCELLED' | 'REJECTED',
    at: EpochMs,
    reason: readonly [string, string] | null = null,
  ): void {
    if (status === 'CANCELLED') order.cancelledQuantity = shares(openQuantity(order));
    if (reason !== null) [order.statusMessage, order.statusMessageRaw] = reason;
    this.step(order, status, at);
    order.stage = 'done';
    this.liveOf(order.listing.instrumentToken).delete(order);
    this.record(order, at);
    this.notify(order, 'final');
    this.whenOver.get(order.orderId)?.(viewOf(order));
  }

  /** Calls back once, when the order is over. */
  follow(orderId: string, act: (order: OrderView) => void): void {
    this.whenOver.set(orderId, act);
  }

  find(orderId: string): Order | undefined {
    return this.orders.get(orderId);
  }

  /** Every order of the day, in order of placing. */
  all(): readonly Order[] {
    return [...this.orders.values()];
  }

  /** Orders that are not over, of one instrument, best time priority first. */
  liveIn(token: number): readonly Order[] {
    const live = this.live.get(token);
    if (live === undefined || live.size === 0) return [];
    return [...live].sort((left, right) => left.priority - right.priority);
  }

  allLive(): readonly Order[] {
    return [...this.live.values()].flatMap((orders) => [...orders]);
  }

  private record(order: Order, at: EpochMs): void {
    const { orderId, status, filledQuantity, cancelledQuantity, turnover, statusMessage } = order;
    const fields = { orderId, status, filledQuantity, cancelledQuantity, turnover, statusMessage };
    this.journal(journalLine(at, 'final', fields));
  }

  private liveOf(token: number): Set<Order> {
    const known = this.live.get(token);
    if (known !== undefined) return known;
    const orders = new Set<Order>();
    this.live.set(token, orders);
    return orders;
  }

  /** 19 digits, as Kite's newer ids: more than a double can hold, so it must be kept as text. */
  private orderId(): string {
    return `19${this.date.replaceAll('-', '').slice(2)}${String(this.sequence).padStart(11, '0')}`;
  }

  private tail(order: Order): string {
    return String(Math.abs(textSeed(order.orderId, 3)) % 100_000_000).padStart(8, '0');
  }
}

/** An order that is nowhere yet, for asking what it would block. */
export const sketchOrder = (terms: OrderTerms, listing: Listing): OrderView => ({
  ...terms,
  orderId: '',
  exchangeOrderId: null,
  parentOrderId: null,
  placer: 'client',
  listing,
  placedAt: epochMs(0),
  exchangeAt: null,
  metaTags: [],
  iceberg: null,
  status: 'PUT ORDER REQ RECEIVED',
  statusMessage: null,
  statusMessageRaw: null,
  updatedAt: epochMs(0),
  filledQuantity: shares(0),
  cancelledQuantity: shares(0),
  turnover: paise(0),
  modifications: 0,
});

/** A copy of what the books show; the engine's own fields stay behind. */
const viewOf = (order: Order): OrderView => ({ ...order, history: undefined }) as OrderView;
