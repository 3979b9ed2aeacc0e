// What happened to a position, in our records and in the ledger of the session it happened in. A carried
// position trades, pays and earns in several sessions.
import type { Pool, PoolClient } from 'pg';
import { brokerSquareOffFee, depositoryFee } from '../../domain/charges';
import {
  carriedTransaction,
  chargesTransaction,
  closeTransaction,
  depositoryTransaction,
  feeTransaction,
  fillTransaction,
} from '../../domain/ledger/postings';
import { sessionOf, settlementOf } from '../../domain/ledger/settlement';
import {
  distinctFills,
  type ExitReason,
  type ForeignFill,
  type PositionView,
} from '../../domain/position';
import type { BookOrder, Fill, OrderRequest } from '../../domain/orders/order';
import type { Trail } from '../../domain/trailing';
import { paise, sideSign, type Paise, type Product } from '../../domain/units';
import { fillOf, type FillRow } from './fillRows';
import { inTransaction, post } from './records';

/** What a position hands to our records. */
export interface PositionRecord {
  readonly orders: readonly BookOrder[];
  /** Its own fills, and the foreign ones that closed it. */
  readonly fills: readonly (Fill & { readonly byBroker?: boolean })[];
  readonly trail: Trail | null;
}

/** A closed position's money, paise. */
export interface Settlement {
  readonly grossPnl: Paise;
  readonly charges: Paise;
}

interface IntentRow {
  readonly intentId: string;
  readonly account: string;
  readonly date: string;
  readonly tradingsymbol: string;
  readonly product: Product;
}

async function intentRow(pool: Pool, intentId: string): Promise<IntentRow> {
  const { rows } = await pool.query<IntentRow>(
    `select intent_id as "intentId", account, to_char(date, 'YYYY-MM-DD') as date, tradingsymbol, terms->>'product' as product from intent where intent_id = $1`,
    [intentId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no intent ${intentId} has been recorded`);
  return row;
}

/** Stores orders, trades and levels that are not stored yet. */
export async function recordPosition(
  pool: Pool,
  intentId: string,
  record: PositionRecord,
): Promise<void> {
  const intent = await intentRow(pool, intentId);
  await inTransaction(pool, async (client) => {
    for (const order of record.orders) await recordOrder(client, intentId, order);
    for (const fill of distinctFills(record.fills)) {
      await recordFill(client, intentId, fill);
      const { ledger, scope } = bookOf(intent, sessionOf(fill, intent));
      await post(client, ledger, fillTransaction(scope, intent.tradingsymbol, fill));
    }
    if (record.trail !== null) await recordLevels(client, intentId, record.trail);
  });
}
/** The account's ledger of a day, with the scope of its transaction ids. */
const bookOf = (
  { account }: IntentRow,
  date: string,
): { readonly ledger: { account: string; date: string }; readonly scope: string } => ({
  ledger: { account, date },
  scope: `${account}/${date}`,
});

async function recordOrder(client: PoolClient, intentId: string, order: BookOrder): Promise<void> {
  await client.query(
    `insert into broker_order (order_id, intent_id, side, order_type, status, status_message, quantity, filled_quantity, price, trigger, placed_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (order_id) do update set order_type = excluded.order_type, status = excluded.status,
       status_message = excluded.status_message, quantity = excluded.quantity,
       filled_quantity = excluded.filled_quantity, price = excluded.price, trigger = excluded.trigger`,
    [
      ...[order.orderId, intentId, order.side, order.orderType, order.status, order.statusMessage],
      ...[order.quantity, order.filledQuantity, order.price, order.trigger, order.placedAt],
    ],
  );
}

const recordFill = (
  client: PoolClient,
  intentId: string,
  fill: PositionRecord['fills'][number],
): Promise<unknown> =>
  client.query(
    `insert into fill (trade_id, order_id, intent_id, side, quantity, price, at, by_broker)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [
      ...[fill.tradeId, fill.orderId, intentId, fill.side, fill.quantity, fill.price, fill.at],
      fill.byBroker ?? false,
    ],
  );

const recordLevels = (client: PoolClient, intentId: string, trail: Trail): Promise<unknown> =>
  client.query(
    `insert into level_change (intent_id, host, stop, target) select $1, $2, $3, $4
     where not exists (select 1 from (select stop, target from level_change where intent_id = $1 order by host desc limit 1) last
       where last.stop = $3 and last.target = $4) on conflict do nothing`,
    [intentId, Date.now(), trail.stop, trail.target],
  );

/**
 * Records whose trigger it is, since a trigger carries no tag. It is written before the trigger is seen in
 * the broker's list.
 */
export async function recordTrigger(
  pool: Pool,
  orderId: string,
  { tag, side, quantity, pricing }: OrderRequest,
): Promise<void> {
  await pool.query(
    `insert into broker_order (order_id, intent_id, side, order_type, status, quantity, filled_quantity, price, trigger, placed_at)
     values ($1, $2, $3, 'OCO', 'TRIGGER PENDING', $4, 0, $5, $6, $7) on conflict do nothing`,
    [
      ...[orderId, tag, side, quantity, pricing.price],
      ...[pricing.kind === 'LIMIT' ? 0 : pricing.trigger, Date.now()],
    ],
  );
}

async function fillsOf(pool: Pool, intentId: string): Promise<readonly ForeignFill[]> {
  const { rows } = await pool.query<FillRow>(
    'select * from fill where intent_id = $1 order by at',
    [intentId],
  );
  return rows.map(fillOf);
}

/**
 * Posts the charges of what was executed, each order in the ledger of its session. @returns the money of all
 * of it.
 */
async function postCharges(
  client: PoolClient,
  intent: IntentRow,
  fills: readonly ForeignFill[],
): Promise<Settlement> {
  const { grossPnl, byOrder, feeOrders, depositoryOrders, charges } = settlementOf(fills, intent);
  for (const [orderId, cost] of byOrder) {
    const fill = fills.find((one) => one.orderId === orderId);
    const { ledger, scope } = bookOf(
      intent,
      fill === undefined ? intent.date : sessionOf(fill, intent),
    );
    await post(client, ledger, chargesTransaction(scope, orderId, cost));
    if (feeOrders.includes(orderId))
      await post(client, ledger, feeTransaction(scope, orderId, brokerSquareOffFee));
    if (depositoryOrders.includes(orderId))
      await post(client, ledger, depositoryTransaction(scope, intent.tradingsymbol, depositoryFee));
  }
  return { grossPnl, charges };
}

/** Hands a position on to the next session, with this session's costs in its ledger. */
export async function carryPosition(pool: Pool, intentId: string, carry: Carry): Promise<void> {
  const intent = await intentRow(pool, intentId);
  const fills = await fillsOf(pool, intentId);
  await inTransaction(pool, async (client) => {
    await postCharges(client, intent, fills);
    await postCarriedCost(client, intent, fills, carry.date);
    await client.query(
      `insert into carried (intent_id, date, leaving, view, host) values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [intentId, carry.date, carry.leaving, carry.view, Date.now()],
    );
  });
}

/** What is handed on, and after which session. */
export interface Carry {
  readonly date: string;
  readonly view: PositionView;
  /** Why it was being left when the session ended; null where it is to be held. */
  readonly leaving: ExitReason | null;
}

/** Posts what earlier sessions paid for the position, once in the ledger of each later session. */
async function postCarriedCost(
  client: PoolClient,
  intent: IntentRow,
  fills: readonly ForeignFill[],
  date: string,
): Promise<void> {
  const earlier = fills.filter((fill) => sessionOf(fill, intent) < date);
  if (earlier.length === 0) return;
  const cost = earlier.reduce(
    (sum, { side, quantity, price }) => sum + sideSign(side) * quantity * price,
    0,
  );
  const { ledger, scope } = bookOf(intent, date);
  await post(
    client,
    ledger,
    carriedTransaction(scope, intent.tradingsymbol, intent.intentId, paise(cost)),
  );
}

/**
 * Posts the charges of every executed order, and moves the profit out of the stock's account, in the ledger
 * of the last trade's session.
 */
export async function settlePosition(
  pool: Pool,
  intentId: string,
  view: PositionView,
): Promise<Settlement> {
  const intent = await intentRow(pool, intentId);
  const fills = await fillsOf(pool, intentId);
  const last = fills.at(-1);
  const date = last === undefined ? intent.date : sessionOf(last, intent);
  const { ledger, scope } = bookOf(intent, date);
  return inTransaction(pool, async (client) => {
    const settlement = await postCharges(client, intent, fills);
    const { grossPnl, charges } = settlement;
    await postCarriedCost(client, intent, fills, date);
    if (fills.length > 0)
      await post(client, ledger, closeTransaction(scope, intent.tradingsymbol, intentId, grossPnl));
    await client.query(
      `insert into position_result (intent_id, view, gross_pnl, charges, closed_host, date) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [intentId, view, grossPnl, charges, Date.now(), date],
    );
    return settlement;
  });
}
