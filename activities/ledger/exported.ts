// What an export needs of our records: fills with their sessions, booked costs, and the ledger.
import type { Pool } from 'pg';
import {
  costKinds,
  type BookedCost,
  type CostKind,
  type ExportedFill,
  type ExportRecords,
  type LedgerRow,
} from '../../domain/export';
import { paise, type Product } from '../../domain/units';
import { fillOf, type FillRow } from './fillRows';
import { fillSession } from './fillSession';

/** The sessions of an account that are exported, both ends included. */
export interface ExportSpan {
  readonly account: string;
  readonly from: string;
  readonly to: string;
}

interface ExportedRow extends FillRow {
  readonly intent_id: string;
  readonly tradingsymbol: string;
  readonly product: Product;
  readonly opened_in: string;
  readonly session: string;
}

/** Dates of every session of the account with an opened ledger, oldest first. */
export async function recordedSessions(pool: Pool, account: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ date: string }>(
    `select distinct to_char(date, 'YYYY-MM-DD') as date from ledger_transaction where account = $1 order by 1`,
    [account],
  );
  return rows.map(({ date }) => date);
}

export async function exportRecords(pool: Pool, span: ExportSpan): Promise<ExportRecords> {
  const fills = await exportedFills(pool, span);
  const first = fills.reduce(
    (least, { session }) => (session < least ? session : least),
    span.from,
  );
  const entries = await ledgerEntries(pool, { ...span, from: first });
  return {
    fills,
    booked: entries.flatMap(bookedCost),
    settled: new Set(entries.flatMap(({ transaction }) => orderOf(transaction, 'charges') ?? [])),
    ledger: entries.filter(({ date }) => date >= span.from),
  };
}

/** All fills, as far as the span's end, of what has traded in it. */
async function exportedFills(
  pool: Pool,
  { account, from, to }: ExportSpan,
): Promise<readonly ExportedFill[]> {
  const { rows } = await pool.query<ExportedRow>(
    `select f.*, i.tradingsymbol, i.terms->>'product' as product, to_char(i.date, 'YYYY-MM-DD') as opened_in,
       to_char(${fillSession()}, 'YYYY-MM-DD') as session
     from fill f join intent i using (intent_id)
     where i.account = $1 and ${fillSession()} <= $3 and exists (select from fill own
       where own.intent_id = f.intent_id and ${fillSession('own')} >= $2)
     order by f.at, f.order_id, f.trade_id`,
    [account, from, to],
  );
  return rows.map((row) => ({
    ...fillOf(row),
    intentId: row.intent_id,
    tradingsymbol: row.tradingsymbol,
    product: row.product,
    session: row.session,
    openedIn: row.opened_in,
  }));
}

async function ledgerEntries(
  pool: Pool,
  { account, from, to }: ExportSpan,
): Promise<readonly LedgerRow[]> {
  const { rows } = await pool.query<Omit<LedgerRow, 'amount'> & { amount: string }>(
    `select to_char(t.date, 'YYYY-MM-DD') as date, t.id as transaction, t.what, e.ledger_account as account, e.amount
     from ledger_transaction t join ledger_entry e on e.transaction_id = t.id
     where t.account = $1 and t.date between $2 and $3 order by t.date, t.id, e.amount desc, e.ledger_account`,
    [account, from, to],
  );
  return rows.map((row) => ({ ...row, amount: paise(Number(row.amount)) }));
}

const prefix = 'charges:';
const isCostKind = (name: string): name is CostKind => costKinds.some((kind) => kind === name);

/** What follows `/part/` in a transaction's id. */
function orderOf(transaction: string, part: string): string | undefined {
  const [, , found, name] = transaction.split('/');
  return found === part ? name : undefined;
}

function bookedCost({ date: session, transaction, account, amount }: LedgerRow): BookedCost[] {
  const kind = account.slice(prefix.length);
  if (!account.startsWith(prefix) || !isCostKind(kind)) return [];
  const soldStock = orderOf(transaction, 'depository');
  const orderId = orderOf(transaction, 'charges') ?? orderOf(transaction, 'fee');
  const booked = { session, kind, amount };
  if (soldStock !== undefined) return [{ ...booked, of: { soldStock } }];
  return orderId === undefined ? [] : [{ ...booked, of: { orderId } }];
}
