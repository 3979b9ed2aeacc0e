// What set-up fetched or built is run again and again from the cache. Its SHA-256 is written beside it, in the
// form of sha256sum, so that a file that has changed since is seen before it runs.
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';

const recordOf = (binary) => `${binary}.sha256`;
/** What the file system said of the binary and its record when the two were last compared. */
const comparedOf = (binary) => `${binary}.compared`;

export async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

export async function writeRecord(binary) {
  writeFileSync(recordOf(binary), `${await sha256Of(binary)}  ${basename(binary)}\n`);
}

/** Whoever writes a file changes its ctime, and no program can set that back. */
function stateOf(binary) {
  const stat = (file) => {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return [ino, size, mtimeNs, ctimeNs].join(' ');
  };
  return `${stat(binary)}\n${stat(recordOf(binary))}\n`;
}

const isAsCompared = (binary, state) =>
  existsSync(comparedOf(binary)) && readFileSync(comparedOf(binary), 'utf8') === state;

function noteCompared(binary, state) {
  try {
    writeFileSync(comparedOf(binary), state);
  } catch {
    // A cache that others have made and nobody here can write to is read every time.
  }
}

/**
 * `absent`, `as recorded`, or in words how the file is not what was recorded. Every command asks this, and reading a
 * quarter of a gigabyte takes half a second, so a file is read again only when it or its record has been written.
 */
export async function comparedToRecord(binary) {
  if (!existsSync(binary)) return 'absent';
  if (!existsSync(recordOf(binary))) return 'has no record of its SHA-256';
  const state = stateOf(binary);
  if (isAsCompared(binary, state)) return 'as recorded';
  const [recorded] = readFileSync(recordOf(binary), 'utf8').split(' ');
  const actual = await sha256Of(binary);
  if (actual !== recorded) return `has SHA-256 ${actual}, recorded was ${recorded}`;
  noteCompared(binary, state);
  return 'as recorded';
}
