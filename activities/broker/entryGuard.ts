// The last check before an entry is sent: is it the order that risk has approved, are entries halted, is it still
// in time, does it keep to the day's caps and near the price? All are read when the order is sent, not when it was
// decided, and none is what the position says of itself. A no is final, because nothing has been sent yet. Records
// that cannot be read are a no.
import type { Pool } from 'pg';
import type { OrderRequest } from '../../domain/orders/order';
import type { RefusalCode } from '../../domain/refusals';
import {
  beyondCollar,
  whyCapped,
  type CapRefusal,
  type CollarRefusal,
  type DayRecordSoFar,
  type RiskLimits,
} from '../../domain/risk';
import { entrySide, type EpochMs, type Product } from '../../domain/units';
import { approvalOf, type Approval } from '../ledger/approvals';
import { daySoFar } from '../ledger/daySoFar';
import { latestHalt } from '../ledger/halts';
import type { LastPrice } from './lastPrice';

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
    | CollarRefusal['code']
  >;
  readonly message: string;
}

/** @param decidedAt when the entry was decided, host clock. */
export type EntryGuard = (order: OrderRequest, decidedAt: EpochMs) => Promise<EntryRefusal | null>;

/** An entry that was held up longer than this is a decision about another market. */
const ageMaxMs = 15_000;

interface Records {
  readonly approval: Approval | undefined;
  readonly halt: Awaited<ReturnType<typeof latestHalt>>;
  /** null where no day of the approval's date was opened. */
  readonly day: DayRecordSoFar | null;
  readonly last: LastPrice;
}

export interface GuardedAccount {
  readonly account: string;
  /** The limits configured now, whatever an order was approved under. */
  readonly limits: RiskLimits;
  /** What longs are bought as; shorts are MIS. */
  readonly longProduct: Product;
  readonly lastPrice: (tradingsymbol: string) => Promise<LastPrice>;
}

async function readRecords(
  pool: Pool,
  { account, lastPrice }: GuardedAccount,
  { tag: intentId, tradingsymbol }: OrderRequest,
): Promise<Records> {
  const [approval, halt, last] = await Promise.all([
    approvalOf(pool, account, intentId),
    latestHalt(pool, account),
    lastPrice(tradingsymbol),
  ]);
  const day = approval === undefined ? null : await daySoFar(pool, { ...approval, intentId });
  return { approval, halt, day, last };
}

/** @param now the host's clock. */
export function createEntryGuard(
  pool: Pool,
  guarded: GuardedAccount,
  now: () => number = Date.now,
): EntryGuard {
  return async (order, decidedAt) => {
    const records = await readRecords(pool, guarded, order).catch(() => undefined);
    return records === undefined
      ? unchecked
      : refusalOf(order, records, { ...guarded, ageMs: now() - decidedAt });
  };
}

const unchecked: EntryRefusal = {
  code: 'ENTRY_UNCHECKED',
  message: 'our records or the last price could not be read, so the entry was not sent',
};

function refusalOf(
  order: OrderRequest,
  { approval, halt, day, last }: Records,
  { limits, longProduct, ageMs }: GuardedAccount & { readonly ageMs: number },
): EntryRefusal | null {
  if (halt.halted) return { code: 'ENTRIES_HALTED', message: `entries are halted: ${halt.reason}` };
  if (approval === undefined || !isApproved(order, approval, longProduct))
    return {
      code: 'NOT_APPROVED',
      message: `risk has approved no order ${order.tag} of this content`,
    };
  if (ageMs > ageMaxMs)
    return {
      code: 'ENTRY_LATE',
      message: `the entry was decided ${Math.round(ageMs / 1000)} s ago`,
    };
  const { quantity, entryLimit: price, product } = approval;
  return (
    whyCapped({ quantity, price, product }, day, limits) ?? beyondCollar(approval, last.ltp, limits)
  );
}

const isApproved = (order: OrderRequest, approval: Approval, longProduct: Product): boolean =>
  order.tradingsymbol === approval.tradingsymbol &&
  order.side === entrySide(approval.direction) &&
  order.product === approval.product &&
  (order.product === 'MIS' || (approval.direction === 'LONG' && longProduct === 'CNC')) &&
  order.quantity === approval.quantity &&
  order.pricing.kind === 'LIMIT' &&
  order.pricing.price === approval.entryLimit;
