// An account's records in Postgres: of DATABASE_URL, of the system that runs here, or of a live account's own
// cluster, which is then started for as long as it is read.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { Refused } from '../domain/errors';
import { accountFolder, clusterFolder, databaseName } from '../infra/accountFolder';
import { readToolchain } from '../infra/checkout';
import { freePort } from '../infra/freePort';
import { startCluster } from '../infra/postgres/cluster';
import { livingSystem, lockRun, runningProcesses } from '../infra/supervisor/runFolder';
import { withDatabase } from './talk';

export const withAccountRecords = <T>(
  account: string,
  work: (pool: Pool) => Promise<T>,
): Promise<T> =>
  process.env['DATABASE_URL'] !== undefined || livingSystem() !== undefined
    ? withDatabase(work)
    : withOwnCluster(account, work);

/** @throws Refused RECORDS_MISSING, INTERRUPTED_SYSTEM, ALREADY_RUNNING */
async function withOwnCluster<T>(account: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const { postgres } = readToolchain();
  const folder = accountFolder(account);
  if (postgres === null || !existsSync(folder))
    throw new Refused({
      code: 'RECORDS_MISSING',
      message: `no system is running here, and ${folder} has no records of account ${account}; start the system, or set DATABASE_URL`,
    });
  const left = runningProcesses().map(({ name }) => name);
  if (left.length > 0)
    throw new Refused({
      code: 'INTERRUPTED_SYSTEM',
      message: `the supervisor was killed and ${left.join(', ')} still run; bring the system up again first`,
    });
  const unlock = lockRun();
  try {
    const cluster = await startCluster({
      binaries: postgres,
      folder: clusterFolder(),
      logFile: join(folder, 'postgres-export.log'),
      durable: true,
      port: await freePort(),
    });
    const stop = (): void => void cluster.child.stop().then(() => process.exit(130));
    for (const signal of signals) process.once(signal, stop);
    try {
      return await withPool(cluster.url(databaseName('live', account)), work);
    } finally {
      for (const signal of signals) process.off(signal, stop);
      await cluster.child.stop();
    }
  } finally {
    unlock();
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The cluster may end before the last connection has closed, which is no error. */
async function withPool<T>(url: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = new Pool({ connectionString: url, max: 2 });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
