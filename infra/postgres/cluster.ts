// A Postgres of our own on loopback. As root it runs as another account, in a folder which that account can reach.
// The superuser's password and those of the roles are made once and kept in private files beside the cluster. The
// superuser makes roles and databases when the cluster starts; nothing that runs connects as it.
import { setTimeout as sleep } from 'node:timers/promises';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { machineEnvironment } from '../environment/programEnvironment';
import { startChild, untilReady, type Child } from '../supervisor/childProcess';
import { databasesBy, type Databases } from './databases';
import { giveToOwner, makeRoles, roles, type Role } from './roles';
import { databaseAccount, isRoot, type SystemAccount } from './systemAccount';

const run = promisify(execFile);

/** A started cluster. */
export interface Cluster {
  readonly child: Child;
  /** The folder the cluster lies in. */
  readonly place: string;
  /** Addresses of a database of the cluster by role. */
  databases(database: string): Databases;
  /** The superuser's address, to make things by. */
  superuser(database: string): string;
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

/** As root, home folders are often closed to other accounts; /var/lib is not. */
function placeFor(folder: string): string {
  if (!isRoot()) return folder;
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 12);
  return join(sharedFolder, 'clusters', digest);
}

/** Of root. What set-up has fetched lies there too. */
const sharedFolder = '/var/lib/ratchet';

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
  const owner = await databaseAccount();
  const place = placeFor(options.folder);
  if (clusterExists(options.folder)) await ownedBy(place, owner);
  else await makeCluster(place, options.binaries, owner);
  const password = readFileSync(passwordOf(place), 'utf8');
  const passwords = rolePasswords(place);
  const { port } = options;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    // The library for TLS that these binaries bring is no longer maintained.
    ssl: 'off',
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
    env: machineEnvironment(process.env),
    // SIGINT is Postgres's fast shutdown: it does not wait for clients to leave.
    stopSignal: 'SIGINT',
    ...owner,
  });
  const at = (account: string, word: string, database: string): string =>
    `postgres://${account}:${word}@127.0.0.1:${port}/${database}`;
  const superuser = (database: string): string => at('ratchet', password, database);
  const withRoles = (client: Client): Promise<void> => makeRoles(client, (role) => passwords[role]);
  try {
    await untilReady(child, options.logFile, () => connected(superuser('postgres'), withRoles));
  } catch (error) {
    await child.stop();
    throw error;
  }
  const databases = (database: string): Databases =>
    databasesBy((account, role) => at(account, passwords[role], database));
  return { child, place, databases, superuser };
}

async function connected<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A cluster that an older version has left to another account moves to the account of today. */
async function ownedBy(place: string, { uid, gid }: SystemAccount): Promise<void> {
  if (uid === undefined || gid === undefined || statSync(join(place, 'data')).uid === uid) return;
  await run('chown', ['-R', `${uid}:${gid}`, place]);
}

type Passwords = Readonly<Record<Role, string>>;

/** The passwords of the roles, made when they are first asked for. */
function rolePasswords(place: string): Passwords {
  const file = join(place, 'roles.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords;
  const made = Object.fromEntries(roles.map((role) => [role, newPassword()])) as Passwords;
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  return made;
}

const newPassword = (): string => randomBytes(24).toString('hex');

async function makeCluster(place: string, binaries: string, owner: SystemAccount): Promise<void> {
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(place), { recursive: true });
  mkdirSync(place, { mode: 0o700 });
  // Its account has to pass through, whatever the mask is, and to see nothing.
  if (isRoot()) for (const above of [dirname(place), sharedFolder]) chmodSync(above, 0o711);
  const password = newPassword();
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
      env: machineEnvironment(process.env),
      ...owner,
    },
  );
  rmSync(passwordFile);
  // Written last, so that its presence means the cluster is complete.
  writeFileSync(passwordOf(place), password, { mode: 0o600 });
}

/** Makes the database where there is none, and leaves it and all in it to the owner. @returns its addresses by role. */
export async function openDatabase(cluster: Cluster, name: string): Promise<Databases> {
  await connected(cluster.superuser('postgres'), async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
  });
  await connected(cluster.superuser(name), (client) => giveToOwner(client, name));
  return cluster.databases(name);
}
