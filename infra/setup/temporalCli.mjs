// The second step of set-up (setup.mjs): the Temporal CLI, which contains the dev server. TEMPORAL_CLI counts
// before all else, then PATH at the pinned version, then our cache. Otherwise it is downloaded and checked, or
// built by Go where only Go's module proxy is reachable. The version is pinned because the dev server's database
// file does not survive a server upgrade.
import { execFileSync } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { comparedToRecord, sha256Of, writeRecord } from './binaryRecord.mjs';
import { cache, checkout, onPath } from './places.mjs';
import { say, SetupError, step } from './say.mjs';
import { buildTemporalCli } from './temporalBuild.mjs';

const pinned = JSON.parse(readFileSync(join(checkout, 'infra', 'setup', 'temporal.json'), 'utf8'));
const { version } = pinned;
const folder = join(cache, `temporal-${version}`);
const binary = join(folder, 'temporal');

/** The version a binary says it is, '' when it does not say, undefined when it does not run. */
function versionOf(path) {
  try {
    const options = { stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 };
    const said = execFileSync(path, ['--version'], options).toString();
    return /temporal version (\S+)/.exec(said)?.[1] ?? '';
  } catch {
    return undefined;
  }
}

/** The CLI the user names. @throws SetupError when TEMPORAL_CLI names nothing that runs. */
function named() {
  const path = process.env.TEMPORAL_CLI;
  if (path === undefined || versionOf(path) !== undefined) return path;
  throw new SetupError(
    `TEMPORAL_CLI is "${path}", which does not run; point it at a Temporal CLI of version 1.1.1 or later, or unset it.`,
  );
}

/** A CLI on PATH: whether it is the pinned version, and what to say where it is not. */
function onPathNow() {
  const path = onPath('temporal');
  if (path === undefined) return { path: undefined, sentence: undefined };
  const said = versionOf(path);
  if (said === version) return { path, sentence: undefined };
  const known = said === undefined ? 'does not run' : `is of version "${said}", not ${version}`;
  return { path: undefined, sentence: `the temporal on PATH (${path}) ${known}; it is not used` };
}

/** Downloads and unpacks the release; false when it cannot be reached. */
async function downloadRelease() {
  const release = pinned.archives[`${process.platform}-${process.arch}`];
  if (release === undefined) return false;
  const archive = join(folder, 'download.tar.gz');
  const url = `https://github.com/temporalio/cli/releases/download/v${version}/temporal_cli_${version}_${release.name}.tar.gz`;
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
  const actual = await sha256Of(archive);
  if (actual !== release.sha256) {
    rmSync(archive);
    throw new SetupError(
      `The Temporal CLI downloaded has SHA-256 ${actual}, expected ${release.sha256}; it was thrown away. Try again, or set TEMPORAL_CLI to a binary you trust.`,
    );
  }
  execFileSync('tar', ['-xzf', archive, '-C', folder, 'temporal']);
  rmSync(archive);
  return true;
}

/** Downloads or builds the CLI, and records what it is. */
async function get(download) {
  mkdirSync(folder, { recursive: true });
  const downloaded = await step(`downloading the Temporal CLI ${version}`, download);
  if (!downloaded) await buildTemporalCli(pinned, binary);
  const said = versionOf(binary);
  if (said !== version) {
    rmSync(binary, { force: true });
    throw new SetupError(
      `The Temporal CLI that was just got ${said === undefined ? 'does not run on this machine' : `says it is version "${said}", expected ${version}`}; set TEMPORAL_CLI to one that does.`,
    );
  }
  await writeRecord(binary);
}

/** The path of a working Temporal CLI, got if need be. @param download tries the release's archive. */
export async function temporalCli(download = downloadRelease) {
  const chosen = named();
  if (chosen !== undefined) return chosen;
  const { path, sentence } = onPathNow();
  if (path !== undefined) return path;
  const cached = await comparedToRecord(binary);
  if (cached === 'as recorded') return binary;
  if (sentence !== undefined) say(sentence);
  // A system that runs may still use it, so it lies there until another takes its place.
  if (cached !== 'absent')
    say(`the Temporal CLI at ${binary} ${cached}; it is not used and is got again`);
  await get(download);
  return binary;
}
