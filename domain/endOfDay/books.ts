// What the broker's books say of the day's cash: what our orders moved, and why its free money may differ from
// ours for reasons that are not ours.
import { isLive, type BookOrder, type Fill } from '../orders/order';
import { paise, sideSign, type Paise } from '../units';

/** The books of the account at the end of its day. */
export interface DayBooks {
  readonly orders: readonly BookOrder[];
  readonly fills: readonly Fill[];
  /** Signed net quantity by `SYMBOL/PRODUCT`. */
  readonly netQuantities: ReadonlyMap<string, number>;
  /** Ids of the orders whose trades are in our records. */
  readonly ours: ReadonlySet<string>;
}

/** Cash that fills have brought in (positive) or cost (negative), before charges. */
export const cashMovedBy = (fills: readonly Pick<Fill, 'side' | 'quantity' | 'price'>[]): Paise =>
  paise(
    fills.reduce((sum, { side, quantity, price }) => sum - sideSign(side) * quantity * price, 0),
  );

export const ownFills = ({ fills, ours }: DayBooks): readonly Fill[] =>
  fills.filter(({ orderId }) => ours.has(orderId));

const names = (symbols: readonly string[]): string => [...new Set(symbols)].join(', ');

/** Why the broker's free money says nothing of ours, in words; empty where it does. */
export function obstaclesIn({ orders, netQuantities, ours }: DayBooks): readonly string[] {
  const others = orders.filter(
    ({ orderId, filledQuantity }) => filledQuantity > 0 && !ours.has(orderId),
  );
  const live = orders.filter(isLive);
  const held = [...netQuantities].flatMap(([key, quantity]) =>
    key.endsWith('/MIS') && quantity !== 0 ? [key.slice(0, -'/MIS'.length)] : [],
  );
  const symbolsOf = (some: readonly BookOrder[]): string =>
    names(some.map(({ tradingsymbol }) => tradingsymbol));
  return [
    ...(others.length === 0 ? [] : [`orders that are not ours have traded ${symbolsOf(others)}`]),
    ...(live.length === 0 ? [] : [`orders are still open in ${symbolsOf(live)}`]),
    ...(held.length === 0 ? [] : [`intraday positions are still open in ${names(held)}`]),
  ];
}
