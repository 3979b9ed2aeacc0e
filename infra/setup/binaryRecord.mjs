// What set-up fetched or built is run again and again from the cache. Its SHA-256 is written beside it, in the
// form of sha256sum, so that a file that has changed since is seen before it runs.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

const recordOf = (binary) => `${binary}.sha256`;

export async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export async function writeRecord(binary) {
  writeFileSync(recordOf(binary), `${await sha256Of(binary)}  ${basename(binary)}\n`);
}

/** `absent`, `as recorded`, or in words how the file is not what was recorded. */
export async function comparedToRecord(binary) {
  if (!existsSync(binary)) return 'absent';
  if (!existsSync(recordOf(binary))) return 'has no record of its SHA-256';
  const [recorded] = readFileSync(recordOf(binary), 'utf8').split(' ');
  const actual = await sha256Of(binary);
  return actual === recorded ? 'as recorded' : `has SHA-256 ${actual}, recorded was ${recorded}`;
}
