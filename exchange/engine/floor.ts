// Where orders trade: resting orders meet each tick, arriving ones meet the ladder, stops wake on the
// last price. Every fill goes to the account and the journal here and nowhere else.
import { unreachable } from '../../domain/assert';
import { depositoryFee } from '../../domain/charges';
import { paise, shares, type EpochMs, type Paise } from '../../domain/units';
import type { Account } from './account';
import { journalLine, type JournalSink } from './journal';
import {
  fillFromTrade,
  mayMeet,
  priceInRange,
  queueAt,
  takeFromLadder,
  type Execution,
} from './matching';
import { isDone, openQuantity, type Fill, type Order } from './order';
import type { OrderDesk } from './orderDesk';
import { protectionPrice, protectionTags } from './protection';
import type { Tape } from './tape';

export interface FloorParts {
  readonly desk: Pick<OrderDesk, 'liveIn' | 'step' | 'finish' | 'notify' | 'loseTimePriority'>;
  readonly account: Pick<Account, 'applyFill' | 'applyFee' | 'leavesDemat'>;
  readonly journal: JournalSink;
}

/** What a fault changes of the trading itself. */
export type FillLimit = Pick<Floor, 'fillQuantityMax'>;

export class Floor {
  private readonly parts: FloorParts;
  private trades = 0;
  /** Largest single fill; a fault can lower it to force partial fills. */
  fillQuantityMax = Number.MAX_SAFE_INTEGER;

  constructor(parts: FloorParts) {
    this.parts = parts;
  }

  /** Lets every live order of the instrument meet the tape's latest trade of `traded` shares. */
  meetTrade(tape: Tape, traded: number, at: EpochMs): void {
    const orders = this.parts.desk.liveIn(tape.listing.instrumentToken);
    let left = traded;
    for (const order of byPrice(orders)) {
      if (!mayMeet(order, tape.lastPrice, tape.depthSeen)) continue;
      if (order.stage === 'waiting') {
        this.trigger(order, tape, at);
        continue;
      }
      const execution = fillFromTrade(order, tape, left, this.fillQuantityMax);
      left -= execution?.quantity ?? 0;
      if (execution !== undefined) this.execute(order, [execution], at);
      this.meetLadder(order, tape, at);
    }
  }

  /** The order arrives: it takes what it may from the ladder and rests, unless it is IOC. */
  arrive(order: Order, tape: Tape, at: EpochMs): void {
    this.parts.desk.loseTimePriority(order);
    order.stage = 'resting';
    this.meetLadder(order, tape, at);
    if (isDone(order)) return;
    order.queueAhead = queueAt(order, tape);
    if (order.validity === 'IOC') this.parts.desk.finish(order, 'CANCELLED', at);
  }

  /** Trades at one price against the auction: all of the order that accepts it. */
  auction(order: Order, price: Paise, at: EpochMs): void {
    const accepts = order.side === 'BUY' ? order.price >= price : order.price <= price;
    if (accepts) this.tradeAll(order, price, at);
  }

  /** Trades all of the order at the price. */
  tradeAll(order: Order, price: Paise, at: EpochMs): void {
    this.execute(order, [{ quantity: openQuantity(order), price }], at);
  }

  /** Fills all of the order at the best price it may have had: the fill that beats a cancellation. */
  fillNow(order: Order, tape: Tape, at: EpochMs): void {
    this.tradeAll(
      order,
      order.stage === 'waiting' ? tape.lastPrice : priceInRange(order, tape),
      at,
    );
  }

  private meetLadder(order: Order, tape: Tape, at: EpochMs): void {
    if (isDone(order) || tape.ticks === 0) return;
    this.execute(order, takeFromLadder(order, tape, this.fillQuantityMax), at);
  }

  /** The stop becomes an ordinary limit order: SL at its own price, SL-M at the protection price. */
  private trigger(order: Order, tape: Tape, at: EpochMs): void {
    switch (order.orderType) {
      case 'SL-M': {
        const pct = order.protectionPct;
        order.price = protectionPrice(order.side, order.triggerPrice, pct, tape);
        order.metaTags = protectionTags(order.triggerPrice, pct);
        order.orderType = 'LIMIT';
        break;
      }
      case 'SL':
      case 'LIMIT':
      case 'MARKET':
        break;
      default:
        unreachable(order.orderType);
    }
    const { lower, upper } = tape.band;
    if (order.price < lower || order.price > upper) {
      const reason =
        'Price exceeds circuit limits for the instrument. Place an order within the daily range.';
      this.parts.desk.finish(order, 'REJECTED', at, [reason, `16283 : ${reason}`]);
      return;
    }
    this.parts.desk.step(order, 'OPEN', at);
    this.parts.desk.notify(order, 'triggered');
    this.arrive(order, tape, at);
  }

  private execute(order: Order, executions: readonly Execution[], at: EpochMs): void {
    for (const { quantity, price } of executions) {
      order.filledQuantity = shares(order.filledQuantity + quantity);
      order.turnover = paise(order.turnover + quantity * price);
      order.updatedAt = at;
      order.exchangeAt = at;
      this.record(this.fillOf(order, quantity, price, at));
    }
    if (executions.length === 0) return;
    if (openQuantity(order) === 0) this.parts.desk.finish(order, 'COMPLETE', at);
    else this.parts.desk.notify(order, 'partial');
  }

  private fillOf(order: Order, quantity: number, price: Paise, at: EpochMs): Fill {
    this.trades += 1;
    return {
      tradeId: String(40_000_000 + this.trades),
      orderId: order.orderId,
      exchangeOrderId: order.exchangeOrderId ?? '',
      listing: order.listing,
      side: order.side,
      product: order.product,
      quantity: shares(quantity),
      price,
      at,
      tag: order.tag,
    };
  }

  private record(fill: Fill): void {
    const { listing, at, ...rest } = fill;
    this.parts.account.applyFill(fill);
    this.parts.journal(journalLine(at, 'fill', { ...rest, tradingsymbol: listing.tradingsymbol }));
    if (this.parts.account.leavesDemat(fill)) {
      this.parts.account.applyFee(depositoryFee);
      const { orderId } = fill;
      this.parts.journal(journalLine(at, 'fee', { orderId, amount: depositoryFee }));
    }
  }
}

/** Price priority, then time: stops keep their place by time. */
const byPrice = (orders: readonly Order[]): readonly Order[] =>
  orders.toSorted(
    (left, right) =>
      left.side.localeCompare(right.side) ||
      (left.side === 'BUY' ? right.price - left.price : left.price - right.price) ||
      left.priority - right.priority,
  );
