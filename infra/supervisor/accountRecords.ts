// The records of an account in several modes at once. Each mode has a database of its own, on one server: the
// running system's, that of DATABASE_URL, or the account's own cluster, which is started for the while.
import { Pool } from 'pg';
import type { Mode } from '../../domain/live/mode';
import { clusterFolder, databaseName } from '../accountFolder';
import { readToolchain } from '../checkout';
import { namedDatabases } from '../postgres/databases';
import { clusterExists } from '../postgres/cluster';
import { withOwnCluster } from './ownCluster';
import { livingSystem } from './runFolder';

/** By mode; a mode the account was never run in has none. */
export type AccountRecords = ReadonlyMap<Mode, Pool>;

/** Calls `work` with the account's records, then closes everything. @throws Refused as `withOwnCluster` does. */
export async function withAccountRecords<T>(
  account: string,
  modes: readonly Mode[],
  work: (records: AccountRecords) => Promise<T>,
): Promise<T> {
  const read = (url: DatabaseUrl): Promise<T> =>
    withRecords(
      modes.map((mode) => [mode, url(databaseName(mode, account))] as const),
      work,
    );
  const known = namedDatabases(process.env)?.reader ?? urlOfRunning();
  if (known !== undefined) return read((database) => withDatabase(known, database));
  const { postgres } = readToolchain();
  // The account's cluster was never made, so there are no records.
  if (postgres === null || !clusterExists(clusterFolder())) return work(new Map());
  return withOwnCluster(postgres, read);
}

type DatabaseUrl = (database: string) => string;

async function withRecords<T>(
  databases: readonly (readonly [Mode, string])[],
  work: (records: AccountRecords) => Promise<T>,
): Promise<T> {
  const records = new Map<Mode, Pool>();
  try {
    for (const [mode, url] of databases) {
      const pool = await existing(url);
      if (pool !== undefined) records.set(mode, pool);
    }
    return await work(records);
  } finally {
    for (const pool of records.values()) await pool.end();
  }
}

/** Of a running system whose cluster is the one with the accounts' databases. */
function urlOfRunning(): string | undefined {
  const running = livingSystem();
  const isShared = running?.mode !== 'paper' || process.env['RATCHET_HOME'] !== undefined;
  return isShared ? namedDatabases(running?.environment ?? {})?.reader : undefined;
}

function withDatabase(address: string, database: string): string {
  const url = new URL(address);
  url.pathname = `/${database}`;
  return url.href;
}

const noSuchDatabase = '3D000';

/** undefined where there is no such database. */
async function existing(connectionString: string): Promise<Pool | undefined> {
  const pool = new Pool({ connectionString, max: 2 });
  pool.on('error', () => undefined);
  try {
    await pool.query('select 1');
    return pool;
  } catch (error) {
    await pool.end();
    if ((error as { code?: string }).code === noSuchDatabase) return undefined;
    throw error;
  }
}
