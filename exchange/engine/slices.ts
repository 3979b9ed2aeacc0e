// Large orders in parts: an iceberg sends its legs one after the other, each when the one before has
// traded; autoslice cuts one order into several at once. Source: docs/kite.md, Orders.
import { paise, shares } from '../../domain/units';
import { KiteError, inputError } from './kiteError';
import type { IcebergPlan, Order, OrderTerms, OrderView } from './order';
import type { OrderOrigin } from './orderDesk';
import { quantityPerOrderMax } from './preChecks';
import type { Tapes } from './tapes';

/** Most slices of one autoslice request. */
const slicesMax = 10;

/** The quantities of each leg: equal, the last one takes the rest. */
function legQuantities(total: number, legs: number): readonly number[] {
  const size = Math.ceil(total / legs);
  const all = Array.from({ length: legs }, (_, leg) => Math.min(size, total - leg * size));
  return all.filter((quantity) => quantity > 0);
}

export interface IcebergParts {
  readonly tapes: Pick<Tapes, 'named'>;
  /** Places one leg for the client. @throws KiteError when it is refused. */
  readonly place: (terms: OrderTerms, origin: OrderOrigin) => Order;
  /** Calls back when the order is over. */
  readonly whenOver: (order: Order, act: (order: OrderView) => void) => void;
}

/** Places the first leg. @throws KiteError when the order cannot be an iceberg. */
export function placeIceberg(parts: IcebergParts, terms: OrderTerms): Order {
  if (terms.orderType !== 'LIMIT' && terms.orderType !== 'MARKET') {
    throw inputError('Iceberg orders must be LIMIT or MARKET.');
  }
  if (terms.quantity * priceFor(parts, terms) < minimumValue) {
    throw inputError('Iceberg orders need a value of at least 1,00,000 rupees.');
  }
  return placeLeg(parts, terms, 1, undefined);
}

/**
 * Called when an order is over: the next leg follows a leg that traded in full. Where it is refused, by a
 * closed market or a band that has moved, the iceberg ends there.
 */
function continueIceberg(parts: IcebergParts, order: OrderView, terms: OrderTerms): void {
  const { iceberg } = order;
  if (iceberg === null || order.status !== 'COMPLETE' || iceberg.leg >= iceberg.legs) return;
  try {
    placeLeg(parts, terms, iceberg.leg + 1, order.parentOrderId ?? order.orderId);
  } catch (error) {
    if (!(error instanceof KiteError)) throw error;
  }
}

const minimumValue = paise(10_000_000);

const priceFor = ({ tapes }: IcebergParts, terms: OrderTerms): number =>
  terms.price > 0 ? terms.price : tapes.named(terms.tradingsymbol).lastPrice;

function placeLeg(
  parts: IcebergParts,
  terms: OrderTerms,
  leg: number,
  parentOrderId: string | undefined,
): Order {
  const quantities = legQuantities(terms.quantity, terms.icebergLegs);
  const quantity = quantities[leg - 1] ?? 0;
  const done = quantities.slice(0, leg).reduce((sum, part) => sum + part, 0);
  const iceberg: IcebergPlan = {
    leg,
    legs: quantities.length,
    legQuantity: shares(quantity),
    totalQuantity: terms.quantity,
    remainingQuantity: shares(terms.quantity - done),
  };
  const legTerms = { ...terms, quantity: shares(quantity) };
  const order = parts.place(legTerms, { iceberg, parentOrderId });
  parts.whenOver(order, (over) => continueIceberg(parts, over, terms));
  return order;
}

/** The slices of a large order. @throws KiteError when it needs more than ten. */
export function autoslices(terms: OrderTerms): readonly OrderTerms[] {
  const count = Math.ceil(terms.quantity / quantityPerOrderMax);
  if (count > slicesMax) {
    throw inputError(`An order can be sliced into at most ${slicesMax} orders.`);
  }
  return legQuantities(terms.quantity, count).map((quantity) => ({
    ...terms,
    quantity: shares(quantity),
  }));
}
