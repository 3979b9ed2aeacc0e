// An account's records in Postgres: of DATABASE_URL, of the system that runs here, or of a live account's own
// cluster, which is then started for as long as it is read.
import { existsSync } from 'node:fs';
import { Pool } from 'pg';
import { Refused } from '../domain/errors';
import { accountFolder, databaseName } from '../infra/accountFolder';
import { readToolchain } from '../infra/checkout';
import { withOwnCluster } from '../infra/supervisor/ownCluster';
import { livingSystem } from '../infra/supervisor/runFolder';
import { withRecords } from './talk';

export const withAccountRecords = <T>(
  account: string,
  work: (pool: Pool) => Promise<T>,
): Promise<T> =>
  process.env['DATABASE_URL'] !== undefined || livingSystem() !== undefined
    ? withRecords(work)
    : ofOwnCluster(account, work);

/** @throws Refused RECORDS_MISSING, INTERRUPTED_SYSTEM, ALREADY_RUNNING */
async function ofOwnCluster<T>(account: string, work: (pool: Pool) => Promise<T>): Promise<T> {
  const { postgres } = readToolchain();
  const folder = accountFolder(account);
  if (postgres === null || !existsSync(folder))
    throw new Refused({
      code: 'RECORDS_MISSING',
      message: `no system is running here, and ${folder} has no records of account ${account}; start the system, or set DATABASE_URL`,
    });
  return withOwnCluster(postgres, (url) => withPool(url(databaseName('live', account)), work));
}

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
