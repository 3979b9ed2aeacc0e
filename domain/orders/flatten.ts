// The steps that leave everything, from the broker's books alone: for the kill switch, when no workflow can
// be asked. An exit that already rests becomes a marketable limit, so that no second exit exists. Entries are
// cancelled. A holding without an exit gets one.
import { throughMarket, type PriceBand } from '../market/instrument';
import { exitSide, shares, sideSign, type Paise, type Product, type Shares } from '../units';
import { isLive, netFilled, type BookOrder, type OrderRequest } from './order';

/** A stock the account holds, with what an order in it needs. */
export interface HeldStock {
  readonly tradingsymbol: string;
  /** Signed. */
  readonly netQuantity: number;
  readonly ltp: Paise;
  readonly tickSize: Paise;
  readonly band: PriceBand;
}

export type FlattenStep =
  | { readonly kind: 'cancel'; readonly orderId: string; readonly tag: string }
  | { readonly kind: 'modify'; readonly orderId: string; readonly order: OrderRequest }
  | { readonly kind: 'place'; readonly order: OrderRequest }
  /** Deletes a trigger; the order takes its place only once that is done. */
  | { readonly kind: 'replace'; readonly orderId: string; readonly order: OrderRequest };

/** How far through the market an order is priced: enough to fill at once in a falling market. */
const throughBps = 100;

/**
 * The steps for what our intraday orders have bought or sold. Foreign holdings are left alone. Exits come
 * first.
 */
export function flattenSteps(
  orders: readonly BookOrder[],
  held: readonly HeldStock[],
  isOurs: (tag: string) => boolean,
): readonly FlattenStep[] {
  const ours = orders.filter(
    ({ tag, product }) => tag !== null && isOurs(tag) && product === 'MIS',
  );
  const kept = new Set<string>();
  const exits = held.flatMap((stock): FlattenStep[] => {
    const own = ours.filter(({ tradingsymbol }) => tradingsymbol === stock.tradingsymbol);
    const order = exitOf(stock, own);
    if (order === null) return [];
    const resting = own.find((candidate) => isLive(candidate) && candidate.side === order.side);
    if (resting === undefined) return [{ kind: 'place', order }];
    kept.add(resting.orderId);
    const quantity = shares(order.quantity + resting.filledQuantity);
    return [{ kind: 'modify', orderId: resting.orderId, order: { ...order, quantity } }];
  });
  const cancels = ours
    .filter((order) => isLive(order) && !kept.has(order.orderId))
    .map(({ orderId, tag }): FlattenStep => ({ kind: 'cancel', orderId, tag: tag ?? '' }));
  return [...exits, ...cancels];
}

/** The order that leaves our part of a holding; null where none of it is ours. */
function exitOf(stock: HeldStock, own: readonly BookOrder[]): OrderRequest | null {
  const { netQuantity } = stock;
  const d = Math.sign(netQuantity);
  const entry = own.findLast(
    ({ side, filledQuantity }) => sideSign(side) === d && filledQuantity > 0,
  );
  const quantity = Math.min(Math.abs(netQuantity), Math.max(0, d * netFilled(own)));
  if (quantity === 0 || entry === undefined || entry.tag === null) return null;
  return leavingOrder(stock, { tag: entry.tag, product: 'MIS', quantity: shares(quantity) });
}

/** A limit far enough through the market to fill at once. */
export function leavingOrder(
  stock: HeldStock,
  order: { readonly tag: string; readonly product: Product; readonly quantity: Shares },
): OrderRequest {
  const { tradingsymbol, netQuantity, ltp } = stock;
  const d = Math.sign(netQuantity);
  const price = throughMarket(ltp, d, (ltp * throughBps) / 10_000, stock);
  return {
    ...order,
    tradingsymbol,
    side: exitSide(d > 0 ? 'LONG' : 'SHORT'),
    pricing: { kind: 'LIMIT', price },
  };
}
