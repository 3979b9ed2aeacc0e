// The last step of set-up (setup.mjs): compiled JavaScript in lib/, and the workflow bundle beside it. Types
// are checked by the tests and not here, since a start should not wait for them. The step is skipped when no
// source is newer than the last build.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, home } from './places.mjs';
import { run, step } from './say.mjs';

const folders = [
  'domain',
  'workflows',
  'activities',
  'workers',
  'serving',
  'infra',
  'broker',
  'exchange',
  'backtest',
  'cli',
  'bench',
];
const stamp = join(checkout, 'lib', '.ratchet-stamp');

/** A digest of every source file's path, size and time. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const folder of folders.filter((name) => existsSync(join(checkout, name)))) {
    const names = readdirSync(join(checkout, folder), { recursive: true }).sort();
    for (const name of names) {
      if (!/\.(ts|json)$/.test(name)) continue;
      const { size, mtimeMs } = statSync(join(checkout, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.update(readFileSync(join(checkout, 'package-lock.json'))).digest('hex');
}

export async function build() {
  const wanted = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  mkdirSync(home, { recursive: true });
  await step('building', async () => {
    await run(
      process.execPath,
      [join(checkout, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'],
      {
        cwd: checkout,
        log: join(home, 'build.log'),
        advice: 'The TypeScript build failed',
      },
    );
    await run(process.execPath, [join(checkout, 'lib/workers/bundle.js')], {
      cwd: checkout,
      log: join(home, 'bundle.log'),
      advice: 'The workflow bundle could not be built',
    });
  });
  writeFileSync(stamp, wanted);
}
