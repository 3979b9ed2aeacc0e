// A second Ratchet on the account shows in two places: the lease of a shared database, and in the broker's books
// the tags of its orders.
import type { Pool } from 'pg';
import type { AccountBooks } from '../../broker/port';
import { intentOfTag, type InstallationId } from '../../domain/position';
import { otherInstallations } from '../../domain/reconciliation';
import { leaseHolder } from '../ledger/lease';

export interface OwnAccount {
  readonly account: string;
  readonly installation: InstallationId;
}

/**
 * @param pool null while the system is not up: then what our records would know counts as another's.
 * @returns what speaks for a second installation, in words; null where nothing does.
 */
export async function secondInstallation(
  { orders }: Pick<AccountBooks, 'orders'>,
  pool: Pool | null,
  own: OwnAccount,
): Promise<string | null> {
  const holder = pool === null ? null : await leaseHolder(pool, own.account);
  if (holder !== null && holder.installation !== own.installation)
    return `installation ${holder.installation} on host ${holder.host} holds the lease of the account`;
  const tags = orders.flatMap(({ tag }) => (tag === null ? [] : [intentOfTag(tag)]));
  const known = pool === null ? new Set<string>() : await knownAmong(pool, own.account, tags);
  const others = otherInstallations(orders, known, own.installation);
  return others.length === 0
    ? null
    : others
        .map(
          ({ installation, orderId }) => `installation ${installation} has sent order ${orderId}`,
        )
        .join('; ');
}

async function knownAmong(
  pool: Pool,
  account: string,
  tags: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ intent_id: string }>(
    'select intent_id from intent where account = $1 and intent_id = any($2)',
    [account, tags],
  );
  return new Set(rows.map(({ intent_id: id }) => id));
}
