// More bought than risk has approved. Only one entry is ever sent, so the rest was ordered by somebody else under
// our tag. The shares are in the account all the same: they are covered like ours, a person is told, and nothing
// more is entered in the stock.
import { isLive, type BookOrder } from '../orders/order';
import { entrySide } from '../units';
import type { Intent } from './terms';

/** What risk has approved of an intent. */
export type ApprovedEntry = Pick<Intent, 'intentId' | 'direction' | 'quantity'>;

/** Shares that entry orders with the intent's tag have traded or may still trade. */
export const orderedUnder = (
  { intentId, direction }: ApprovedEntry,
  orders: readonly BookOrder[],
): number =>
  orders
    .filter(({ tag, side }) => tag === intentId && side === entrySide(direction))
    .reduce((sum, order) => sum + (isLive(order) ? order.quantity : order.filledQuantity), 0);

/** Shares beyond what was approved; 0 where there are none. */
export const beyondApproved = (approved: ApprovedEntry, orders: readonly BookOrder[]): number =>
  Math.max(0, orderedUnder(approved, orders) - approved.quantity);
