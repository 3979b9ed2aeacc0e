// Where a service's unit and its surroundings lie, for the user it runs as.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { stateHome } from '../accountFolder';
import { checkout } from '../checkout';
import { environmentVariables } from '../environment/variables';
import { brokerKeys } from '../supervisor/program';
import type { UnitScope } from './unit';

export const unitFolder = (scope: UnitScope): string =>
  scope === 'system'
    ? '/etc/systemd/system'
    : join(process.env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'systemd', 'user');

/** Whose system it is: who called, also through sudo. */
export interface Owner {
  readonly user: string;
  readonly home: string;
  readonly isBySudo: boolean;
}

export function serviceOwner(): Owner {
  const caller = process.env['SUDO_USER'];
  if (caller === undefined || userInfo().uid !== 0)
    return { user: userInfo().username, home: homedir(), isBySudo: false };
  const entry = execFileSync('getent', ['passwd', caller], { encoding: 'utf8' });
  return { user: caller, home: entry.split(':')[5] ?? homedir(), isBySudo: true };
}

/** The folder of state the service will find, which under sudo is the caller's and not root's. */
export const ownersState = ({ home, isBySudo }: Owner): string =>
  isBySudo && process.env['RATCHET_HOME'] === undefined
    ? join(home, '.local', 'state', 'ratchet')
    : resolve(stateHome());

export const environmentFileOf = (owner: Owner, account: string): string =>
  join(ownersState(owner), 'accounts', account, 'service.env');

/** What the system writes in, as itself and by its own set-up. */
export const writableOf = (owner: Owner): readonly string[] => [
  checkout,
  ownersState(owner),
  resolve(process.env['RATCHET_CACHE'] ?? join(owner.home, '.cache', 'ratchet')),
  join(owner.home, '.npm'),
  // As root Postgres runs in a folder of its own.
  ...(owner.user === 'root' ? ['/var/lib/ratchet'] : []),
];

const places = ['RATCHET_HOME', 'RATCHET_CACHE', 'XDG_STATE_HOME'];

/** The shell's variables that say where things are, secrets' files included, as absolute paths. */
export function carriedEnvironment(): Readonly<Record<string, string>> {
  const files = names().map((name) => `${name}_FILE`);
  return Object.fromEntries(
    [...places, ...files].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, resolve(value)] as const];
    }),
  );
}

/** Variables a person has set in this shell that the unit must not hold, or cannot know the meaning of. */
export const leftVariables = (): readonly string[] =>
  names().filter((name) => process.env[name] !== undefined && !places.includes(name));

/** What people set, without the broker's keys: live, the session has what is needed of them. */
const names = (): readonly string[] =>
  Object.entries(environmentVariables)
    .filter(([name, { setBy }]) => setBy === 'you' && !brokerKeys.some((key) => key === name))
    .map(([name]) => name);

/** Do the user's units run without a login? */
export const isLingering = (user: string): boolean =>
  existsSync(join('/var/lib/systemd/linger', user));
