// What stays at the broker of an account's newest intents, whatever runs or does not.
import type { Pool } from 'pg';
import type { BrokerReader } from '../../broker/port';
import { restingOf, type Resting } from '../../domain/live/resting';
import { isCarried } from '../../domain/position';
import { withOwners } from '../../domain/reconciliation';
import { intentRecords, ownersOf } from './intentRecords';

/** @throws BrokerFailure when the books cannot be read. */
export async function restingAtBroker(
  pool: Pool,
  broker: Pick<BrokerReader, 'books' | 'triggers'>,
  account: string,
): Promise<readonly Resting[]> {
  const date = await newestIntentDate(pool, account);
  if (date === null) return [];
  const records = await intentRecords(pool, account, date);
  const { orders } = await broker.books();
  const overnight = records.some(({ intent }) => isCarried(intent));
  const triggers = overnight ? await broker.triggers() : [];
  const closed = await closedIntents(pool, account, date);
  return restingOf(
    records.map(({ intent, adopted, carried }) => ({
      intent,
      adopted,
      carried,
      isClosed: closed.has(intent.intentId),
    })),
    withOwners(orders, triggers, ownersOf(records), date),
  );
}

/** null where nothing was ever intended. */
export async function newestIntentDate(pool: Pool, account: string): Promise<string | null> {
  const { rows } = await pool.query<{ date: string | null }>(
    `select to_char(max(date), 'YYYY-MM-DD') as date from intent where account = $1`,
    [account],
  );
  return rows[0]?.date ?? null;
}

async function closedIntents(
  pool: Pool,
  account: string,
  date: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ intent_id: string }>(
    `select intent_id from position_result join intent i using (intent_id)
     where i.account = $1 and position_result.date >= $2`,
    [account, date],
  );
  return new Set(rows.map(({ intent_id: intentId }) => intentId));
}
