// The folders of the checkout, found from the sources and from lib/ alike: the nearest folder above that has
// a package.json. So compiled code and sources agree on where shipped files are.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findCheckout(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findCheckout(dirname(from));
}

/** The folder that holds package.json. */
export const checkout = findCheckout(__dirname);
/** Run state: databases, logs, reports. Never committed. RATCHET_HOME keeps a second one apart. */
export const ratchetHome = process.env['RATCHET_HOME'] ?? join(checkout, '.ratchet');
/** Compiled output. */
export const compiled = join(checkout, 'lib');

/** The tools set-up found; null where an outside service is used instead. */
export interface Toolchain {
  readonly temporal: string | null;
  readonly postgres: string | null;
}

/** @throws Error when set-up has not run. */
export function readToolchain(): Toolchain {
  const file = join(checkout, '.ratchet', 'toolchain.json');
  if (!existsSync(file)) throw new Error('Set-up has not run: run `npm run setup` first.');
  return JSON.parse(readFileSync(file, 'utf8')) as Toolchain;
}
