// Where things live: the checkout, its .ratchet folder, and the cache that outlives the checkout.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const home = join(checkout, '.ratchet');
export const cache = process.env.RATCHET_CACHE ?? join(homedir(), '.cache', 'ratchet');

/** Postgres refuses to run as root, so root's copy must be where another account can reach it. */
export const isRoot = process.platform !== 'win32' && userInfo().uid === 0;
export const sharedCache = isRoot ? '/var/lib/ratchet' : cache;

/** What set-up found or made; the program reads it instead of searching again. */
const toolchainFile = join(home, 'toolchain.json');
export const readToolchain = () =>
  existsSync(toolchainFile) ? JSON.parse(readFileSync(toolchainFile, 'utf8')) : {};
export function writeToolchain(toolchain) {
  mkdirSync(home, { recursive: true });
  writeFileSync(toolchainFile, `${JSON.stringify(toolchain, null, 2)}\n`);
}

/** The full path of a command on PATH, or undefined. */
export function onPath(command) {
  const name = process.platform === 'win32' ? `${command}.exe` : command;
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
