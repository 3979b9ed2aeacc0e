// Which Ratchet this is: three characters drawn once and kept with the account's state. They are in the tag of
// every order, so that two Ratchets on one account never take each other's orders for their own.
import { randomInt } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Mode } from '../domain/live/mode';
import { noInstallation, type InstallationId } from '../domain/position';
import { stateHome } from './accountFolder';
import { ratchetHome } from './checkout';

/** Where what belongs to the installation is kept. Paper has one in each checkout. */
export const installationFolder = (mode: Mode): string =>
  mode === 'paper' ? ratchetHome : stateHome();

const kept = z.object({ id: z.string().regex(/^[0-9A-Z]{3}$/), host: z.string() });

const fileIn = (folder: string): string => join(folder, 'installation.json');

const idLength = 3;
const ids = 36 ** idLength;

/** Never the one of backtests, which is 0. */
const drawn = (): InstallationId =>
  randomInt(1, ids).toString(36).toUpperCase().padStart(idLength, '0');

/** The id kept in a folder; undefined where there is none, and where it has been copied from another machine. */
export function keptInstallation(folder: string, host = hostname()): InstallationId | undefined {
  const file = fileIn(folder);
  if (!existsSync(file)) return undefined;
  const { data } = kept.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  return data?.host === host && data.id !== noInstallation ? data.id : undefined;
}

/**
 * The id kept in a folder; drawn where there is none, and anew where the folder has been copied from another
 * machine.
 */
export function installationIn(folder: string, host = hostname()): InstallationId {
  const before = keptInstallation(folder, host);
  if (before !== undefined) return before;
  const id = drawn();
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileIn(folder), JSON.stringify({ id, host }), { mode: 0o600 });
  return id;
}
