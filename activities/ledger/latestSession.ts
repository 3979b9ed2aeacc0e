import type { Pool } from 'pg';

/** Date of the account's newest session; null where it has had none. */
export async function latestSession(pool: Pool, account: string): Promise<string | null> {
  const { rows } = await pool.query<{ date: string | null }>(
    `select to_char(max(date), 'YYYY-MM-DD') as date from session where account = $1`,
    [account],
  );
  return rows[0]?.date ?? null;
}
