// The four accounts of a database, and what each may do with every table. None of them is a superuser. Where a
// server has no such accounts, one account does everything.
import type { ClientBase } from 'pg';

/** Changes tables; writes records; reads records; is the model server. */
export const roles = ['owner', 'writer', 'reader', 'serving'] as const;
export type Role = (typeof roles)[number];

export const accountOf = (role: Role): string => `ratchet_${role}`;

const appended = 'insert';
const kept = 'insert, update';
const cleared = 'insert, update, delete';

/** What the writer may do with each table beside reading it. Every table has a line; the reader reads them all. */
export const writerMay = {
  account_mode: appended,
  alert: 'insert, update (delivered_host)',
  alert_delivery: 'insert, update (state, failures, said, changed_host)',
  analysis: kept,
  approval: appended,
  audit_chain: '',
  band: cleared,
  broker_order:
    'insert, update (order_type, status, status_message, quantity, filled_quantity, price, trigger)',
  broker_write: appended,
  candle: kept,
  candle_comparison: kept,
  candle_coverage: cleared,
  carried: appended,
  chat: kept,
  decision_config: kept,
  direct_hold: cleared,
  entry_claim: appended,
  end_of_day: 'insert, update (compared)',
  feed: kept,
  fill: appended,
  halt: appended,
  headline: appended,
  intent: appended,
  last_price: kept,
  lease: cleared,
  ledger_entry: appended,
  ledger_transaction: appended,
  level_change: appended,
  model_change: '',
  model_outcome: appended,
  model_request: '',
  news_reading: appended,
  position_result: appended,
  risk_answer: appended,
  schema_migration: '',
  screening: cleared,
  sentiment: appended,
  session: 'insert, update (plan, terms, capital, day_loss_max, funds)',
  session_lost: 'insert, delete',
  tick_fault: kept,
  watch: 'insert, delete',
} as const satisfies Record<string, string>;

/** The model server's tables, the only ones it sees. */
export const servingMay = {
  model_change: 'select, insert',
  model_request: 'select, insert, delete',
} as const satisfies Partial<Record<keyof typeof writerMay, string>>;

/** Makes the roles, or gives them these passwords. The client is a superuser's. */
export async function makeRoles(
  client: ClientBase,
  passwordOf: (role: Role) => string,
): Promise<void> {
  for (const role of roles) {
    const name = accountOf(role);
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
    const verb = rowCount === 0 ? 'create' : 'alter';
    await client.query(
      `${verb} role ${name} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(passwordOf(role))}`,
    );
  }
  // In a cluster of ours the reader can read records that an older version has left.
  await client.query(`grant pg_read_all_data to ${accountOf('reader')}`);
}

/** Gives a database that a superuser has made, and all in it, to the owner. The client is a superuser's on it. */
export async function giveToOwner(client: ClientBase, database: string): Promise<void> {
  const owner = accountOf('owner');
  const { rows } = await client.query<{ command: string }>(
    `select format('alter table %s owner to ${owner}', c.oid::regclass) as command from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relowner <> '${owner}'::regrole
     union all
     select format('alter sequence %s owner to ${owner}', c.oid::regclass) from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and c.relowner <> '${owner}'::regrole
         and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i'))
     union all
     select format('alter function %s owner to ${owner}', p.oid::regprocedure) from pg_proc p
       where p.pronamespace = 'public'::regnamespace and p.proowner <> '${owner}'::regrole`,
  );
  for (const { command } of rows) await client.query(command);
  await client.query(`alter database ${client.escapeIdentifier(database)} owner to ${owner}`);
}

/**
 * Grants what the roles may do, on a server that has them; elsewhere it does nothing. The client is the owner's. It
 * may run as often as wanted, and from several processes.
 */
export async function grantPrivileges(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>(
    'select rolname from pg_roles where rolname = any($1)',
    [roles.map(accountOf)],
  );
  const present = new Set(rows.map(({ rolname }) => rolname));
  await client.query('begin');
  try {
    await client.query(`select pg_advisory_xact_lock(hashtext('ratchet privileges'))`);
    for (const command of grants((role) => present.has(accountOf(role))))
      await client.query(command);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

function grants(isPresent: (role: Role) => boolean): readonly string[] {
  const limited = (['writer', 'reader', 'serving'] as const).filter(isPresent);
  const tables = 'all tables in schema public';
  return [
    ...limited.map((role) => `revoke all on ${tables} from ${accountOf(role)}`),
    ...limited
      .filter((role) => role !== 'serving')
      .map((role) => `grant select on ${tables} to ${accountOf(role)}`),
    ...(isPresent('writer') ? tableGrants(writerMay, 'writer') : []),
    ...(isPresent('writer')
      ? [`grant usage on all sequences in schema public to ${accountOf('writer')}`]
      : []),
    ...(isPresent('serving') ? tableGrants(servingMay, 'serving') : []),
  ];
}

const tableGrants = (may: Readonly<Record<string, string>>, role: Role): readonly string[] =>
  Object.entries(may)
    .filter(([, privileges]) => privileges !== '')
    .map(([table, privileges]) => `grant ${privileges} on ${table} to ${accountOf(role)}`);
