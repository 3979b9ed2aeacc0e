// How our orders meet the market. A marketable order walks the ladder; a resting one fills from trades
// at or through its price, behind the shares that were there before it. No fill is outside the traded
// range of its minute: where the ladder reaches beyond, the trader gets the range's edge.
import type { Depth } from '../../domain/market/depth';
import { paise, type Paise, type Side } from '../../domain/units';
import { openQuantity, type Order } from './order';
import type { Tape } from './tape';

export interface Execution {
  readonly quantity: number;
  readonly price: Paise;
}

/** Can a trade at the price change anything of the order? @param depth the book after it, where it is one that was seen. */
export function mayMeet(order: Order, price: Paise, depth: Depth | undefined): boolean {
  switch (order.stage) {
    case 'waiting':
      return isTriggered(order, price);
    case 'resting':
      return isNear(order, price, depth);
    case 'pending':
    case 'done':
      return false;
  }
}

/** What a marketable order takes from the book now, best level first; consumes those shares. */
export function takeFromLadder(
  order: Order,
  tape: Tape,
  quantityMax: number,
): readonly Execution[] {
  const executions: Execution[] = [];
  if (!isNear(order, tape.lastPrice, tape.depthSeen)) return executions;
  const { bids, asks } = tape.ladder();
  let wanted = Math.min(openQuantity(order), quantityMax);
  for (const level of order.side === 'BUY' ? asks : bids) {
    if (wanted === 0 || !accepts(order, level.price)) break;
    const quantity = Math.min(wanted, tape.leftAt(order.side, level.price, level.quantity));
    if (quantity <= 0) continue;
    tape.take(order.side, level.price, quantity);
    executions.push({ quantity, price: withinRange(level.price, order.side, tape) });
    wanted -= quantity;
  }
  return executions;
}

/** What a resting order gets of a trade of `traded` shares at the last price, after its queue. */
export function fillFromTrade(
  order: Order,
  tape: Tape,
  traded: number,
  quantityMax: number,
): Execution | undefined {
  const { lastPrice } = tape;
  if (!accepts(order, lastPrice) || order.side === tape.lockedOut) return undefined;
  const isThrough = lastPrice !== order.price;
  const passed = isThrough ? traded : Math.max(0, traded - order.queueAhead);
  order.queueAhead = isThrough ? 0 : Math.max(0, order.queueAhead - traded);
  const quantity = Math.min(openQuantity(order), passed, quantityMax);
  if (quantity <= 0) return undefined;
  return { quantity, price: withinRange(order.price, order.side, tape) };
}

/** Shares of others already waiting at the order's price. */
export function queueAt(order: Order, tape: Tape): number {
  const { bids, asks } = tape.ladder();
  const own = order.side === 'BUY' ? bids : asks;
  const [best] = own;
  if (best === undefined || isBetter(order.side, order.price, best.price)) return 0;
  const level = own.find(({ price }) => price === order.price);
  return level?.quantity ?? own.at(-1)?.quantity ?? 0;
}

/** Has the last price reached the stop's trigger? */
export const isTriggered = (order: Order, lastPrice: Paise): boolean =>
  order.side === 'BUY' ? lastPrice >= order.triggerPrice : lastPrice <= order.triggerPrice;

const accepts = (order: Order, price: Paise): boolean =>
  order.side === 'BUY' ? price <= order.price : price >= order.price;

/** Can the order cross at all? Spares far orders the making of a ladder on every tick. */
const isNear = (order: Order, price: Paise, depth: Depth | undefined): boolean =>
  accepts(order, price) || (depth !== undefined && acceptsBest(order, depth));

function acceptsBest(order: Order, { bids, asks }: Depth): boolean {
  const [best] = order.side === 'BUY' ? asks : bids;
  return best !== undefined && accepts(order, best.price);
}

const isBetter = (side: Side, price: Paise, than: Paise): boolean =>
  side === 'BUY' ? price > than : price < than;

/** The order's own price, held inside the traded range to its benefit or cost. */
export const priceInRange = (order: Order, { rangeLow, rangeHigh }: Tape): Paise =>
  paise(Math.min(rangeHigh, Math.max(rangeLow, order.price)));

const withinRange = (price: Paise, side: Side, { rangeLow, rangeHigh }: Tape): Paise =>
  paise(side === 'BUY' ? Math.min(price, rangeHigh) : Math.max(price, rangeLow));
