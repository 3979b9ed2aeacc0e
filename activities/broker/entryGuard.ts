// The last look before an entry leaves: is it the order that was approved, are entries halted, is it still
// in time? All three are read when the order is sent, not when it was decided. Nothing has left when this
// says no, so no is final; and when the records cannot be read, the answer is no.
import type { Pool } from 'pg';
import type { OrderRequest } from '../../domain/orders/order';
import { entrySide } from '../../domain/units';
import type { Intent } from '../../domain/position';

/** Why an entry must not be sent. */
export interface EntryRefusal {
  readonly code: 'ENTRIES_HALTED' | 'NOT_APPROVED' | 'ENTRY_LATE' | 'ENTRY_UNCHECKED';
  readonly message: string;
}

export type EntryGuard = (order: OrderRequest) => Promise<EntryRefusal | null>;

/** A write waiting longer than this, or waking after it, is a decision about another market. */
const ageMaxMs = 15_000;

interface Records {
  readonly terms: Intent | null;
  readonly created_host: string | null;
  readonly halted: boolean | null;
  readonly reason: string | null;
}

/** @param now the host's clock. */
export function createEntryGuard(
  pool: Pool,
  account: string,
  now: () => number = Date.now,
): EntryGuard {
  return async (order) => {
    const found = await pool
      .query<Records>(
        `select i.terms, i.created_host, h.halted, h.reason from (select 1) one
         left join intent i on i.intent_id = $1 and i.account = $2
         left join lateral (select halted, reason from halt where account = $2 order by host desc limit 1) h on true`,
        [order.tag, account],
      )
      .catch(() => undefined);
    return found === undefined ? unchecked : refusalOf(order, found.rows[0], now());
  };
}

const unchecked: EntryRefusal = {
  code: 'ENTRY_UNCHECKED',
  message: 'our records could not be read, so the entry was not sent',
};

function refusalOf(
  order: OrderRequest,
  records: Records | undefined,
  now: number,
): EntryRefusal | null {
  if (records === undefined) return unchecked;
  if (records.halted === true)
    return { code: 'ENTRIES_HALTED', message: `entries are halted: ${records.reason ?? ''}` };
  const { terms, created_host: created } = records;
  if (terms === null || created === null || !isApproved(order, terms))
    return { code: 'NOT_APPROVED', message: `no approved intent ${order.tag} of this content` };
  const ageMs = now - Number(created);
  return ageMs > ageMaxMs
    ? { code: 'ENTRY_LATE', message: `the entry was decided ${Math.round(ageMs / 1000)} s ago` }
    : null;
}

const isApproved = (order: OrderRequest, intent: Intent): boolean =>
  order.tradingsymbol === intent.instrument.tradingsymbol &&
  order.side === entrySide(intent.direction) &&
  order.product === intent.product &&
  order.quantity === intent.quantity &&
  order.pricing.kind === 'LIMIT' &&
  order.pricing.price === intent.entryLimit;
