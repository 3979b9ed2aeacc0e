// Books for the flattening tests: one stock, with orders of ours unless a test says otherwise.
import type { HeldStock } from '../../../domain/orders/flatten';
import type { BookOrder } from '../../../domain/orders/order';
import { epochMs, paise, shares, type Product, type Side } from '../../../domain/units';

/** Makes orders for ten shares in that product. */
export const ordersIn =
  (product: Product) =>
  (orderId: string, side: Side, filled: number, rest: Partial<BookOrder> = {}): BookOrder => ({
    orderId,
    side,
    tag: 'R1',
    tradingsymbol: 'SBIN',
    product,
    orderType: 'LIMIT',
    status: 'COMPLETE',
    statusMessage: null,
    placedAt: epochMs(0),
    quantity: shares(10),
    filledQuantity: shares(filled),
    price: paise(0),
    trigger: paise(0),
    ...rest,
  });

export const held = (netQuantity: number): HeldStock => ({
  tradingsymbol: 'SBIN',
  netQuantity,
  ltp: paise(80_000),
  tickSize: paise(5),
  band: { lower: paise(72_000), upper: paise(88_000) },
});
