// The packages that package-lock.json pins, each with its licence: as the lockfile has it, else as the installed
// package says itself.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../checkout';
import type { InstalledPackage } from './licences';

const licensed = z.looseObject({
  /** Where it is installed under another. */
  name: z.string().optional(),
  version: z.string(),
  license: z.string().optional(),
  dev: z.boolean().default(false),
});
const lock = z.looseObject({ packages: z.record(z.string(), z.looseObject({})) });

const readJson = (...path: readonly string[]): unknown =>
  JSON.parse(readFileSync(join(checkout, ...path), 'utf8'));

export interface LockedPackage extends InstalledPackage {
  /** Needed for development only. */
  readonly dev: boolean;
}

/** Every package of the lockfile but this one. */
export const lockedPackages = (): readonly LockedPackage[] =>
  Object.entries(lock.parse(readJson('package-lock.json')).packages)
    .filter(([path]) => path !== '')
    .map(([path, entry]) => {
      const { name = nameIn(path), version, license, dev } = licensed.parse(entry);
      return { name, version, dev, licence: license ?? ownWord(path) };
    });

const nameIn = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

/** Another form than a name, as old packages have it, is no word. */
function ownWord(path: string): string | undefined {
  const file = join(path, 'package.json');
  if (!existsSync(join(checkout, file))) return undefined;
  return licensed.safeParse(readJson(file)).data?.license;
}
