// Reads a trade back from our database.
import type { ForeignFill } from '../../domain/position';
import { epochMs, paise, shares, type Side } from '../../domain/units';

/** Whole numbers arrive as text. */
export interface FillRow {
  readonly trade_id: string;
  readonly order_id: string;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly at: string;
  readonly by_broker: boolean;
}

export const fillOf = (row: FillRow): ForeignFill => ({
  tradeId: row.trade_id,
  orderId: row.order_id,
  side: row.side,
  quantity: shares(Number(row.quantity)),
  price: paise(Number(row.price)),
  at: epochMs(Number(row.at)),
  byBroker: row.by_broker,
});
