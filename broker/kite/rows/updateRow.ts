// An order update of the feed in our units. An update is news that an order has changed; what it says of the
// order's fills is taken only where it can be read whole.
import { z } from 'zod';
import type { OrderReport } from '../../../domain/orders/order';
import type { OrderUpdate } from '../../port';
import { id, price, quantityOrNone, side } from './values';

const tagged = z.object({ tag: z.string().min(1) });

const reported = z
  .object({
    exchange: z.literal('NSE'),
    order_id: id,
    tag: z.string().min(1),
    transaction_type: side,
    filled_quantity: quantityOrNone,
    average_price: price,
  })
  .transform((row): OrderReport => ({
    orderId: row.order_id,
    tag: row.tag,
    side: row.transaction_type,
    filledQuantity: row.filled_quantity,
    averagePrice: row.average_price,
  }));

export const updateRow = (row: unknown): OrderUpdate => ({
  tag: tagged.safeParse(row).data?.tag ?? null,
  report: reported.safeParse(row).data ?? null,
});
