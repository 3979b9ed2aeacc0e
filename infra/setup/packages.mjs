// The first step of set-up (setup.mjs): the npm packages, exactly as in the lockfile. A stamp beside them marks
// the step as done.
import { createHash } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { checkout, home } from './places.mjs';
import { run, SetupError, step } from './say.mjs';

const modules = join(checkout, 'node_modules');
const stamp = join(modules, '.ratchet-stamp');

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetupError(
      `Ratchet needs Node 20.19 or later; this is ${process.versions.node}. Install a newer Node and run the same command again.`,
    );
  }
}

export async function installPackages() {
  const lock = readFileSync(join(checkout, 'package-lock.json'));
  const wanted = createHash('sha256').update(lock).update(process.version).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  requireOwnModules();
  mkdirSync(home, { recursive: true });
  await step('installing packages (npm ci)', () =>
    run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-progress'], {
      cwd: checkout,
      log: join(home, 'npm.log'),
      advice:
        'npm could not install the packages: check that an npm registry is reachable, then run the same command again',
    }),
  );
  writeFileSync(stamp, wanted);
}

/** npm empties the folder before it installs, and with a link the folder of somebody else. */
function requireOwnModules() {
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  throw new SetupError(
    `node_modules is a link to ${realpathSync(modules)}, and installing would empty that folder. Remove the link, then run the same command again.`,
  );
}
