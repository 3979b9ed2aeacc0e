// What a closed position earned and cost, from its fills alone: charges are per executed order.
import {
  addCharges,
  brokerSquareOffFee,
  chargesForOrder,
  depositoryFee,
  noCharges,
  type Charges,
} from '../charges';
import type { Fill } from '../orders/order';
import { istDate } from '../session/sessionClock';
import { paise, sideSign, type Paise, type Product } from '../units';

export interface PositionSettlement {
  /** Sale value − purchase value. */
  readonly grossPnl: Paise;
  readonly byOrder: ReadonlyMap<string, Charges>;
  /** Orders by which the broker squared the position off. Each costs its fee. */
  readonly feeOrders: readonly string[];
  /**
   * In each session, the first order that sold shares bought in an earlier one. Each costs the depository's
   * fee.
   */
  readonly depositoryOrders: readonly string[];
  /** Charges of all orders, fees included. */
  readonly charges: Paise;
}

/** What a position's charges depend on; `date` is the session it was opened in. */
export interface SettledTerms {
  readonly product: Product;
  readonly date: string;
}

/** The session a trade belongs to. A carried position trades in several. */
export const sessionOf = (
  { at }: Pick<Fill, 'at'>,
  { date }: Pick<SettledTerms, 'date'>,
): string => (istDate(at) > date ? istDate(at) : date);

/** @param fills each trade once. */
export function settlementOf(
  fills: readonly (Fill & { readonly byBroker?: boolean })[],
  terms: SettledTerms,
): PositionSettlement {
  const { product } = terms;
  const byOrder = new Map<string, Charges>();
  for (const orderId of new Set(fills.map((fill) => fill.orderId))) {
    const own = fills.filter((fill) => fill.orderId === orderId);
    const turnover = paise(own.reduce((sum, { quantity, price }) => sum + quantity * price, 0));
    const [first] = own;
    const side = first?.side ?? 'BUY';
    const date = first === undefined ? terms.date : sessionOf(first, terms);
    byOrder.set(orderId, chargesForOrder({ side, product, date, turnover }));
  }
  const squared = fills.filter(({ byBroker }) => byBroker === true);
  const feeOrders = [...new Set(squared.map(({ orderId }) => orderId))];
  const depositoryOrders = leavingOrders(fills, terms);
  const { total } = [...byOrder.values()].reduce(addCharges, noCharges);
  return {
    grossPnl: paise(
      fills.reduce((sum, { side, quantity, price }) => sum - sideSign(side) * quantity * price, 0),
    ),
    byOrder,
    feeOrders,
    depositoryOrders,
    charges: paise(
      total + feeOrders.length * brokerSquareOffFee + depositoryOrders.length * depositoryFee,
    ),
  };
}

/** The first order that sold, for each session after the first. */
function leavingOrders(
  fills: readonly Fill[],
  terms: SettledTerms,
): PositionSettlement['depositoryOrders'] {
  const first = new Map<string, Fill>();
  for (const fill of fills) {
    const session = sessionOf(fill, terms);
    const known = first.get(session);
    if (fill.side !== 'SELL' || terms.product !== 'CNC' || session === terms.date) continue;
    if (known === undefined || fill.at < known.at) first.set(session, fill);
  }
  return [...first.values()].map(({ orderId }) => orderId);
}
