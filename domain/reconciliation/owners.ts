// Orders placed by our triggers carry no tag. Our records of the triggers say whose they are. With the
// owner's tag filled in, they can be compared like any other order.
import type { AccountOrder, BookOrder } from '../orders/order';
import { orderOfTrigger, type BookTrigger } from '../orders/trigger';

/** An intent with the ids of its orders and triggers, as our records have them. */
export interface OrderOwner {
  readonly intentId: string;
  readonly orderIds: readonly string[];
}

/**
 * @param triggers read after the orders. @returns the orders with tags, followed by our triggers as orders.
 */
export function withOwners(
  orders: readonly AccountOrder[],
  triggers: readonly BookTrigger[],
  owners: readonly OrderOwner[],
  date: string,
): readonly BookOrder[] {
  const ownerOf = new Map(
    owners.flatMap(({ intentId, orderIds }) => orderIds.map((orderId) => [orderId, intentId])),
  );
  const own = triggers.flatMap((trigger) => {
    const intentId = ownerOf.get(trigger.orderId);
    if (intentId === undefined) return [];
    const placed = trigger.result?.orderId ?? null;
    if (placed !== null) ownerOf.set(placed, intentId);
    return [orderOfTrigger(trigger, { intentId, date }, orders)];
  });
  const owned = orders.map((order) =>
    order.tag === null ? { ...order, tag: ownerOf.get(order.orderId) ?? null } : order,
  );
  return [...owned, ...own];
}
