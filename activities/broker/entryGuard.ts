// The last check before an entry is sent: is it the order that was approved, are entries halted, is it still
// in time, does it keep to the day's caps? All are read when the order is sent, not when it was decided. A no
// is final, because nothing has been sent yet. Records that cannot be read are a no.
import type { Pool } from 'pg';
import type { OrderRequest } from '../../domain/orders/order';
import type { Intent } from '../../domain/position';
import type { RefusalCode } from '../../domain/refusals';
import {
  whyCapped,
  type CapRefusal,
  type DayRecordSoFar,
  type RiskLimits,
} from '../../domain/risk';
import { entrySide, type EpochMs } from '../../domain/units';
import { latestHalt } from '../ledger/halts';
import { daySoFar, entryOf } from '../ledger/daySoFar';

/** Why an entry must not be sent. */
export interface EntryRefusal {
  readonly code: Extract<
    RefusalCode,
    | 'ENTRIES_HALTED'
    | 'NOT_APPROVED'
    | 'ENTRY_LATE'
    | 'ENTRY_UNCHECKED'
    | 'SESSION_UNPROVEN'
    | CapRefusal['code']
  >;
  readonly message: string;
}

/** @param decidedAt when the entry was decided, host clock. */
export type EntryGuard = (order: OrderRequest, decidedAt: EpochMs) => Promise<EntryRefusal | null>;

/** An entry that was held up longer than this is a decision about another market. */
const ageMaxMs = 15_000;

interface Records {
  readonly intent: Intent | undefined;
  readonly halt: Awaited<ReturnType<typeof latestHalt>>;
  /** null where no day of the intent's date was opened. */
  readonly day: DayRecordSoFar | null;
}

async function readRecords(pool: Pool, account: string, intentId: string): Promise<Records> {
  const [{ rows }, halt] = await Promise.all([
    pool.query<{ terms: Intent }>(
      'select terms from intent where intent_id = $1 and account = $2',
      [intentId, account],
    ),
    latestHalt(pool, account),
  ]);
  const intent = rows[0]?.terms;
  return { intent, halt, day: intent === undefined ? null : await daySoFar(pool, intent) };
}

export interface GuardedAccount {
  readonly account: string;
  /** The limits configured now, whatever an order was approved under. */
  readonly limits: RiskLimits;
}

/** @param now the host's clock. */
export function createEntryGuard(
  pool: Pool,
  { account, limits }: GuardedAccount,
  now: () => number = Date.now,
): EntryGuard {
  return async (order, decidedAt) => {
    const records = await readRecords(pool, account, order.tag).catch(() => undefined);
    return records === undefined
      ? unchecked
      : (refusalOf(order, records, now() - decidedAt) ?? capped(records, limits));
  };
}

/** The order is the intent's, as has been checked. */
const capped = ({ intent, day }: Records, limits: RiskLimits): EntryRefusal | null =>
  intent === undefined ? null : whyCapped(entryOf(intent), day, limits);

const unchecked: EntryRefusal = {
  code: 'ENTRY_UNCHECKED',
  message: 'our records could not be read, so the entry was not sent',
};

function refusalOf(
  order: OrderRequest,
  { intent, halt }: Records,
  ageMs: number,
): EntryRefusal | null {
  if (halt.halted) return { code: 'ENTRIES_HALTED', message: `entries are halted: ${halt.reason}` };
  if (intent === undefined || !isApproved(order, intent))
    return { code: 'NOT_APPROVED', message: `no approved intent ${order.tag} of this content` };
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
