// How much money positions and live orders block. An order that reduces a position blocks nothing; for
// orders on both sides only the worse outcome counts. A delivery sale blocks nothing: the shares are
// there. Sources: docs/kite.md, Books and Intraday at the broker.
import { paise, type Paise, type Product } from '../../domain/units';
import type { Listing } from '../market/listing';
import { netQuantityOf, type Account } from './account';
import { openQuantity, type OrderView } from './order';

/** What one more order would block. */
export interface MarginDemand {
  readonly required: Paise;
  readonly available: Paise;
}

/** Percent of the value blocked: delivery is paid in full. */
export const marginPct = (listing: Listing, product: Product): number =>
  product === 'MIS' ? listing.misMarginPct : 100;

/** Money blocked by the positions and these live orders. */
export function blockedMargin(account: Account, orders: readonly OrderView[]): Paise {
  const keys = new Map<string, Exposure>();
  const exposure = (listing: Listing, product: Product): Exposure => {
    const key = `${listing.instrumentToken}/${product}`;
    const known = keys.get(key) ?? { listing, product, net: 0, cost: 0, buy: 0, sell: 0, price: 0 };
    keys.set(key, known);
    return known;
  };
  for (const position of account.positions()) {
    const one = exposure(position.listing, position.product);
    one.net = netQuantityOf(position);
    one.cost = openCost(position.buyValue, position.sellValue, position.realised);
  }
  for (const order of orders) {
    const one = exposure(order.listing, order.product);
    one[order.side === 'BUY' ? 'buy' : 'sell'] += openQuantity(order);
    one.price = Math.max(one.price, orderPrice(order));
  }
  return paise([...keys.values()].reduce((sum, one) => sum + blockedBy(one), 0));
}

/** Free money: opening cash, what was realised and the free part of holdings sold, less what is blocked. */
export function availableMargin(account: Account, orders: readonly OrderView[]): Paise {
  const { openingCash, realisedPnl } = account.books();
  const { sold, withheld } = holdingSales(account);
  return paise(openingCash + realisedPnl + sold - withheld - blockedMargin(account, orders));
}

/** Money in use: blocked, withheld, and lost today. */
export function debits(account: Account, orders: readonly OrderView[]): Paise {
  const { sold, withheld } = holdingSales(account);
  return paise(blockedMargin(account, orders) + withheld - sold - account.books().realisedPnl);
}

/** What the broker's margin calculator says an order of this value blocks by itself. */
export const orderMargin = (listing: Listing, product: Product, value: number): Paise =>
  paise(Math.ceil((value * marginPct(listing, product)) / 100));

/** Percent of a holding's sale that is not free before it is settled. */
const withheldPct = 20;

/** Value of the holdings sold today, and how much of it is withheld. */
export function holdingSales(account: Account): { readonly sold: Paise; readonly withheld: Paise } {
  const sold = account
    .positions()
    .filter((one) => one.product === 'CNC' && netQuantityOf(one) < 0)
    .reduce((sum, one) => sum + openCost(one.buyValue, one.sellValue, one.realised), 0);
  return { sold: paise(sold), withheld: paise(Math.ceil((sold * withheldPct) / 100)) };
}

/** What the order would block on top of the others, and what is free for it. */
export function marginDemand(
  account: Account,
  others: readonly OrderView[],
  order: OrderView,
): MarginDemand {
  const before = blockedMargin(account, others);
  const after = blockedMargin(account, [...others, order]);
  return { required: paise(after - before), available: availableMargin(account, others) };
}

/** The price an order is margined at: its limit, or its trigger where it has no limit. */
const orderPrice = (order: OrderView): number =>
  order.price > 0 ? order.price : order.triggerPrice;

interface Exposure {
  readonly listing: Listing;
  readonly product: Product;
  net: number;
  cost: number;
  buy: number;
  sell: number;
  price: number;
}

/** Cost of the open side: |bought − sold + realised|. */
const openCost = (bought: number, sold: number, realised: number): number =>
  Math.abs(bought - sold + realised);

function blockedBy({ listing, product, net, cost, buy, sell, price }: Exposure): number {
  if (product === 'CNC') {
    const bought = Math.max(0, net + buy) - Math.max(0, net);
    return (net > 0 ? cost : 0) + bought * price;
  }
  const worst = Math.max(Math.abs(net), net + buy, sell - net);
  const extra = worst - Math.abs(net);
  return Math.ceil(((cost + extra * price) * marginPct(listing, product)) / 100);
}
