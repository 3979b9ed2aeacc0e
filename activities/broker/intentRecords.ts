// Our records of the intents a session looks after: its own, and those that earlier sessions carried into it.
import type { Pool } from 'pg';
import { isTriggerOrderId } from '../../domain/orders/trigger';
import type { ExitReason, Intent, PositionTraces } from '../../domain/position';
import type { OrderOwner } from '../../domain/reconciliation';
import { istInstant } from '../../domain/session/sessionClock';
import { paise, sideSign } from '../../domain/units';
import { fillOf, type FillRow } from '../ledger/fillRows';
import { heldInSession } from '../ledger/heldInSession';

/** One intent with everything that was recorded of it. */
export interface IntentRecord {
  readonly intent: Intent;
  readonly traces: PositionTraces;
  /** Signed quantity of today's foreign trades the position has taken as its own exits. */
  readonly adopted: number;
  /** Signed quantity held from earlier sessions. */
  readonly carried: number;
  /** Has its run of this session handed it on to the next one? */
  readonly isHandedOn: boolean;
  /** Ids of its orders, those without a tag included. */
  readonly orderIds: readonly string[];
}

/** Whose orders without a tag are. */
export const ownersOf = (records: readonly IntentRecord[]): readonly OrderOwner[] =>
  records.map(({ intent: { intentId }, orderIds }) => ({ intentId, orderIds }));

interface Row {
  readonly terms: Intent;
  /** Signed. */
  readonly adopted: string;
  readonly entry_order_id: string | null;
  readonly levels: readonly (readonly [number, number])[];
  readonly order_ids: readonly string[];
  readonly fills: readonly FillRow[];
  readonly leaving: ExitReason | null;
  readonly handed_on: boolean;
  readonly untouched: boolean;
}

const recordOf = (row: Row): IntentRecord => {
  const fills = row.fills.map(fillOf);
  return {
    intent: row.terms,
    adopted: Number(row.adopted),
    carried: fills.reduce((sum, { side, quantity }) => sum + sideSign(side) * quantity, 0),
    isHandedOn: row.handed_on,
    orderIds: row.order_ids,
    traces: {
      entryOrderId: row.entry_order_id,
      levels: row.levels.map(([stop, target]) => ({ stop: paise(stop), target: paise(target) })),
      triggers: row.order_ids.filter(isTriggerOrderId),
      fills,
      handedOn: row.untouched,
      leaving: row.leaving,
    },
  };
};

/** Those of the session, and those carried into it. */
export async function intentRecords(
  pool: Pool,
  account: string,
  date: string,
): Promise<readonly IntentRecord[]> {
  const { rows } = await pool.query<Row>(
    `select i.terms,
       coalesce((select sum(case f.side when 'BUY' then f.quantity else -f.quantity end) from fill f
         where f.intent_id = i.intent_id and f.at >= $3 and not exists (select 1 from broker_order o where o.order_id = f.order_id)), 0) as adopted,
       (select f.order_id from fill f
         where f.intent_id = i.intent_id and f.side = case i.terms ->> 'direction' when 'LONG' then 'BUY' else 'SELL' end
         order by f.at limit 1) as entry_order_id,
       coalesce((select json_agg(json_build_array(l.stop, l.target) order by l.host) from level_change l where l.intent_id = i.intent_id), '[]') as levels,
       coalesce((select json_agg(o.order_id) from broker_order o where o.intent_id = i.intent_id), '[]') as order_ids,
       coalesce((select json_agg(f.* order by f.at) from fill f where f.intent_id = i.intent_id and f.at < $3 and i.date < $2), '[]') as fills,
       (select c.leaving from carried c where c.intent_id = i.intent_id order by c.date desc limit 1) as leaving,
       exists (select 1 from carried c where c.intent_id = i.intent_id and c.date = $2) as handed_on,
       exists (select 1 from carried c where c.intent_id = i.intent_id and not exists (
         select 1 from broker_write w where w.account = $1 and w.tag = i.intent_id and w.host > c.host)) as untouched
     from intent i where ${heldInSession}`,
    [account, date, istInstant(date, '00:00')],
  );
  return rows.map(recordOf);
}
