// Orders, trades and positions of NSE's cash segment in our units.
import { z } from 'zod';
import type { AccountOrder, Fill } from '../../../domain/orders/order';
import { isIntentTag } from '../../../domain/position';
import type { Product } from '../../../domain/units';
import {
  id,
  instant,
  isOfPossibleValue,
  price,
  quantity,
  quantityOrNone,
  side,
  signedQuantity,
  text,
  tradedPrice,
} from './values';
import type { RowKind } from './sifted';

/** The products that positions of ours can have. */
const products: readonly Product[] = ['MIS', 'CNC'];
const product = z.enum(['MIS', 'CNC']);

/** Of NSE's cash segment, and in a product of ours: all else can neither be ours nor touch what is. */
const isOfOurKind = (row: Readonly<Record<string, unknown>>): boolean =>
  row['exchange'] === 'NSE' && products.some((one) => one === row['product']);

const orderRow = z
  .object({
    order_id: id,
    tag: z.string().nullish(),
    placed_by: text,
    tradingsymbol: text,
    transaction_type: side,
    product,
    order_type: text,
    status: text,
    status_message: z.string().nullish(),
    quantity,
    filled_quantity: quantityOrNone,
    price,
    trigger_price: price,
    order_timestamp: instant,
  })
  .refine((row) => row.filled_quantity <= row.quantity, {
    path: ['filled_quantity'],
    message: 'must not exceed the quantity',
  })
  .refine((row) => isOfPossibleValue(row.quantity, Math.max(row.price, row.trigger_price)), {
    path: ['quantity'],
    message: 'times the price is more than any order is worth',
  })
  .transform((row): AccountOrder => ({
    orderId: row.order_id,
    tag: row.tag ?? null,
    tradingsymbol: row.tradingsymbol,
    side: row.transaction_type,
    product: row.product,
    orderType: row.order_type,
    status: row.status,
    statusMessage: row.status_message ?? null,
    quantity: row.quantity,
    filledQuantity: row.filled_quantity,
    price: row.price,
    trigger: row.trigger_price,
    placedAt: row.order_timestamp,
    placedBy: row.placed_by,
  }));

/** An order with somebody else's tag may be left out; one without a tag may be what our trigger placed. */
export const orderRows: RowKind<AccountOrder> = {
  what: 'the orders',
  row: orderRow,
  concernsUs: isOfOurKind,
  isStrangers: ({ tag }) => typeof tag === 'string' && tag !== '' && !isIntentTag(tag),
};

const tradeRow = z
  .object({
    trade_id: id,
    order_id: id,
    transaction_type: side,
    quantity,
    average_price: tradedPrice,
    fill_timestamp: instant,
  })
  .refine((row) => isOfPossibleValue(row.quantity, row.average_price), {
    path: ['quantity'],
    message: 'times the price is more than any trade is worth',
  })
  .transform((row): Fill => ({
    tradeId: row.trade_id,
    orderId: row.order_id,
    side: row.transaction_type,
    quantity: row.quantity,
    price: row.average_price,
    at: row.fill_timestamp,
  }));

export const tradeRows: RowKind<Fill> = {
  what: 'the trades',
  row: tradeRow,
  concernsUs: isOfOurKind,
};

export interface NetQuantity {
  readonly tradingsymbol: string;
  readonly product: Product;
  /** Signed. */
  readonly quantity: number;
}

export const positionRows: RowKind<NetQuantity> = {
  what: 'the positions',
  row: z.object({ tradingsymbol: text, product, quantity: signedQuantity }),
  concernsUs: isOfOurKind,
};
