// Goal: every role of the database can do what its processes do and nothing more, whatever tables come; a record that
// is written once is changed by nobody; an older database is taken over; one account still does everything.
// Method: a database of a cluster of ours; statements as each role.
import { Client, type Pool } from 'pg';
import { openDatabase, startCluster } from '../../../infra/postgres/cluster';
import { namedDatabases } from '../../../infra/postgres/databases';
import {
  accountOf,
  grantPrivileges,
  roles,
  servingMay,
  writerMay,
  type Role,
} from '../../../infra/postgres/roles';
import { freePort } from '../../../infra/freePort';
import { readToolchain } from '../../../infra/checkout';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres, migrate, useDatabase, type TestDatabase } from '../../support/database';

// With a database of somebody else's there are no roles of ours.
const hasRoles = hasPostgres && process.env['DATABASE_URL'] === undefined;

async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** What the writer only inserts, and what another process does. */
const appendOnly = Object.entries(writerMay)
  .filter(([, privileges]) => privileges === 'insert')
  .map(([table]) => table)
  .concat('audit_chain', 'model_change');

(hasRoles ? describe : describe.skip)('the roles', () => {
  let database: TestDatabase;
  let pool: Pool;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  const as = (role: Role, statement: string): Promise<readonly Record<string, unknown>[]> =>
    ask(database.databases[role], statement);
  const denied = /permission denied|must be owner|must be superuser/;

  test('the server listens on loopback alone, and the TLS of its binaries is off', async () => {
    const [{ ssl } = {}] = await as('reader', 'show ssl');
    const [{ listen_addresses: listens } = {}] = await as('reader', 'show listen_addresses');
    expect([ssl, listens]).toEqual(['off', '127.0.0.1']);
  });

  test('none is a superuser, makes roles or databases', async () => {
    const rows = await as(
      'reader',
      `select rolname, rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls as may from pg_roles where rolname like 'ratchet\\_%' order by rolname`,
    );
    expect(rows).toEqual(
      roles
        .map(accountOf)
        .sort()
        .map((rolname) => ({ rolname, may: false })),
    );
  });

  test.each(roles.filter((role) => role !== 'owner'))(
    'the %s runs no program, reads no file, stops no trigger and makes no table',
    async (role) => {
      for (const statement of [
        `copy (select 1) to program 'id'`,
        `select pg_read_file('/etc/passwd')`,
        'set session_replication_role = replica',
        'alter table ledger_entry disable trigger all',
        'create table of_mine (at bigint)',
        `create function pg_temp.bogus() returns trigger language plpgsql as 'begin return null; end'; create temp table fill (id int); create trigger t after insert on fill for each row execute function public.audit_row('id')`,
        `select audit_append('a', 'fill', '[]', '')`,
      ])
        await expect(as(role, statement)).rejects.toThrow(denied);
    },
  );

  test('every table has a line that says what the writer may do, and no line is of no table', async () => {
    const rows = await as(
      'owner',
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by relname`,
    );
    // The runner of migrations makes its own.
    const tables = new Set([...rows.map(({ relname }) => String(relname)), 'schema_migration']);
    expect([...tables].sort()).toEqual(Object.keys(writerMay).sort());
  });

  test('the reader reads every table and writes none', async () => {
    for (const table of Object.keys(writerMay).filter((name) => name !== 'schema_migration')) {
      await as('reader', `select * from ${table} limit 1`);
      await expect(as('reader', `delete from ${table}`)).rejects.toThrow(denied);
      await expect(as('reader', `insert into ${table} default values`)).rejects.toThrow(denied);
    }
  });

  test('the model server sees its own tables and no other', async () => {
    for (const table of Object.keys(writerMay).filter((name) => name !== 'schema_migration')) {
      const reading = as('serving', `select * from ${table} limit 1`);
      if (table in servingMay) await reading;
      else await expect(reading).rejects.toThrow(denied);
    }
    await expect(as('serving', `update model_change set reason = ''`)).rejects.toThrow(denied);
  });

  test.each(appendOnly)(
    '%s is changed by no role and emptied not even by its owner',
    async (table) => {
      for (const role of ['writer', 'serving'] as const)
        for (const statement of [`truncate ${table} cascade`, `delete from ${table}`])
          await expect(as(role, statement)).rejects.toThrow(denied);
      await expect(as('owner', `truncate ${table} cascade`)).rejects.toThrow('is append-only');
      const triggers = await as(
        'owner',
        `select tgname from pg_trigger where tgrelid = '${table}'::regclass and tgname like 'record\\_%' order by tgname`,
      );
      expect(triggers.map(({ tgname }) => tgname)).toEqual([
        'record_append_only',
        'record_never_emptied',
      ]);
    },
  );

  test('a posting is refused to be changed or removed, and says why', async () => {
    await pool.query(
      `with made as (insert into ledger_transaction values ('t', 'a', '2026-11-27', 'x') returning id)
       select id from made`,
    );
    await pool.query(
      `insert into ledger_entry (transaction_id, ledger_account, amount) values ('t', 'cash', 5), ('t', 'equity', -5)`,
    );
    for (const statement of ['update ledger_entry set amount = 6', 'delete from ledger_entry'])
      await expect(as('owner', statement)).rejects.toThrow('ledger_entry is append-only');
    await expect(as('owner', `update ledger_transaction set what = 'y'`)).rejects.toThrow(
      'ledger_transaction is append-only',
    );
  });

  test('an order lives: its status changes, and it is neither given to another nor removed', async () => {
    await pool.query(`insert into intent values ('i', 'a', '2026-11-27', 'X', 'LONG', '{}', 1)`);
    await pool.query(
      `insert into broker_order values ('o', 'i', 'BUY', 'LIMIT', 'OPEN', null, 1, 0, 1, 0, 1)`,
    );
    await pool.query(`update broker_order set status = 'COMPLETE', filled_quantity = 1`);
    await expect(pool.query(`update broker_order set intent_id = 'i'`)).rejects.toThrow(denied);
    await expect(as('owner', 'delete from broker_order')).rejects.toThrow('append-only');
    await expect(as('owner', 'truncate broker_order')).rejects.toThrow('append-only');
  });
});

(hasRoles ? test : test.skip)(
  'a database that the superuser made before there were roles is the owner’s from the next start on',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ratchet-older-'));
    const cluster = await startCluster({
      binaries: readToolchain().postgres ?? '',
      folder,
      logFile: join(folder, 'postgres.log'),
      durable: false,
      port: await freePort(),
    });
    try {
      await ask(cluster.superuser('postgres'), 'create database older');
      await migrate(cluster.superuser('older'));
      const { owner, writer } = await openDatabase(cluster, 'older');
      await ask(owner, 'alter table candle add column later bigint');
      const client = new Client({ connectionString: owner });
      await client.connect();
      await Promise.all([grantPrivileges(client), openDatabase(cluster, 'older')]);
      await client.end();
      await ask(writer, `insert into headline values ('g', 1, 't', 's')`);
      const [left] = await ask(
        owner,
        `select count(*)::int as left from pg_class where relnamespace = 'public'::regnamespace and relowner <> '${accountOf('owner')}'::regrole`,
      );
      expect(left).toEqual({ left: 0 });
    } finally {
      await cluster.child.stop();
      rmSync(folder, { recursive: true, force: true });
      rmSync(cluster.place, { recursive: true, force: true });
    }
  },
);

test('the writer’s address stands for those that are not named', () => {
  expect(namedDatabases({})).toBeUndefined();
  const [w, r] = ['postgres://w@localhost/a', 'postgres://r@localhost/a'];
  expect(namedDatabases({ DATABASE_URL: w, RATCHET_READER_DATABASE_URL: r })).toEqual({
    owner: w,
    writer: w,
    reader: r,
    serving: w,
  });
});
