// The mode of an account's records: recorded by the first process that uses them, read by every page and list.
import type { Pool } from 'pg';
import { Fatal } from '../../domain/errors';
import type { Mode } from '../../domain/live/mode';

/** null where nothing of the account has run since modes are recorded. */
export async function recordedMode(pool: Pool, account: string): Promise<Mode | null> {
  const { rows } = await pool.query<{ mode: Mode }>(
    'select mode from account_mode where account = $1',
    [account],
  );
  return rows[0]?.mode ?? null;
}

/** Takes the database for the account in this mode. @throws Fatal MODE when it has records of another mode. */
export async function claimRecords(pool: Pool, account: string, mode: Mode): Promise<void> {
  await pool.query(
    'insert into account_mode (account, mode) values ($1, $2) on conflict (account) do nothing',
    [account, mode],
  );
  const recorded = await recordedMode(pool, account);
  if (recorded === mode) return;
  throw new Fatal({
    code: 'MODE',
    message: `the database has the ${recorded ?? 'removed'} records of account ${account}; ${mode} needs a database of its own`,
  });
}
