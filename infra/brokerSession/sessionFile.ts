// The session a login has opened, in a private file of the account: written whole by `ratchet login`, read and
// followed by everything that speaks to the broker.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import type { BrokerCredentials, CredentialSource } from '../../broker/credentials';
import { Fatal } from '../../domain/errors';
import { parsedJson } from '../../domain/json';
import { Secret } from '../../domain/secret';
import { keptSecret } from '../secrets';
import { replacePrivateFile } from '../privateFiles';

const shape = z.strictObject({
  userId: z.string().min(1),
  apiKey: z.string().min(1),
  accessToken: z.string().min(1),
  /** Host clock, epoch ms. */
  loggedInAt: z.number().int().positive(),
});

export type StoredSession = z.infer<typeof shape>;

/**
 * The stored session; undefined before the first login.
 * @throws Fatal in one sentence when others can read the file, or it is not one of ours.
 */
export function readSession(file: string): StoredSession | undefined {
  if (!existsSync(file)) return undefined;
  if ((statSync(file).mode & 0o077) !== 0)
    throw new Fatal({
      code: 'SECRET_EXPOSED',
      message: `the session file ${file} must be readable by its owner only (mode 600); make it so, and log in again`,
    });
  const { data } = shape.safeParse(parsedJson(readFileSync(file, 'utf8')));
  if (data !== undefined) return data;
  throw new Fatal({
    code: 'SESSION_FILE',
    message: `the session file ${file} cannot be read as one; remove it, and run \`ratchet login\``,
  });
}

export const writeSession = (file: string, session: StoredSession): void =>
  replacePrivateFile(file, JSON.stringify(session));

/** How soon a login reaches the processes that run, ms. */
const lookEveryMs = 500;

/** Credentials before the first login: the broker refuses them, which is what makes people log in. */
export const nobody: BrokerCredentials = {
  apiKey: 'none',
  accessToken: new Secret('none'),
};

export const isNobody = ({ apiKey }: BrokerCredentials): boolean => apiKey === nobody.apiKey;

/**
 * The credentials of the file, followed while the process runs.
 * @param checked called with every session read. @throws what it throws: a session of another user is none.
 */
export function followedSession(
  file: string,
  checked: (session: StoredSession) => void,
): CredentialSource {
  // Before the first reading: a login during it is a change to come, and none is missed.
  let version = versionOf(file);
  let current = credentialsIn(file, checked);
  const listeners = new Set<(credentials: BrokerCredentials) => void>();
  const look = (): void => {
    if (versionOf(file) === version) return;
    version = versionOf(file);
    const next = credentialsOrSame(file, checked, current);
    if (next.accessToken.equals(current.accessToken)) return;
    current = next;
    for (const changed of listeners) changed(next);
  };
  setInterval(look, lookEveryMs).unref();
  return {
    get current() {
      return current;
    },
    onChange(changed) {
      listeners.add(changed);
      return () => listeners.delete(changed);
    },
  };
}

/** Another after every login, which replaces the file. */
function versionOf(file: string): string {
  try {
    const { ino, mtimeMs, size } = statSync(file);
    return `${ino} ${mtimeMs} ${size}`;
  } catch {
    return 'none';
  }
}

function credentialsIn(file: string, checked: (session: StoredSession) => void): BrokerCredentials {
  const session = readSession(file);
  if (session === undefined) return nobody;
  checked(session);
  return { apiKey: session.apiKey, accessToken: keptSecret(session.accessToken) };
}

/** A file that has become wrong changes nothing: the old session goes on until a right one is there. */
function credentialsOrSame(
  file: string,
  checked: (session: StoredSession) => void,
  current: BrokerCredentials,
): BrokerCredentials {
  try {
    return credentialsIn(file, checked);
  } catch (error) {
    if (!(error instanceof Fatal)) throw error;
    console.error(error.message);
    return current;
  }
}
