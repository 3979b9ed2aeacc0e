// The hold that `close-all --direct` puts on the workers of an account, so that no position is left twice. It ends
// by itself when nobody renews it. The database's clock counts.
import type { Pool } from 'pg';

/** So long it lasts when it is not renewed, seconds. */
const lastsS = 15;

export async function placeHold(pool: Pool, account: string): Promise<void> {
  await pool.query(
    `insert into direct_hold (account, until) values ($1, now() + make_interval(secs => $2))
     on conflict (account) do update set until = excluded.until`,
    [account, lastsS],
  );
}

export async function liftHold(pool: Pool, account: string): Promise<void> {
  await pool.query('delete from direct_hold where account = $1', [account]);
}

/** How long the hold lasts from now, ms; 0 where there is none. */
export async function holdLasts(pool: Pool, account: string): Promise<number> {
  const { rows } = await pool.query<{ ms: string }>(
    `select greatest(0, extract(epoch from until - now()) * 1000) as ms from direct_hold where account = $1`,
    [account],
  );
  return Math.ceil(Number(rows[0]?.ms ?? 0));
}
