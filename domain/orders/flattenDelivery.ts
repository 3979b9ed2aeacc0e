// The steps that leave delivery positions at once. A trigger protects them, and it has to go before a limit
// takes its place. Shares bought in an earlier session are in no order of today, so our records say how many
// are ours.
import { shares } from '../units';
import { leavingOrder, type FlattenStep, type HeldStock } from './flatten';
import { isLive, netFilled, sharesOnSale, type BookOrder } from './order';

/** A delivery position as our records have it. */
export interface KnownDelivery {
  readonly intentId: string;
  readonly tradingsymbol: string;
  /** Signed shares held from earlier sessions. */
  readonly carried: number;
  /** Signed shares of today's foreign trades that were adopted as its exits. */
  readonly adopted: number;
}

/**
 * The steps for what is known to be ours; exits come first.
 * @param orders carry our tags and include our triggers.
 * @param held what the account holds of each stock as delivery, earlier sessions included.
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
  // Shares that another order is selling cannot be sold again.
  const taken = sharesOnSale(delivery.filter((order) => !own.includes(order)));
  const sellable = Math.min(open, stock?.netQuantity ?? 0) - taken;
  const exits = own.filter((order) => isLive(order) && order.side === 'SELL');
  const exit = exits.find(({ orderType }) => orderType !== 'OCO') ?? exits[0];
  const leaving =
    stock === undefined || sellable <= 0 ? [] : [leave(intentId, stock, sellable, exit)];
  // A trigger goes on protecting what cannot be sold just now.
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
