// A fresh database for one test file: on the server of DATABASE_URL where that is set, else in a cluster of
// its own from the Postgres that set-up found. Undefined where there is neither; the tests are then skipped.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { checkout, readToolchain } from '../../infra/checkout';
import { freePort } from '../../infra/freePort';
import { openDatabase, startCluster } from '../../infra/postgres/cluster';
import type { Databases } from '../../infra/postgres/databases';
import { grantPrivileges } from '../../infra/postgres/roles';

export interface TestDatabase {
  /** The writer's address, as the system's processes have it; with DATABASE_URL its one account's. */
  readonly url: string;
  readonly databases: Databases;
  /** To do what no role may. */
  readonly superuser: string;
  readonly close: () => Promise<void>;
}

function postgresBinaries(): string | undefined {
  try {
    return readToolchain().postgres ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether `freshDatabase` can work here. */
export const hasPostgres =
  process.env['DATABASE_URL'] !== undefined || postgresBinaries() !== undefined;

/** The migrations as they stand; their runner is an ES module Jest can not load. */
export async function migrate(url: string): Promise<void> {
  await migrateSome(url, () => true);
}

/** Those whose number is taken. */
export async function migrateSome(url: string, takes: (number: number) => boolean): Promise<void> {
  const folder = join(checkout, 'infra', 'postgres', 'migrations');
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const name of readdirSync(folder).sort()) {
      if (takes(parseInt(name))) await client.query(readFileSync(join(folder, name), 'utf8'));
    }
    if (takes(Infinity)) await grantPrivileges(client);
  } finally {
    await client.end();
  }
}

/** A migrated database nobody else uses. */
async function freshDatabase(): Promise<TestDatabase> {
  const name = `ratchet_test_${randomBytes(6).toString('hex')}`;
  const given = process.env['DATABASE_URL'];
  return given === undefined ? ownCluster(name) : onServer(given, name);
}

async function ownCluster(name: string): Promise<TestDatabase> {
  const binaries = postgresBinaries();
  if (binaries === undefined) throw new Error('no Postgres: check hasPostgres first');
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-postgres-'));
  const cluster = await startCluster({
    binaries,
    folder,
    logFile: join(folder, 'postgres.log'),
    durable: false,
    port: await freePort(),
  });
  const databases = await openDatabase(cluster, name);
  await migrate(databases.owner);
  const close = async (): Promise<void> => {
    await cluster.child.stop();
    rmSync(folder, { recursive: true, force: true });
    rmSync(cluster.place, { recursive: true, force: true });
  };
  return { url: databases.writer, databases, superuser: cluster.superuser(name), close };
}

/** A migrated database of that name on the server of another, for its one account. */
export async function onServer(given: string, name: string): Promise<TestDatabase> {
  const admin = new Client({ connectionString: given });
  await admin.connect();
  await admin.query(`create database ${name}`);
  const url = new URL(given);
  url.pathname = `/${name}`;
  await migrate(url.href);
  const close = async (): Promise<void> => {
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  };
  const { href } = url;
  const databases = { owner: href, writer: href, reader: href, serving: href };
  return { url: href, databases, superuser: href, close };
}

/** A pool on it. The cluster may end before the last connection has closed, which is no error. */
export function quietPool({ url }: Pick<TestDatabase, 'url'>): Pool {
  const pool = new Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** Runs a statement as a superuser for whom no trigger fires, which is how records can be changed after all. */
export async function unguarded(
  { superuser }: Pick<TestDatabase, 'superuser'>,
  statement: string,
  values: readonly unknown[] = [],
): Promise<void> {
  const client = new Client({ connectionString: superuser });
  await client.connect();
  try {
    await client.query('set session_replication_role = replica');
    await client.query(statement, [...values]);
  } finally {
    await client.end();
  }
}

/**
 * A database for the tests of a block, called inside it: created before the first, dropped after the last.
 * @param ready called with a pool on it and with the database, to keep and fill them.
 */
export function useDatabase(ready: (pool: Pool, database: TestDatabase) => unknown): void {
  let database: TestDatabase;
  let pool: Pool;
  beforeAll(async () => {
    database = await freshDatabase();
    pool = quietPool(database);
    await ready(pool, database);
  }, 120_000);
  afterAll(async () => {
    await pool.end();
    await database.close();
  });
}
