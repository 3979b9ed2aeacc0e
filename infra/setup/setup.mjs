// Everything a fresh clone needs, in this order: the npm packages, the Temporal CLI, the Postgres binaries,
// the build. Each step does nothing once it is done. No file here has a dependency, because set-up runs
// before any is installed.
import { mkdirSync, openSync, closeSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { installPackages, requireNode } from './packages.mjs';
import { home, readToolchain, writeToolchain } from './places.mjs';
import { postgresFolder } from './postgres.mjs';
import { say, SetupError } from './say.mjs';
import { temporalCli } from './temporalCli.mjs';

const lockFile = join(home, 'setup.lock');

const alive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Takes the lock, waiting for a set-up that is already running; a dead owner's lock is taken over. */
async function lock() {
  // Closed to others from the beginning: infra/privateFiles.ts.
  mkdirSync(home, { recursive: true, mode: 0o700 });
  for (let told = false; ;) {
    try {
      const file = openSync(lockFile, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const owner = Number(readFileSync(lockFile, { encoding: 'utf8', flag: 'a+' }));
    if (owner > 0 && !alive(owner)) rmSync(lockFile, { force: true });
    else {
      if (!told) say(`waiting for the set-up already running (process ${owner})`);
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}

async function setUp() {
  requireNode();
  await lock();
  try {
    await installPackages();
    const toolchain = {
      temporal: process.env.TEMPORAL_ADDRESS === undefined ? await temporalCli() : null,
      postgres: process.env.DATABASE_URL === undefined ? await postgresFolder() : null,
    };
    if (JSON.stringify(toolchain) !== JSON.stringify(readToolchain())) writeToolchain(toolchain);
    await build();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** Sets everything up, for a program that cannot go on without it. What is missing is said in one sentence. */
export async function setUpOrExit() {
  try {
    await setUp();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exit(1);
  }
}
