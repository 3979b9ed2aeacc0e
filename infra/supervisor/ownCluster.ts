// The cluster of the live and shadow accounts, started for as long as a command reads it. No system is brought up
// meanwhile.
import { join } from 'node:path';
import { Refused } from '../../domain/errors';
import { clusterFolder, stateHome } from '../accountFolder';
import { freePort } from '../freePort';
import { startCluster } from '../postgres/cluster';
import { livingSystem, lockRun, runningProcesses } from './runFolder';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * @param binaries Postgres's. @param work gets the reader's address of each database.
 * @throws Refused INTERRUPTED_SYSTEM, ALREADY_RUNNING
 */
export async function withOwnCluster<T>(
  binaries: string,
  work: (url: (database: string) => string) => Promise<T>,
): Promise<T> {
  const giveBack = lockedRun();
  try {
    const cluster = await startCluster({
      binaries,
      folder: clusterFolder(),
      logFile: join(stateHome(), 'postgres-read.log'),
      durable: true,
      port: await freePort(),
    });
    const stop = (): void => void cluster.child.stop().then(() => process.exit(130));
    for (const signal of signals) process.once(signal, stop);
    try {
      return await work((database) => cluster.databases(database).reader);
    } finally {
      for (const signal of signals) process.off(signal, stop);
      await cluster.child.stop();
    }
  } finally {
    giveBack();
  }
}

/** A paper system that runs here has the lock, and a cluster of its own. @returns gives the lock back. */
function lockedRun(): () => void {
  if (livingSystem() !== undefined) return () => undefined;
  const left = runningProcesses().map(({ name }) => name);
  if (left.length > 0)
    throw new Refused({
      code: 'INTERRUPTED_SYSTEM',
      message: `the supervisor was killed and ${left.join(', ')} still run; bring the system up again first`,
    });
  return lockRun();
}
