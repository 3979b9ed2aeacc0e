// Kite's rows in our units. Everything the broker sends is checked: a row that cannot be read makes the
// whole book unreadable, which is an error and never an empty book.
import { z } from 'zod';
import type { PriceBand } from '../../domain/market/instrument';
import type { AccountOrder, Fill } from '../../domain/orders/order';
import { epochMs, paiseFromRupees, shares } from '../../domain/units';

const side = z.enum(['BUY', 'SELL']);
const instant = z.coerce.date().transform((date) => epochMs(date.getTime()));
const text = z.coerce.string();

const orderRow = z.object({
  order_id: text,
  tag: z.string().nullish(),
  placed_by: text,
  tradingsymbol: text,
  transaction_type: side,
  product: text,
  order_type: text,
  status: text,
  status_message: z.string().nullish(),
  quantity: z.number(),
  filled_quantity: z.number(),
  price: z.number(),
  trigger_price: z.number(),
  order_timestamp: instant,
});

const tradeRow = z.object({
  trade_id: text,
  order_id: text,
  transaction_type: side,
  quantity: z.number(),
  average_price: z.number(),
  fill_timestamp: instant,
});

export const orderRows = z.array(
  orderRow.transform((row): AccountOrder => ({
    orderId: row.order_id,
    tag: row.tag ?? null,
    tradingsymbol: row.tradingsymbol,
    side: row.transaction_type,
    product: row.product,
    orderType: row.order_type,
    status: row.status,
    statusMessage: row.status_message ?? null,
    quantity: shares(row.quantity),
    filledQuantity: shares(row.filled_quantity),
    price: paiseFromRupees(row.price),
    trigger: paiseFromRupees(row.trigger_price),
    placedAt: row.order_timestamp,
    placedBy: row.placed_by,
  })),
);

export const tradeRows = z.array(
  tradeRow.transform((row): Fill => ({
    tradeId: row.trade_id,
    orderId: row.order_id,
    side: row.transaction_type,
    quantity: shares(row.quantity),
    price: paiseFromRupees(row.average_price),
    at: row.fill_timestamp,
  })),
);

const depthLevels = z.array(z.object({ price: z.number(), quantity: z.number() }));

export const quoteRows = z.record(
  z.string(),
  z.object({
    instrument_token: z.number(),
    last_price: z.number(),
    volume: z.number().optional(),
    lower_circuit_limit: z.number(),
    upper_circuit_limit: z.number(),
    ohlc: z.object({ open: z.number(), high: z.number(), low: z.number(), close: z.number() }),
    depth: z.object({ buy: depthLevels, sell: depthLevels }).optional(),
  }),
);

/** The day's price band of a quoted stock. */
export const bandOf = ({
  lower_circuit_limit: lower,
  upper_circuit_limit: upper,
}: z.infer<typeof quoteRows>[string]): PriceBand => ({
  lower: paiseFromRupees(lower),
  upper: paiseFromRupees(upper),
});

export const positionRows = z.object({
  net: z.array(z.object({ tradingsymbol: text, product: text, quantity: z.number() })),
});

const holdingRows = z.array(
  z.object({ tradingsymbol: text, quantity: z.number(), t1_quantity: z.number() }),
);

/** Shares held from earlier sessions by stock, settled or not; today's sales are not taken off. */
export function heldBefore(rows: unknown): ReadonlyMap<string, number> {
  const held = new Map<string, number>();
  for (const { tradingsymbol, quantity, t1_quantity: unsettled } of holdingRows.parse(rows))
    held.set(tradingsymbol, (held.get(tradingsymbol) ?? 0) + quantity + unsettled);
  return held;
}

export const equityMargins = z.object({
  net: z.number(),
  available: z.object({ cash: z.number(), opening_balance: z.number() }),
});
