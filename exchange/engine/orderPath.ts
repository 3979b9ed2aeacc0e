// An accepted order's way to the exchange: validation, risk checks, and arrival in the book, each a
// moment of market time after the other. Faults asked for by tests strike here.
import type { EpochMs } from '../../domain/units';
import type { Exchange } from './exchange';
import { isDone, isStopType, type Order, type OrderChanges, type OrderView } from './order';
import { applyChanges, refuseChange, settle } from './orderChanges';
import { later } from './orderDesk';
import { protectionPrice, protectionTags } from './protection';
import { riskRejection, sessionRejection, type RejectionReason } from './riskChecks';

/** The broker looks at the order: it is rejected, or goes on to the exchange. */
export function validateOrder(exchange: Exchange, order: Order): void {
  if (isDone(order) || order.status === 'CANCEL PENDING') return;
  exchange.desk.step(order, 'VALIDATION PENDING', exchange.now);
  const tooLate = sessionRejection(order, exchange.phase(order.listing));
  convertMarket(exchange, order);
  const reason = tooLate ?? rejection(exchange, order);
  if (reason !== undefined) {
    exchange.desk.finish(order, 'REJECTED', exchange.now, reason);
    return;
  }
  exchange.desk.step(order, 'OPEN PENDING', exchange.now);
  const arrive = (at: EpochMs): void => {
    if (!isDone(order) && order.status !== 'CANCEL PENDING') reachExchange(exchange, order, at);
  };
  const stuck = struck(exchange, order, 'stuck-pending');
  if (stuck === undefined) exchange.afterDelay(order, 'exchange', arrive);
  else exchange.schedule.add(later(exchange.now, stuck.ms ?? 60_000), arrive);
}

/** A change on its way: until it arrives the order rests at its old terms and can fill. */
export function sendChanges(exchange: Exchange, order: Order, changes: OrderChanges): void {
  exchange.desk.step(order, 'MODIFY VALIDATION PENDING', exchange.now);
  exchange.afterDelay(order, `modify ${order.modifications}`, (at) => {
    if (isDone(order)) return;
    exchange.desk.step(order, 'MODIFY PENDING', at);
    exchange.afterDelay(order, `modified ${order.modifications}`, (then) => {
      if (!isDone(order)) changesArrive(exchange, order, changes, then);
    });
  });
}

function changesArrive(exchange: Exchange, order: Order, changes: OrderChanges, at: EpochMs): void {
  const { desk, floor } = exchange;
  const tape = exchange.tapeByToken(order.listing.instrumentToken);
  if (struck(exchange, order, 'ignored-modify') !== undefined) {
    settle(order, desk, at);
    return;
  }
  const refused = changeRejection(exchange, order, changes);
  const change = { order, changes, tape, at };
  if (refused === undefined) applyChanges(change, desk, floor);
  else refuseChange(change, desk, refused);
}

/** Why the risk system refuses the change, undefined when it may go on. The order stays as it is. */
function changeRejection(
  exchange: Exchange,
  order: Order,
  changes: OrderChanges,
): RejectionReason | undefined {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return riskOf(exchange, order, { ...order, ...Object.fromEntries(given) });
}

function riskOf(exchange: Exchange, order: Order, asked: OrderView): RejectionReason | undefined {
  const { account, day, desk, now: at } = exchange;
  const others = desk.allLive().filter((one) => one !== order);
  const phase = exchange.phase(order.listing);
  return riskRejection(asked, { account, others, day, phase, at });
}

function rejection(exchange: Exchange, order: Order): RejectionReason | undefined {
  const reason = riskOf(exchange, order, order);
  if (reason !== undefined) return reason;
  const fault = struck(exchange, order, 'reject-order');
  if (fault === undefined) return undefined;
  const message = fault.message ?? 'Rejected by the exchange.';
  return [message, `16000 : ${message}`];
}

/** Only the client's own orders meet faults, and those its triggers place. */
const struck = (
  { faults }: Exchange,
  { placer }: Order,
  kind: 'reject-order' | 'stuck-pending' | 'ignored-modify',
): ReturnType<Exchange['faults']['strike']> =>
  placer === 'client' || placer === 'gtt' ? faults.strike([kind]) : undefined;

/** A MARKET order is a LIMIT at its protection price, and shows as that, protection 0. */
function convertMarket(exchange: Exchange, order: Order): void {
  if (order.orderType !== 'MARKET') return;
  const { protectionPct } = order;
  const tape = exchange.tapeByToken(order.listing.instrumentToken);
  order.price = protectionPrice(order.side, tape.lastPrice, protectionPct, tape);
  order.metaTags = protectionTags(tape.lastPrice, protectionPct);
  order.orderType = 'LIMIT';
}

function reachExchange(exchange: Exchange, order: Order, at: EpochMs): void {
  const { desk, floor } = exchange;
  const tape = exchange.tapeByToken(order.listing.instrumentToken);
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
    exchange.schedule.add(later(at, order.validityTtl * 60_000), (then) => {
      if (!isDone(order)) desk.finish(order, 'CANCELLED', then);
    });
  }
  if (exchange.phase(order.listing) === 'continuous') floor.arrive(order, tape, at);
  else order.stage = 'resting';
}
