// Scorers need no network: they talk to the server over a socket they are given. Where the system allows it, each
// starts in a network namespace of its own, in which there is nothing, not even loopback.
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';

/** `none`: scorers can connect to nothing. `open`: they could, since this system cannot take it from them. */
export type ScorerNetwork = 'none' | 'open';

const namespaceFile = '/proc/self/ns/net';

/** What puts a command into an empty network. It becomes the command, so the process id stays the same. */
const ways: readonly (readonly string[])[] = [
  // As root.
  ['unshare', '-n', '--'],
  // As anybody else, where accounts may make user namespaces.
  ['unshare', '-U', '-n', '--'],
];

/** Does a command that is started so see another network than ours? */
function works([command = '', ...args]: readonly string[]): boolean {
  const { status, stdout } = spawnSync(command, [...args, 'readlink', namespaceFile], {
    encoding: 'utf8',
    timeout: 5_000,
  });
  return status === 0 && stdout.trim() !== readlinkSync(namespaceFile);
}

let found: readonly string[] | undefined;

/** What stands before the command of a scorer; nothing where the system allows no way. It is tried once. */
export const withoutNetwork = (): readonly string[] => (found ??= ways.find(works) ?? []);

export const scorerNetwork = (): ScorerNetwork => (withoutNetwork().length > 0 ? 'none' : 'open');
