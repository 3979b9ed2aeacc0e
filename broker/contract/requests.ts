// What the cases of the contract send and look for.
import assert from 'node:assert/strict';
import type { AccountOrder, OrderPricing, OrderRequest } from '../../domain/orders/order';
import { intentIdOf } from '../../domain/position';
import { istInstant } from '../../domain/session/sessionClock';
import { paise, shares, type Paise, type Product, type Side } from '../../domain/units';
import type { Venue } from './venue';

/** A tag of the form all our orders carry. */
export const tag = intentIdOf('2026-11-20', 408_065, istInstant('2026-11-20', '10:00'));

interface Wish {
  readonly side?: Side;
  readonly product?: Product;
  readonly quantity?: number;
  readonly tag?: string;
}

export const request = (
  { stock }: Venue,
  pricing: OrderPricing,
  wish: Wish = {},
): OrderRequest => ({
  tag: wish.tag ?? tag,
  tradingsymbol: stock.symbol,
  side: wish.side ?? 'BUY',
  product: wish.product ?? 'MIS',
  quantity: shares(wish.quantity ?? 10),
  pricing,
});

/** The stock's price, moved by whole ticks. */
export const priceAt = ({ stock }: Venue, ticks: number): Paise =>
  paise(stock.price + ticks * stock.tick);

/** A limit so many ticks from the last price. */
export const limit = (venue: Venue, ticks: number): OrderPricing => ({
  kind: 'LIMIT',
  price: priceAt(venue, ticks),
});

/** A protective stop so many ticks from the last price, its limit five ticks beyond. */
export const stop = (venue: Venue, ticks: number): OrderPricing => ({
  kind: 'SL',
  trigger: priceAt(venue, ticks),
  price: priceAt(venue, ticks + Math.sign(ticks) * 5),
});

/** Places an order that must be accepted. @returns its id. */
export async function place(venue: Venue, order: OrderRequest): Promise<string> {
  const outcome = await venue.broker.place(order);
  assert.equal(outcome.kind, 'accepted', `was ${JSON.stringify(outcome)}`);
  venue.settle();
  return outcome.orderId;
}

/** The order in the broker's book. */
export async function listed({ broker }: Venue, orderId: string): Promise<AccountOrder> {
  const { orders } = await broker.books();
  const order = orders.find((one) => one.orderId === orderId);
  assert.ok(order, `order ${orderId} is not in the book`);
  return order;
}

/** Our orders in the broker's book. */
export const ours = async ({ broker }: Venue): Promise<readonly AccountOrder[]> =>
  (await broker.books()).orders.filter((order) => order.tag === tag);
