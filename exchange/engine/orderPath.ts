// An accepted order's way to the exchange: validation, risk checks, and arrival in the book, each a
// moment of market time after the other. Faults asked for by tests strike here.
import type { EpochMs } from '../../domain/units';
import type { FaultBox, FaultSpec } from '../faults/faultBox';
import type { Account } from './account';
import type { Floor } from './floor';
import type { MarketRecord } from './marketRecord';
import { isDone, isStopType, type Order, type OrderChanges, type OrderView } from './order';
import { applyChanges, refuseChange, settle } from './orderChanges';
import type { OrderDesk } from './orderDesk';
import { protectionPrice, protectionTags } from './protection';
import { riskRejection, sessionRejection, type RejectionReason } from './riskChecks';
import { later, type SessionTime } from './sessionTime';
import type { Tapes } from './tapes';

export interface OrderPathParts {
  readonly account: Account;
  readonly desk: Pick<
    OrderDesk,
    'step' | 'finish' | 'acknowledge' | 'notify' | 'loseTimePriority' | 'allLive'
  >;
  readonly floor: Pick<Floor, 'arrive'>;
  readonly tapes: Pick<Tapes, 'of'>;
  readonly time: Pick<SessionTime, 'day' | 'now' | 'phase' | 'at' | 'afterDelay'>;
  readonly faults: Pick<FaultBox, 'strike'>;
  readonly record: Pick<MarketRecord, 'look'>;
}

export class OrderPath {
  private readonly parts: OrderPathParts;

  constructor(parts: OrderPathParts) {
    this.parts = parts;
  }

  /** The broker looks at the order: it is rejected, or goes on to the exchange. */
  validate(order: Order): void {
    const { desk, time } = this.parts;
    if (isDone(order) || order.status === 'CANCEL PENDING') return;
    desk.step(order, 'VALIDATION PENDING', time.now);
    const tooLate = sessionRejection(order, time.phase(order.listing));
    this.convertMarket(order);
    const reason = tooLate ?? this.rejection(order);
    if (reason !== undefined) {
      desk.finish(order, 'REJECTED', time.now, reason);
      return;
    }
    desk.step(order, 'OPEN PENDING', time.now);
    const arrive = (at: EpochMs): void => {
      if (!isDone(order) && order.status !== 'CANCEL PENDING') this.reachExchange(order, at);
    };
    const stuck = this.struck(order, 'stuck-pending');
    if (stuck === undefined) time.afterDelay(order.orderId, 'exchange', arrive);
    else time.at(later(time.now, stuck.ms ?? 60_000), arrive);
  }

  /** A change on its way: until it arrives the order rests at its old terms and can fill. */
  sendChanges(order: Order, changes: OrderChanges): void {
    const { desk, time } = this.parts;
    desk.step(order, 'MODIFY VALIDATION PENDING', time.now);
    time.afterDelay(order.orderId, `modify ${order.modifications}`, (at) => {
      if (isDone(order)) return;
      desk.step(order, 'MODIFY PENDING', at);
      time.afterDelay(order.orderId, `modified ${order.modifications}`, (then) => {
        if (!isDone(order)) this.changesArrive(order, changes, then);
      });
    });
  }

  private changesArrive(order: Order, changes: OrderChanges, at: EpochMs): void {
    const { desk, floor, tapes, record } = this.parts;
    const tape = tapes.of(order.listing);
    record.look(`change ${order.modifications} of ${order.orderId}`, [tape]);
    if (this.struck(order, 'ignored-modify') !== undefined) {
      settle(order, desk, at);
      return;
    }
    const refused = this.changeRejection(order, changes);
    const change = { order, changes, tape, at };
    if (refused === undefined) applyChanges(change, desk, floor);
    else refuseChange(change, desk, refused);
  }

  /** Why the risk system refuses the change, undefined when it may go on. The order stays as it is. */
  private changeRejection(order: Order, changes: OrderChanges): RejectionReason | undefined {
    const given = Object.entries(changes).filter(([, value]) => value !== undefined);
    return this.riskOf(order, { ...order, ...Object.fromEntries(given) });
  }

  private riskOf(order: Order, asked: OrderView): RejectionReason | undefined {
    const { account, desk, time } = this.parts;
    const others = desk.allLive().filter((one) => one !== order);
    const phase = time.phase(order.listing);
    return riskRejection(asked, { account, others, day: time.day, phase, at: time.now });
  }

  private rejection(order: Order): RejectionReason | undefined {
    const reason = this.riskOf(order, order);
    if (reason !== undefined) return reason;
    const fault = this.struck(order, 'reject-order');
    if (fault === undefined) return undefined;
    const message = fault.message ?? 'Rejected by the exchange.';
    return [message, `16000 : ${message}`];
  }

  /** Only the client's own orders meet faults, and those its triggers place. */
  private struck(
    { placer }: Order,
    kind: 'reject-order' | 'stuck-pending' | 'ignored-modify',
  ): FaultSpec | undefined {
    const isClients = placer === 'client' || placer === 'gtt';
    return isClients ? this.parts.faults.strike([kind]) : undefined;
  }

  /** A MARKET order is a LIMIT at its protection price, and shows as that, protection 0. */
  private convertMarket(order: Order): void {
    if (order.orderType !== 'MARKET') return;
    const { protectionPct } = order;
    const tape = this.parts.tapes.of(order.listing);
    this.parts.record.look(`the protection of ${order.orderId}`, [tape]);
    order.price = protectionPrice(order.side, tape.lastPrice, protectionPct, tape);
    order.metaTags = protectionTags(tape.lastPrice, protectionPct);
    order.orderType = 'LIMIT';
  }

  private reachExchange(order: Order, at: EpochMs): void {
    const { desk, floor, tapes, time, record } = this.parts;
    const tape = tapes.of(order.listing);
    record.look(`the arrival of ${order.orderId}`, [tape]);
    const isStop = isStopType(order.orderType);
    desk.acknowledge(order, at);
    desk.step(order, isStop ? 'TRIGGER PENDING' : 'OPEN', at);
    desk.notify(order, 'opened');
    if (isStop) {
      desk.loseTimePriority(order);
      order.stage = 'waiting';
      return;
    }
    if (order.validity === 'TTL') {
      time.at(later(at, order.validityTtl * 60_000), (then) => {
        if (!isDone(order)) desk.finish(order, 'CANCELLED', then);
      });
    }
    if (time.phase(order.listing) === 'continuous') floor.arrive(order, tape, at);
    else order.stage = 'resting';
  }
}
