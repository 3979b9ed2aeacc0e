// Triggers the broker keeps outside the exchange, and how one is shown as the order it stands for, so that
// whoever looks after an exit order need not know where it rests. A trigger has no tag and no trades of its
// own: when it is met, it only places an order.
import { istDate } from '../session/sessionClock';
import { shares, type EpochMs, type Paise, type Shares, type Side } from '../units';
import type { AccountOrder, BookOrder, OcoPricing, TriggerLeg } from './order';

/** What a met leg led to: the order it placed, or why the broker placed none. */
export interface LegResult {
  readonly leg: 'stop' | 'target';
  /** null where no order was placed. */
  readonly orderId: string | null;
  readonly rejection: string | null;
}

/** Resting; met, so that an order may have come of it; or ended without one. */
export type TriggerState = 'resting' | 'met' | 'ended';

/** A two-leg trigger in the broker's list, which keeps the ended ones for some days. */
export interface BookTrigger {
  /** Made by {@link triggerOrderId}. */
  readonly orderId: string;
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly product: string;
  readonly state: TriggerState;
  readonly quantity: Shares;
  readonly stop: TriggerLeg;
  readonly target: TriggerLeg;
  /** Market clock. */
  readonly createdAt: EpochMs;
  /** The last change, being met included; market clock. */
  readonly updatedAt: EpochMs;
  readonly result: LegResult | null;
}

const prefix = 'gtt-';

/** The order id that stands for a trigger. No order of the exchange has such an id. */
export const triggerOrderId = (triggerId: number): string => `${prefix}${triggerId}`;

export const isTriggerOrderId = (orderId: string): boolean => orderId.startsWith(prefix);

/** The broker's id of a trigger. */
export const triggerIdOf = (orderId: string): string => orderId.slice(prefix.length);

/** The two legs, the one with the lower trigger first, as the broker wants them. */
export function legsByTrigger({ trigger, price, target }: OcoPricing): [TriggerLeg, TriggerLeg] {
  const stop = { trigger, price };
  return trigger < target.trigger ? [stop, target] : [target, stop];
}

/** Names the legs: the stop lies below what is to be sold, above what is to be bought. */
export const namedLegs = <L>(
  side: Side,
  [lower, upper]: readonly [L, L],
): { readonly stop: L; readonly target: L } =>
  side === 'SELL' ? { stop: lower, target: upper } : { stop: upper, target: lower };

export interface TriggerReader {
  readonly intentId: string;
  readonly date: string;
}

/**
 * A trigger's state in the words of an order: resting, ended, or on its way. A trigger met today is on its
 * way until the order it placed is in the books. Until then it would otherwise look as if nothing protected
 * the position.
 */
function statusOf(trigger: BookTrigger, date: string, orders: readonly AccountOrder[]): string {
  const { state, result, updatedAt } = trigger;
  if (state === 'resting') return 'TRIGGER PENDING';
  if (state === 'ended') return 'CANCELLED';
  if (result === null) return 'TRIGGERED';
  if (result.orderId === null) return 'REJECTED';
  const isListed = orders.some(({ orderId }) => orderId === result.orderId);
  return isListed || istDate(updatedAt) < date ? 'CANCELLED' : 'TRIGGERED';
}

/** A trigger as the exit order it stands for. @param orders read no later than the trigger. */
export const orderOfTrigger = (
  trigger: BookTrigger,
  { intentId, date }: TriggerReader,
  orders: readonly AccountOrder[],
): BookOrder => ({
  orderId: trigger.orderId,
  tag: intentId,
  tradingsymbol: trigger.tradingsymbol,
  side: trigger.side,
  product: trigger.product,
  orderType: 'OCO',
  status: statusOf(trigger, date, orders),
  statusMessage: trigger.result?.rejection ?? null,
  quantity: trigger.quantity,
  filledQuantity: shares(0),
  price: trigger.stop.price,
  trigger: trigger.stop.trigger,
  placedAt: trigger.createdAt,
  target: trigger.target.trigger,
});

/** The levels that identify a trigger of unknown outcome. */
export interface SoughtTrigger {
  /** null: any quantity. */
  readonly quantity: Shares | null;
  readonly stop: Paise;
  readonly target: Paise;
}

/** Is this the trigger that was asked for? No other trigger has just these numbers at this moment. */
export const isSought = (
  { quantity, stop, target }: BookTrigger,
  sought: readonly SoughtTrigger[],
): boolean =>
  sought.some(
    (one) =>
      (one.quantity ?? quantity) === quantity &&
      one.stop === stop.trigger &&
      one.target === target.trigger,
  );
