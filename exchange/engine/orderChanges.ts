// Modifying a live order: what is allowed, and what it does when it arrives at the exchange. Between the
// two the order still rests at its old terms and can fill. Source: docs/kite.md, Orders.
import type { EpochMs } from '../../domain/units';
import type { Floor } from './floor';
import { inputError, orderError } from './kiteError';
import { isDone, isStopType, type Order, type OrderChanges } from './order';
import type { OrderDesk } from './orderDesk';
import { preCheck, type CheckedTerms } from './preChecks';
import { protectionPrice, protectionTags } from './protection';
import { isLimitOnly, type SessionPhase } from './sessionGate';
import type { Tape } from './tape';

/** The broker's limit per order. */
const modificationsMax = 25;

/** @throws KiteError saying why the order cannot be changed so. */
export function checkChanges(
  order: Order,
  changes: OrderChanges,
  tape: Tape,
  phase: SessionPhase,
): void {
  if (order.modifications >= modificationsMax) {
    throw orderError('Maximum allowed order modifications exceeded.');
  }
  const changeable = ['OPEN', 'TRIGGER PENDING', 'AMO REQ RECEIVED'];
  if (isDone(order) || !changeable.includes(order.status)) {
    throw orderError('Order cannot be modified as it is being processed.');
  }
  const orderType = changes.orderType ?? order.orderType;
  if (isLimitOnly(phase) && order.metaTags.length > 0) {
    throw orderError('Market orders cannot be changed in this phase of the session.');
  }
  if (isStopType(orderType) && order.stage === 'resting' && orderType !== order.orderType) {
    throw inputError(`Order type cannot be changed from ${order.orderType} to ${orderType}.`);
  }
  const quantity = changes.quantity ?? order.quantity;
  if (quantity <= order.filledQuantity) {
    throw inputError('Quantity cannot be less than or equal to the filled quantity.');
  }
  const isWaitingForSession = order.status === 'AMO REQ RECEIVED';
  preCheck(changedTerms(order, changes), tape, isWaitingForSession ? 'continuous' : phase);
}

/** The order as it would be; a stop that has triggered is checked as the limit order it is. */
function changedTerms(order: Order, changes: OrderChanges): CheckedTerms {
  const orderType = changes.orderType ?? order.orderType;
  const hasTriggered = isStopType(orderType) && order.stage === 'resting';
  return {
    side: order.side,
    product: order.product,
    orderType: hasTriggered ? 'LIMIT' : orderType,
    quantity: changes.quantity ?? order.quantity,
    price: changes.price ?? order.price,
    triggerPrice: changes.triggerPrice ?? order.triggerPrice,
    disclosedQuantity: changes.disclosedQuantity ?? order.disclosedQuantity,
    marketProtection: changes.marketProtection ?? order.protectionPct,
  };
}

export interface ArrivedChange {
  readonly order: Order;
  readonly changes: OrderChanges;
  readonly tape: Tape;
  readonly at: EpochMs;
}

type ChangeDesk = Pick<OrderDesk, 'step' | 'acknowledge' | 'notify'>;

/** The change reaches the exchange: the order takes its new terms and its place behind the others. */
export function applyChanges(
  change: ArrivedChange,
  desk: ChangeDesk,
  floor: Pick<Floor, 'arrive'>,
): void {
  const { order, changes, tape, at } = change;
  if ((changes.quantity ?? order.quantity) <= order.filledQuantity) {
    settle(order, desk, at);
    return;
  }
  setTerms(order, changes, tape);
  desk.acknowledge(order, at);
  desk.step(order, 'MODIFIED', at);
  settle(order, desk, at);
  desk.notify(order, 'modified');
  if (order.stage === 'resting') floor.arrive(order, tape, at);
}

/** The risk system refuses the change: the order goes on at its old terms and says why. */
export function refuseChange(
  { order, at }: ArrivedChange,
  desk: ChangeDesk,
  [message, raw]: readonly [string, string],
): void {
  order.statusMessage = message;
  order.statusMessageRaw = raw;
  settle(order, desk, at);
  desk.notify(order, 'modified');
}

/** Writes what was asked for into the order. */
export function takeTerms(order: Order, changes: OrderChanges): void {
  order.orderType = changes.orderType ?? order.orderType;
  order.quantity = changes.quantity ?? order.quantity;
  order.price = changes.price ?? order.price;
  order.triggerPrice = changes.triggerPrice ?? order.triggerPrice;
  order.disclosedQuantity = changes.disclosedQuantity ?? order.disclosedQuantity;
  order.validity = changes.validity ?? order.validity;
  order.protectionPct = changes.marketProtection ?? order.protectionPct;
}

function setTerms(order: Order, changes: OrderChanges, tape: Tape): void {
  takeTerms(order, changes);
  if (order.orderType === 'MARKET') {
    order.price = protectionPrice(order.side, tape.lastPrice, order.protectionPct, tape);
    order.metaTags = protectionTags(tape.lastPrice, order.protectionPct);
    order.orderType = 'LIMIT';
  }
  if (!isStopType(order.orderType)) order.stage = 'resting';
}

/** Back to the status of an order that rests or waits. */
export const settle = (order: Order, desk: Pick<OrderDesk, 'step'>, at: EpochMs): void =>
  desk.step(order, order.stage === 'waiting' ? 'TRIGGER PENDING' : 'OPEN', at);
