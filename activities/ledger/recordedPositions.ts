// Every position of a day from our records: intents with their orders, trades, levels and results.
import type { Pool } from 'pg';
import type { RecordedPosition } from '../../domain/portfolio/recordedView';
import type { Intent, PositionView } from '../../domain/position';
import { paise, type Side } from '../../domain/units';
import { fillOf, type FillRow } from './fillRows';
import { heldInSession } from './heldInSession';

interface OrderRow {
  readonly intent_id: string;
  readonly side: Side;
  readonly order_type: string;
  readonly status: string;
  readonly trigger: string;
}

interface PositionRow {
  readonly terms: Intent;
  readonly ltp: string | null;
  readonly stop: string | null;
  readonly target: string | null;
  readonly view: PositionView | null;
}

/** Positions in the order of their intents, with those that never traded. */
export async function recordedPositions(
  pool: Pool,
  account: string,
  date: string,
): Promise<readonly RecordedPosition[]> {
  const positions = await pool.query<PositionRow>(
    `select i.terms, p.ltp, l.stop, l.target, coalesce(r.view, handed.view) as view from intent i
     left join last_price p using (tradingsymbol) left join position_result r using (intent_id)
     left join carried handed on handed.intent_id = i.intent_id and handed.date = $2
     left join lateral (select stop, target from level_change c where c.intent_id = i.intent_id order by host desc limit 1) l on true
     where ${heldInSession} order by i.created_host`,
    [account, date],
  );
  const orders = await pool.query<OrderRow>(
    `select o.intent_id, o.side, o.order_type, o.status, o.trigger from broker_order o join intent i using (intent_id)
     where ${heldInSession} order by o.placed_at`,
    [account, date],
  );
  const fills = await pool.query<FillRow & { intent_id: string }>(
    `select f.* from fill f join intent i using (intent_id) where ${heldInSession} order by f.at`,
    [account, date],
  );
  return positions.rows.map(({ terms: intent, ltp, stop, target, view: closed }) => {
    const own = (row: { readonly intent_id: string }): boolean => row.intent_id === intent.intentId;
    return {
      intent,
      closed,
      session: date,
      ltp: ltp === null ? null : paise(Number(ltp)),
      orders: orders.rows.filter(own).map(orderOf),
      fills: fills.rows.filter(own).map(fillOf),
      levels:
        stop === null || target === null
          ? null
          : { stop: paise(Number(stop)), target: paise(Number(target)) },
    };
  });
}

const orderOf = (row: OrderRow): RecordedPosition['orders'][number] => ({
  side: row.side,
  orderType: row.order_type,
  status: row.status,
  trigger: paise(Number(row.trigger)),
});
