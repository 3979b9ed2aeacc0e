// Triggers the broker keeps outside the exchange (Kite: two-leg GTT), and how one is shown as the order it
// stands for, so that whoever looks after an exit order need not know where it rests. A trigger has no tag
// and no trades of its own: met, it only places an order. Source: docs/kite.md, Triggers.
import { istDate } from '../session/sessionClock';
import { shares, type EpochMs, type Paise, type Shares, type Side } from '../units';
import type { AccountOrder, BookOrder, OcoPricing, TriggerLeg } from './order';

/** What came of a leg whose trigger was met: the order it placed, or why the broker would not. */
export interface LegResult {
  readonly leg: 'stop' | 'target';
  /** null where no order came of it. */
  readonly orderId: string | null;
  readonly rejection: string | null;
}

/** A two-leg trigger in the broker's list, which keeps the ended ones for a week. */
export interface BookTrigger {
  /** Made by {@link triggerOrderId}. */
  readonly orderId: string;
  readonly tradingsymbol: string;
  readonly side: Side;
  readonly product: string;
  readonly status: string;
  readonly quantity: Shares;
  readonly stop: TriggerLeg;
  readonly target: TriggerLeg;
  /** Market clock. */
  readonly createdAt: EpochMs;
  /** Last change, the meeting of a trigger included; market clock. */
  readonly updatedAt: EpochMs;
  readonly result: LegResult | null;
}

const prefix = 'gtt-';

/** The order id under which a trigger goes: no order of the exchange has such a one. */
export const triggerOrderId = (triggerId: number): string => `${prefix}${triggerId}`;

export const isTriggerOrderId = (orderId: string): boolean => orderId.startsWith(prefix);

/** The broker's id of a trigger. */
export const triggerIdOf = (orderId: string): string => orderId.slice(prefix.length);

/** The two legs, the one with the lower trigger first, as the broker wants them. */
export function legsByTrigger({ trigger, price, target }: OcoPricing): [TriggerLeg, TriggerLeg] {
  const stop = { trigger, price };
  return trigger < target.trigger ? [stop, target] : [target, stop];
}

/** Which of two legs is which: the stop lies below what is sold, above what is bought. */
export const namedLegs = <L>(
  side: Side,
  [lower, upper]: readonly [L, L],
): { readonly stop: L; readonly target: L } =>
  side === 'SELL' ? { stop: lower, target: upper } : { stop: upper, target: lower };

/** Statuses by which a trigger has ended without placing anything; a paused one protects nothing either. */
const endedStatuses: readonly string[] = [
  'disabled',
  'expired',
  'cancelled',
  'rejected',
  'deleted',
];

/** Whose trigger it is, and in which session the books were read. */
export interface TriggerReader {
  readonly intentId: string;
  readonly date: string;
}

/**
 * What has become of it, in the words of an order: resting, ended, or on its way. One that has been met today
 * is on its way until the order it placed is in the books: before that it would look like nothing at all.
 */
function statusOf(trigger: BookTrigger, date: string, orders: readonly AccountOrder[]): string {
  const { status, result, updatedAt } = trigger;
  if (status === 'active') return 'TRIGGER PENDING';
  if (endedStatuses.includes(status)) return 'CANCELLED';
  if (status !== 'triggered' || result === null) return 'TRIGGERED';
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

/** The levels by which a trigger of unknown outcome is known again. */
export interface SoughtTrigger {
  /** null: any. */
  readonly quantity: Shares | null;
  readonly stop: Paise;
  readonly target: Paise;
}

/** Is this the trigger that was asked for? Nobody else's has just these numbers just now. */
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
