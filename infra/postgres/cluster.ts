// A Postgres of our own on loopback. Postgres refuses to run as root, so as root it runs under the machine's
// `postgres` or `nobody` account, in a folder which that account can reach. Its password is made once and
// kept in a private file beside the cluster.
import { setTimeout as sleep } from 'node:timers/promises';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { startChild, untilReady, type Child } from '../supervisor/childProcess';

const run = promisify(execFile);

/** A started cluster. */
export interface Cluster {
  readonly child: Child;
  /** The folder the cluster lies in. */
  readonly place: string;
  /** Connection URL of a database of the cluster. It contains the password: never print it. */
  url(database: string): string;
}

export interface ClusterOptions {
  /** Folder with bin/postgres. */
  readonly binaries: string;
  /** The preferred folder for the cluster. As root a shared folder takes its place. */
  readonly folder: string;
  readonly logFile: string;
  /** false only where the cluster may be lost with the machine (tests). */
  readonly durable: boolean;
  readonly port: number;
}

interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

const isRoot = (): boolean => process.platform !== 'win32' && userInfo().uid === 0;

/** The unprivileged account to run under as root; none when we are unprivileged. */
async function account(): Promise<Account> {
  if (!isRoot()) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = async (flag: string): Promise<number> =>
        Number((await run('id', [flag, name])).stdout);
      return { uid: await id('-u'), gid: await id('-g') };
    } catch {
      continue;
    }
  }
  throw new Error(
    'Postgres cannot run as root and there is no account "postgres" or "nobody"; set DATABASE_URL instead.',
  );
}

/** As root, home folders are often closed to other accounts; /var/lib is not. */
function placeFor(folder: string): string {
  if (!isRoot()) return folder;
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join('/var/lib/ratchet/clusters', digest);
}

const passwordOf = (place: string): string => join(place, 'password');

/** Has the cluster of the folder been made? */
export const clusterExists = (folder: string): boolean => existsSync(passwordOf(placeFor(folder)));

/** A server that was killed keeps its folder until it and the processes it had started are gone. */
const goneWithinMs = 30_000;
const isStillThere = (error: unknown): boolean =>
  error instanceof Error && /another postmaster|pre-existing shared memory/.test(error.message);

/**
 * Starts the cluster, and creates it first when there is none. @throws Error with the log's end when it
 * fails.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  for (const end = Date.now() + goneWithinMs; ;) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (!isStillThere(error) || Date.now() > end) throw error;
      await sleep(500);
    }
  }
}

async function startOnce(options: ClusterOptions): Promise<Cluster> {
  const owner = await account();
  const place = placeFor(options.folder);
  const passwordFile = passwordOf(place);
  if (!existsSync(passwordFile)) await makeCluster(place, options.binaries, owner);
  const password = readFileSync(passwordFile, 'utf8');
  const { port } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    ...(options.durable
      ? {}
      : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const child = await startChild({
    name: 'Postgres',
    command: join(options.binaries, 'bin', 'postgres'),
    args: [
      '-D',
      join(place, 'data'),
      ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
    ],
    logFile: options.logFile,
    cwd: place,
    // SIGINT is Postgres's fast shutdown: it does not wait for clients to leave.
    stopSignal: 'SIGINT',
    ...owner,
  });
  const url = (database: string): string =>
    `postgres://ratchet:${password}@127.0.0.1:${port}/${database}`;
  try {
    await untilReady(child, options.logFile, () => ping(url('postgres')));
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { child, place, url };
}

async function ping(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.end();
}

async function makeCluster(place: string, binaries: string, owner: Account): Promise<void> {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(place), { recursive: true, mode: 0o755 });
  mkdirSync(place, { mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  const passwordFile = join(place, 'password.new');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner.uid !== undefined && owner.gid !== undefined) {
    chownSync(place, owner.uid, owner.gid);
    chownSync(passwordFile, owner.uid, owner.gid);
  }
  const flags = [
    '--auth=scram-sha-256',
    '--username=ratchet',
    '--encoding=UTF8',
    '--locale=C',
    '--no-sync',
  ];
  await run(
    join(binaries, 'bin', 'initdb'),
    [`--pgdata=${join(place, 'data')}`, `--pwfile=${passwordFile}`, ...flags],
    {
      cwd: tmpdir(),
      ...owner,
    },
  );
  rmSync(passwordFile);
  // Written last, so that its presence means the cluster is complete.
  writeFileSync(passwordOf(place), password, { mode: 0o600 });
}

/** Creates a database if none of that name exists, from a template when one is given. */
export async function createDatabase(
  cluster: Cluster,
  name: string,
  template?: string,
): Promise<void> {
  const client = new Client({ connectionString: cluster.url('postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount) return;
    const from = template === undefined ? '' : ` template ${client.escapeIdentifier(template)}`;
    await client.query(`create database ${client.escapeIdentifier(name)}${from}`);
  } finally {
    await client.end();
  }
}
