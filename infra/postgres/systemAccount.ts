// The account of this machine that Postgres runs as where we are root, which Postgres refuses to be. It is an account
// for databases: `postgres`, or one of our own. Accounts that others use too, such as `nobody`, would share the records.
import { execFile } from 'node:child_process';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface SystemAccount {
  readonly uid?: number;
  readonly gid?: number;
}

export const isRoot = (): boolean => process.platform !== 'win32' && userInfo().uid === 0;

const ownAccount = 'ratchet-postgres';

/** What may be asked of the machine's accounts. */
export interface Accounts {
  /** The account; undefined where there is none of that name. */
  readonly find: (name: string) => Promise<SystemAccount | undefined>;
  /** Makes an account that nobody logs in to. */
  readonly make: (name: string) => Promise<void>;
}

const machine: Accounts = {
  find: async (name) => {
    const id = async (flag: string): Promise<number> =>
      Number((await run('id', [flag, name])).stdout);
    try {
      return { uid: await id('-u'), gid: await id('-g') };
    } catch {
      return undefined;
    }
  },
  make: async (name) => {
    const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
    // Where there is no useradd, there is BusyBox's adduser.
    await run('useradd', [...flags, name]).catch(() => run('adduser', ['-S', '-D', '-H', name]));
  },
};

/** @returns {} where we are not root. @throws Error in one sentence where there is no account and none can be made. */
export async function databaseAccount(
  accounts: Accounts = machine,
  asRoot = isRoot(),
): Promise<SystemAccount> {
  if (!asRoot) return {};
  const known = (await accounts.find('postgres')) ?? (await accounts.find(ownAccount));
  if (known !== undefined) return known;
  await accounts.make(ownAccount).catch(() => undefined);
  const made = await accounts.find(ownAccount);
  if (made !== undefined) return made;
  throw new Error(
    `Postgres cannot run as root, and the account "${ownAccount}" cannot be made here: make it, or set DATABASE_URL.`,
  );
}
