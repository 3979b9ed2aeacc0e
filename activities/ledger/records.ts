// Our records in Postgres. Every statement may run twice, since the keys are the broker's and the intents'
// ids.
import type { Pool, PoolClient } from 'pg';
import type { LedgerTransaction } from '../../domain/ledger/postings';

/** Runs work in one transaction. */
export async function inTransaction<T>(
  pool: Pool,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

/** Posts a transaction once; posting it again does nothing. */
export async function post(
  client: PoolClient,
  scope: { account: string; date: string },
  transaction: LedgerTransaction,
): Promise<void> {
  const { rowCount } = await client.query(
    'insert into ledger_transaction (id, account, date, what) values ($1, $2, $3, $4) on conflict do nothing',
    [transaction.id, scope.account, scope.date, transaction.what],
  );
  if (rowCount === 0) return;
  for (const { account, amount } of transaction.postings) {
    await client.query(
      'insert into ledger_entry (transaction_id, ledger_account, amount) values ($1, $2, $3)',
      [transaction.id, account, amount],
    );
  }
}
