// What risk has approved: written by the day, read and used up where an entry leaves.
import type { Pool } from 'pg';
import type { Intent } from '../../domain/position';
import {
  paise,
  shares,
  type Direction,
  type Paise,
  type Product,
  type Shares,
} from '../../domain/units';

export interface Approval {
  readonly account: string;
  readonly date: string;
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly product: Product;
  readonly quantity: Shares;
  /** Worst price of a share. */
  readonly entryLimit: Paise;
}

/** Records an approval once: a second one of the same id changes nothing. */
export async function recordApproval(pool: Pool, intent: Intent): Promise<void> {
  const { intentId, account, date, direction, product, quantity, entryLimit } = intent;
  await pool.query(
    `insert into approval (intent_id, account, date, tradingsymbol, direction, product, quantity, entry_limit, approved_host)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [
      ...[intentId, account, date, intent.instrument.tradingsymbol, direction, product],
      ...[quantity, entryLimit, Date.now()],
    ],
  );
}

/** @returns undefined where risk has approved nothing of that id for the account. */
export async function approvalOf(
  pool: Pool,
  account: string,
  intentId: string,
): Promise<Approval | undefined> {
  const { rows } = await pool.query<{
    date: string;
    tradingsymbol: string;
    direction: Direction;
    product: Product;
    quantity: string;
    entry_limit: string;
  }>(
    `select to_char(date, 'YYYY-MM-DD') as date, tradingsymbol, direction, product, quantity, entry_limit
     from approval where intent_id = $1 and account = $2`,
    [intentId, account],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { date, tradingsymbol, direction, product } = row;
  const sized = {
    quantity: shares(Number(row.quantity)),
    entryLimit: paise(Number(row.entry_limit)),
  };
  return { account, date, tradingsymbol, direction, product, ...sized };
}

/**
 * Uses up an approval, once.
 * @returns false where its entry has left before, or may have.
 */
export async function claimEntry(pool: Pool, account: string, intentId: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    'insert into entry_claim (intent_id, account, claimed_host) values ($1, $2, $3) on conflict do nothing',
    [intentId, account, Date.now()],
  );
  return rowCount === 1;
}
