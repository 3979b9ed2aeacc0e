// What it takes to leave delivery positions at once. They are protected by a trigger, which has to go before
// a limit takes its place; what was bought in an earlier session is in no order of today, so our records say
// how much of it is ours.
import { shares } from '../units';
import { leavingOrder, type FlattenStep, type HeldStock } from './flatten';
import { isLive, netFilled, sharesOnSale, type BookOrder } from './order';

/** A delivery position as our records have it. */
export interface KnownDelivery {
  readonly intentId: string;
  readonly tradingsymbol: string;
  /** Signed shares held from earlier sessions. */
  readonly carried: number;
  /** Signed shares of today's foreign trades that were taken as its own exits. */
  readonly adopted: number;
}

/**
 * The steps for what is known to be ours; exits come first.
 * @param orders with our tags on them, and our triggers among them.
 * @param held all the account has of a stock as delivery, shares of earlier sessions included.
 */
export const deliverySteps = (
  orders: readonly BookOrder[],
  held: readonly HeldStock[],
  known: readonly KnownDelivery[],
): readonly FlattenStep[] => {
  const steps = known.flatMap((position) => {
    const stock = held.find(({ tradingsymbol }) => tradingsymbol === position.tradingsymbol);
    return stepsOf(position, stock, orders);
  });
  const isCancel = ({ kind }: FlattenStep): boolean => kind === 'cancel';
  return [...steps.filter((step) => !isCancel(step)), ...steps.filter(isCancel)];
};

function stepsOf(
  position: KnownDelivery,
  stock: HeldStock | undefined,
  orders: readonly BookOrder[],
): readonly FlattenStep[] {
  const { intentId, tradingsymbol, carried, adopted } = position;
  const delivery = orders.filter(
    (order) => order.tradingsymbol === tradingsymbol && order.product === 'CNC',
  );
  const own = delivery.filter(({ tag }) => tag === intentId);
  const open = carried + adopted + netFilled(own);
  // Shares on sale by somebody else's order cannot be sold again.
  const taken = sharesOnSale(delivery.filter((order) => !own.includes(order)));
  const sellable = Math.min(open, stock?.netQuantity ?? 0) - taken;
  const exits = own.filter((order) => isLive(order) && order.side === 'SELL');
  const exit = exits.find(({ orderType }) => orderType !== 'OCO') ?? exits[0];
  const leaving =
    stock === undefined || sellable <= 0 ? [] : [leave(intentId, stock, sellable, exit)];
  // A trigger for what cannot be sold just now goes on protecting it.
  const kept = open > 0 ? exit : undefined;
  const cancels = own
    .filter((order) => isLive(order) && order !== kept)
    .map(({ orderId }): FlattenStep => ({ kind: 'cancel', orderId, tag: intentId }));
  return [...leaving, ...cancels];
}

function leave(
  intentId: string,
  stock: HeldStock,
  sellable: number,
  exit: BookOrder | undefined,
): FlattenStep {
  const order = leavingOrder(stock, { tag: intentId, product: 'CNC', quantity: shares(sellable) });
  if (exit === undefined) return { kind: 'place', order };
  const { orderId, orderType, filledQuantity } = exit;
  if (orderType === 'OCO') return { kind: 'replace', orderId, order };
  return {
    kind: 'modify',
    orderId,
    order: { ...order, quantity: shares(sellable + filledQuantity) },
  };
}
