// The lease of an account: one installation trades it through this database at a time. The database's clock
// counts, so the clocks of hosts may differ.
import type { Pool } from 'pg';
import type { InstallationId } from '../../domain/position';

/** A holder that has not renewed for so long is gone, seconds. */
const expiresAfterS = 30;

export interface LeaseHolder {
  readonly installation: InstallationId;
  readonly host: string;
}

/** Takes or renews the lease. @returns who holds it instead; null when it is ours now. */
export async function takeLease(
  pool: Pool,
  account: string,
  { installation, host }: LeaseHolder,
): Promise<LeaseHolder | null> {
  const taken = await pool.query(
    `insert into lease (account, installation, host, renewed_at) values ($1, $2, $3, now())
     on conflict (account) do update
       set installation = excluded.installation, host = excluded.host, renewed_at = excluded.renewed_at
       where lease.installation = excluded.installation
         or lease.renewed_at < now() - make_interval(secs => $4)`,
    [account, installation, host, expiresAfterS],
  );
  return taken.rowCount === 1 ? null : leaseHolder(pool, account);
}

/** Who holds the lease now; null where nobody does. */
export async function leaseHolder(pool: Pool, account: string): Promise<LeaseHolder | null> {
  const { rows } = await pool.query<LeaseHolder>(
    `select installation, host from lease
     where account = $1 and renewed_at >= now() - make_interval(secs => $2)`,
    [account, expiresAfterS],
  );
  return rows[0] ?? null;
}

/** How long ago it was renewed last, ms; null where it was given back, or never taken. */
export async function leaseRenewedAgo(pool: Pool, account: string): Promise<number | null> {
  const { rows } = await pool.query<{ ms: string }>(
    'select extract(epoch from now() - renewed_at) * 1000 as ms from lease where account = $1',
    [account],
  );
  return rows[0] === undefined ? null : Math.round(Number(rows[0].ms));
}

/** Gives the lease back, so that another need not wait until it expires. */
export async function returnLease(
  pool: Pool,
  account: string,
  installation: InstallationId,
): Promise<void> {
  await pool.query('delete from lease where account = $1 and installation = $2', [
    account,
    installation,
  ]);
}
