// A second Ratchet on the same account: it holds the account's lease in our database, or its orders are in the
// broker's books. Orders that have ended say only that it traded today; reconciliation has halted entries for them.
import type { Pool } from 'pg';
import type { AccountBooks } from '../../broker/port';
import { isLive } from '../../domain/orders/order';
import {
  installationOf,
  intentOfTag,
  noInstallation,
  type InstallationId,
} from '../../domain/position';
import type { OtherInstallation } from '../../domain/readiness';
import { otherInstallations } from '../../domain/reconciliation';
import { leaseHolder } from '../ledger/lease';

export interface OwnInstallation {
  readonly account: string;
  /** undefined before the system has been up for the first time: then no order is ours. */
  readonly installation: InstallationId | undefined;
  /** null while the system is not up. */
  readonly pool: Pool | null;
}

/** What speaks for a second installation; null where nothing does. @throws Error in one sentence when it cannot be told. */
export async function readOtherInstallation(
  { orders }: Pick<AccountBooks, 'orders'>,
  own: OwnInstallation,
): Promise<OtherInstallation | null> {
  const records = own.pool !== null && (await isSetUp(own.pool)) ? own.pool : null;
  const holder = records === null ? null : await leaseHolder(records, own.account);
  if (holder !== null && holder.installation !== own.installation)
    return {
      words: `installation ${holder.installation} on host ${holder.host} holds the lease of the account`,
      isActive: true,
    };
  return inBooks(orders, own, records);
}

async function inBooks(
  orders: AccountBooks['orders'],
  { account, installation = noInstallation, ...own }: OwnInstallation,
  records: Pool | null,
): Promise<OtherInstallation | null> {
  const known = records === null ? new Set<string>() : await recorded(records, account, orders);
  const others = otherInstallations(orders, known, installation);
  const [first] = others;
  if (first === undefined) return null;
  if (records === null && own.pool === null && installation !== noInstallation)
    throw new Error(
      `today’s books hold order ${first.orderId} of installation ${first.installation}, and our records, which may know it, are not up: run \`ratchet up\`, then check again`,
    );
  const isTheirs = (tag: string | null): boolean =>
    others.some((one) => tag !== null && installationOf(tag) === one.installation);
  return {
    words: `today’s books hold order ${first.orderId} of installation ${first.installation}`,
    isActive: orders.some((order) => isLive(order) && isTheirs(order.tag)),
  };
}

/** A database of yours is empty before the system has been up for the first time. */
async function isSetUp(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ exists: boolean }>(
    `select to_regclass('lease') is not null as exists`,
  );
  return rows.some(({ exists }) => exists);
}

/** Intents of these orders that our records know. */
async function recorded(
  pool: Pool,
  account: string,
  orders: AccountBooks['orders'],
): Promise<ReadonlySet<string>> {
  const intents = orders.flatMap(({ tag }) => (tag === null ? [] : [intentOfTag(tag)]));
  const { rows } = await pool.query<{ intent_id: string }>(
    'select intent_id from intent where account = $1 and intent_id = any($2)',
    [account, intents],
  );
  return new Set(rows.map(({ intent_id }) => intent_id));
}
