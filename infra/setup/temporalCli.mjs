// The second step of set-up (setup.mjs): the Temporal CLI, which contains the dev server. It is found
// (TEMPORAL_CLI, PATH, our cache), else downloaded at a pinned version and checked, else built by Go where only
// Go's module proxy is reachable. The version is pinned because the dev server's database file does not survive
// a server upgrade.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cache, home, onPath } from './places.mjs';
import { run, say, SetupError, step } from './say.mjs';

export const version = '1.5.1';
/** SHA-256 of the release archives at github.com/temporalio/cli, tag v1.5.1. */
const archives = {
  'linux-x64': ['linux_amd64', 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d'],
  'linux-arm64': [
    'linux_arm64',
    'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
  ],
  'darwin-x64': [
    'darwin_amd64',
    'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  ],
  'darwin-arm64': [
    'darwin_arm64',
    'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
  ],
};
const folder = join(cache, `temporal-${version}`);
const binary = join(folder, 'temporal');

/** Where the CLI is, or undefined. @throws SetupError when TEMPORAL_CLI names nothing that runs. */
function find() {
  const named = process.env.TEMPORAL_CLI;
  if (named !== undefined) {
    if (runs(named)) return named;
    throw new SetupError(
      `TEMPORAL_CLI is "${named}", which does not run; point it at a Temporal CLI of version 1.1.1 or later, or unset it.`,
    );
  }
  const found = onPath('temporal');
  if (found !== undefined && runs(found)) return found;
  return existsSync(binary) && runs(binary) ? binary : undefined;
}

function runs(path) {
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Downloads and unpacks the release; false when it cannot be reached. */
async function download() {
  const [name, sha256] = archives[`${process.platform}-${process.arch}`] ?? [];
  if (name === undefined) return false;
  const archive = join(folder, 'download.tar.gz');
  const url = `https://github.com/temporalio/cli/releases/download/v${version}/temporal_cli_${version}_${name}.tar.gz`;
  try {
    const reply = await fetch(url, { signal: AbortSignal.timeout(300_000) });
    if (!reply.ok || reply.body === null) return false;
    await pipeline(Readable.fromWeb(reply.body), createWriteStream(archive));
  } catch (error) {
    say(
      `  the release archive cannot be reached from here (${error.cause?.code ?? error.message})`,
    );
    return false;
  }
  const actual = createHash('sha256').update(readFileSync(archive)).digest('hex');
  if (actual !== sha256) {
    rmSync(archive);
    throw new SetupError(
      `The Temporal CLI downloaded has SHA-256 ${actual}, expected ${sha256}; it was thrown away. Try again, or set TEMPORAL_CLI to a binary you trust.`,
    );
  }
  execFileSync('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  rmSync(archive);
  return true;
}

async function build() {
  const go = onPath('go');
  if (go === undefined) {
    throw new SetupError(
      'The Temporal CLI was not found, could not be downloaded, and Go is not installed to build it: install the Temporal CLI (docs.temporal.io/cli) or set TEMPORAL_CLI to it.',
    );
  }
  const scratch = join(folder, 'building');
  await step(
    `building the Temporal CLI ${version} with Go (once, about 5 minutes of one core)`,
    () =>
      run(go, ['install', `github.com/temporalio/cli/cmd/temporal@v${version}`], {
        env: { ...process.env, GOBIN: scratch, GOFLAGS: '-modcacherw' },
        log: join(home, 'temporal-build.log'),
        advice:
          'Go could not build the Temporal CLI: check that the Go module proxy is reachable, or set TEMPORAL_CLI to a binary',
      }),
  );
  renameSync(join(scratch, 'temporal'), binary);
  rmSync(scratch, { recursive: true });
}

/** The path of a working Temporal CLI, got if need be. */
export async function temporalCli() {
  const found = find();
  if (found !== undefined) return found;
  mkdirSync(folder, { recursive: true });
  const downloaded = await step(`downloading the Temporal CLI ${version}`, download);
  if (!downloaded) await build();
  if (!runs(binary))
    throw new SetupError(
      `The Temporal CLI at ${binary} does not run on this machine; set TEMPORAL_CLI to one that does.`,
    );
  return binary;
}
