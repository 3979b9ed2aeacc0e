// The records of an account in several modes at once. Each mode has a database of its own, on one server: the
// running system's, that of DATABASE_URL, or the account's own cluster, which is started for the while.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import type { Mode } from '../../domain/live/mode';
import { databaseName, stateHome } from '../accountFolder';
import { readToolchain } from '../checkout';
import { freePort } from '../freePort';
import { clusterExists, startCluster } from '../postgres/cluster';
import { livingSystem } from './runFolder';

/** By mode; a mode the account was never run in has none. */
export type AccountRecords = ReadonlyMap<Mode, Pool>;

/** Calls `work` with the account's records, then closes everything. */
export async function withAccountRecords<T>(
  account: string,
  modes: readonly Mode[],
  work: (records: AccountRecords) => Promise<T>,
): Promise<T> {
  const server = await databaseServer();
  const records = new Map<Mode, Pool>();
  try {
    for (const mode of server === undefined ? [] : modes) {
      const pool = await existing(server?.url(databaseName(mode, account)) ?? '');
      if (pool !== undefined) records.set(mode, pool);
    }
    return await work(records);
  } finally {
    for (const pool of records.values()) await pool.end();
    await server?.stop();
  }
}

interface DatabaseServer {
  readonly url: (database: string) => string;
  readonly stop: () => Promise<void>;
}

/** undefined where the account's cluster was never made, so that there are no records. */
async function databaseServer(): Promise<DatabaseServer | undefined> {
  const known = process.env['DATABASE_URL'] ?? urlOfRunning();
  if (known !== undefined) {
    return { url: (database) => withDatabase(known, database), stop: () => Promise.resolve() };
  }
  const folder = join(stateHome(), 'postgres');
  const { postgres } = readToolchain();
  return postgres === null || !clusterExists(folder) ? undefined : ownServer(postgres, folder);
}

/** Of a running system whose cluster is the one with the accounts' databases. */
function urlOfRunning(): string | undefined {
  const running = livingSystem();
  const isShared = running?.mode !== 'paper' || process.env['RATCHET_HOME'] !== undefined;
  return isShared ? running?.environment['DATABASE_URL'] : undefined;
}

async function ownServer(binaries: string, folder: string): Promise<DatabaseServer> {
  const logs = mkdtempSync(join(tmpdir(), 'ratchet-records-'));
  const logFile = join(logs, 'postgres.log');
  const port = await freePort();
  const cluster = await startCluster({ binaries, folder, logFile, durable: true, port });
  const stop = async (): Promise<void> => {
    await cluster.child.stop();
    rmSync(logs, { recursive: true, force: true });
  };
  return { url: (database) => cluster.url(database), stop };
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
