// The ledger and our records of intents, orders, fills and alerts.
import type { Pool } from 'pg';
import { brokerSquareOffFee } from '../../domain/charges';
import {
  chargesTransaction,
  closeTransaction,
  feeTransaction,
  fillTransaction,
  openingTransaction,
} from '../../domain/ledger/postings';
import { settlementOf } from '../../domain/ledger/settlement';
import { distinctFills, type Intent, type PositionView } from '../../domain/position';
import type { BookOrder, Fill } from '../../domain/orders/order';
import type { Trail } from '../../domain/trailing';
import type { Paise, Product } from '../../domain/units';
import { fillOf, type FillRow } from './fillRows';
import { recordHalt } from './halts';
import { inTransaction, post } from './records';

/** What a position knows and we keep. */
export interface PositionRecord {
  readonly orders: readonly BookOrder[];
  /** Ours, and the foreign ones that closed the position. */
  readonly fills: readonly (Fill & { readonly byBroker?: boolean })[];
  readonly trail: Trail | null;
}

/** A closed position's money, paise. */
export interface Settlement {
  readonly grossPnl: Paise;
  readonly charges: Paise;
}

export interface LedgerActivities {
  openLedger(account: string, date: string, cash: Paise): Promise<void>;
  recordIntent(intent: Intent): Promise<void>;
  recordPosition(intentId: string, record: PositionRecord): Promise<void>;
  settlePosition(intentId: string, view: PositionView): Promise<Settlement>;
  /** The kill switch, in the record the entry's last check reads. */
  recordHalt(account: string, halted: boolean, reason: string): Promise<void>;
}

/** An event people are told about. `id` is the same for every attempt. */
export interface AlertInput {
  readonly id: string;
  readonly account: string;
  readonly type: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly body: Readonly<Record<string, string | number | boolean>>;
}

export interface AlertRecordActivities {
  /** Stores the alert and answers how many endpoints it goes to. */
  recordAlert(alert: AlertInput): Promise<number>;
  recordDelivery(alertId: string): Promise<void>;
}

/** @param crashPoint where a test may end the process around a commit. */
export function createLedgerActivities(
  pool: Pool,
  crashPoint: (name: string) => Promise<void>,
): LedgerActivities {
  return {
    openLedger: (account, date, cash) =>
      inTransaction(pool, (client) =>
        post(client, { account, date }, openingTransaction(account, date, cash)),
      ),
    recordIntent: async (intent) => {
      await pool.query(
        `insert into intent (intent_id, account, date, tradingsymbol, direction, terms, created_host)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`,
        [
          intent.intentId,
          intent.account,
          intent.date,
          intent.instrument.tradingsymbol,
          intent.direction,
          intent,
          Date.now(),
        ],
      );
    },
    recordPosition: async (intentId, record) => {
      await crashPoint('ledger.beforeCommit');
      await recordPosition(pool, intentId, record);
      await crashPoint('ledger.afterCommit');
    },
    settlePosition: (intentId, view) => settle(pool, intentId, view),
    recordHalt: (account, halted, reason) => recordHalt(pool, account, halted, reason),
  };
}

export function createAlertRecordActivities(pool: Pool, endpoints: number): AlertRecordActivities {
  return {
    recordAlert: async ({ id, account, type, timestamp, body }) => {
      await pool.query(
        'insert into alert (id, account, type, body, raised_host) values ($1, $2, $3, $4, $5) on conflict do nothing',
        [id, account, type, body, Date.parse(timestamp)],
      );
      return endpoints;
    },
    recordDelivery: async (alertId) => {
      await pool.query(
        'update alert set delivered_host = $2 where id = $1 and delivered_host is null',
        [alertId, Date.now()],
      );
    },
  };
}

interface IntentRow {
  readonly account: string;
  readonly date: string;
  readonly tradingsymbol: string;
  readonly product: Product;
}

async function intentRow(pool: Pool, intentId: string): Promise<IntentRow> {
  const { rows } = await pool.query<IntentRow>(
    `select account, to_char(date, 'YYYY-MM-DD') as date, tradingsymbol, terms->>'product' as product from intent where intent_id = $1`,
    [intentId],
  );
  const [row] = rows;
  if (row === undefined) throw new Error(`no intent ${intentId} has been recorded`);
  return row;
}

async function recordPosition(pool: Pool, intentId: string, record: PositionRecord): Promise<void> {
  const intent = await intentRow(pool, intentId);
  const scope = `${intent.account}/${intent.date}`;
  await inTransaction(pool, async (client) => {
    for (const order of record.orders) {
      await client.query(
        `insert into broker_order (order_id, intent_id, side, order_type, status, status_message, quantity, filled_quantity, price, trigger, placed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (order_id) do update set order_type = excluded.order_type, status = excluded.status,
           status_message = excluded.status_message, quantity = excluded.quantity,
           filled_quantity = excluded.filled_quantity, price = excluded.price, trigger = excluded.trigger`,
        [
          order.orderId,
          intentId,
          order.side,
          order.orderType,
          order.status,
          order.statusMessage,
          order.quantity,
          order.filledQuantity,
          order.price,
          order.trigger,
          order.placedAt,
        ],
      );
    }
    for (const fill of distinctFills(record.fills)) {
      await client.query(
        `insert into fill (trade_id, order_id, intent_id, side, quantity, price, at, by_broker) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
        [
          fill.tradeId,
          fill.orderId,
          intentId,
          fill.side,
          fill.quantity,
          fill.price,
          fill.at,
          fill.byBroker ?? false,
        ],
      );
      await post(client, intent, fillTransaction(scope, intent.tradingsymbol, fill));
    }
    const { trail } = record;
    if (trail === null) return;
    await client.query(
      `insert into level_change (intent_id, host, stop, target) select $1, $2, $3, $4
       where not exists (select 1 from (select stop, target from level_change where intent_id = $1 order by host desc limit 1) last
         where last.stop = $3 and last.target = $4) on conflict do nothing`,
      [intentId, Date.now(), trail.stop, trail.target],
    );
  });
}

/** Charges every executed order and moves the profit out of the stock's account. */
async function settle(pool: Pool, intentId: string, view: PositionView): Promise<Settlement> {
  const intent = await intentRow(pool, intentId);
  const { rows } = await pool.query<FillRow>('select * from fill where intent_id = $1', [intentId]);
  const fills = rows.map(fillOf);
  const { grossPnl, byOrder, feeOrders, charges } = settlementOf(fills, intent);
  const scope = `${intent.account}/${intent.date}`;
  return inTransaction(pool, async (client) => {
    for (const orderId of feeOrders)
      await post(client, intent, feeTransaction(scope, orderId, brokerSquareOffFee));
    for (const [orderId, cost] of byOrder)
      await post(client, intent, chargesTransaction(scope, orderId, cost));
    if (fills.length > 0)
      await post(client, intent, closeTransaction(scope, intent.tradingsymbol, intentId, grossPnl));
    await client.query(
      `insert into position_result (intent_id, view, gross_pnl, charges, closed_host) values ($1, $2, $3, $4, $5) on conflict do nothing`,
      [intentId, view, grossPnl, charges, Date.now()],
    );
    return { grossPnl, charges };
  });
}
