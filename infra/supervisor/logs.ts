// The log files of a system's processes. A process holds its file open for appending, so that it goes on writing
// when its supervisor is killed. A log that has grown too large is therefore copied and cut to nothing, never
// renamed. The price: lines written between the last look and the cut are lost, a few once in ten megabytes.
import {
  closeSync,
  fchmodSync,
  ftruncateSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { wordsOf } from '../../domain/errors';

const suffix = '.log';

/** A log is cut when it is larger, and so many older parts are kept: `worker.log.1` is the newest of them. */
export const logLimits = { bytesMax: 10 * 1024 * 1024, olderMax: 4 };

/** How often sizes are looked at. In an outage of everything a log grows by some kilobytes a second. */
const everyMs = 5_000;

/** The name a process has in commands and files. */
export const logNameOf = (process: string): string => process.toLowerCase().replaceAll(' ', '-');

export const logFileOf = (folder: string, process: string): string =>
  join(folder, `${logNameOf(process)}${suffix}`);

/** Names of the processes that have a log in the folder. */
export const loggedProcesses = (folder: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(suffix))
        .map((file) => file.slice(0, -suffix.length))
        .sort()
    : [];

/** The bytes of a file from `from` on; all of them when it has become shorter than that. */
export function bytesFrom(file: string, from: number): Buffer {
  const source = openSync(file, 'r');
  try {
    const { size } = fstatSync(source);
    const start = from <= size ? from : 0;
    const bytes = Buffer.alloc(size - start);
    return bytes.subarray(0, readSync(source, bytes, 0, bytes.length, start));
  } finally {
    closeSync(source);
  }
}

/** The last lines of a log before the byte `end`, older parts included. */
export function lastLines(file: string, count: number, end: number): readonly string[] {
  let lines: readonly string[] = [];
  for (let age = 0; age <= logLimits.olderMax && lines.length < count; age += 1) {
    const part = age === 0 ? file : `${file}.${age}`;
    if (!existsSync(part)) break;
    const bytes = bytesFrom(part, 0);
    lines = [...linesOf(age === 0 ? bytes.subarray(0, end) : bytes), ...lines];
  }
  return lines.slice(-count);
}

const linesOf = (bytes: Buffer): readonly string[] => {
  const text = bytes.toString().replace(/\n$/, '');
  return text === '' ? [] : text.split('\n');
};

/**
 * Moves what the log holds into `FILE.1`, and the older parts one further. The copy is in place before the log is
 * cut, and is made read-only once that is done.
 */
export function rotateLog(file: string, olderMax = logLimits.olderMax): void {
  const copy = `${file}.copy`;
  const [source, target] = [openSync(file, 'r+'), openSync(copy, 'w', 0o600)];
  try {
    const copied = copyOn(source, target, 0);
    shiftOlder(file, olderMax);
    renameSync(copy, `${file}.1`);
    copyOn(source, target, copied);
    ftruncateSync(source, 0);
    fchmodSync(target, 0o400);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/** Copies from an offset to the end. @returns the offset of the end. */
function copyOn(source: number, target: number, from: number): number {
  const piece = Buffer.alloc(1024 * 1024);
  for (let at = from; ;) {
    const read = readSync(source, piece, 0, piece.length, at);
    if (read === 0) return at;
    writeSync(target, piece, 0, read);
    at += read;
  }
}

function shiftOlder(file: string, olderMax: number): void {
  rmSync(`${file}.${olderMax}`, { force: true });
  for (let age = olderMax - 1; age >= 1; age -= 1)
    if (existsSync(`${file}.${age}`)) renameSync(`${file}.${age}`, `${file}.${age + 1}`);
}

function rotateLarge(folder: string, warn: (line: string) => void): void {
  for (const name of loggedProcesses(folder)) {
    const file = logFileOf(folder, name);
    try {
      if (statSync(file).size > logLimits.bytesMax) rotateLog(file);
    } catch (error) {
      // A full disk, for instance. The processes go on, and so does their supervisor.
      warn(`${file} could not be rotated: ${wordsOf(error)}`);
    }
  }
}

/** Keeps the logs of a folder within their limits. @returns ends it. */
export function keepRotated(folder: string, warn: (line: string) => void): () => void {
  rotateLarge(folder, warn);
  const timer = setInterval(() => rotateLarge(folder, warn), everyMs);
  return () => clearInterval(timer);
}

/** Reads a log as it grows, whole lines at a time, also when it is rotated meanwhile. */
export class LogReader {
  readonly #file: string;
  #at: number;
  /** The newest older part that has been read. */
  #older: number | undefined;
  #rest: Buffer = Buffer.alloc(0);

  /** Begins at the log's end. */
  constructor(file: string) {
    this.#file = file;
    this.#at = sizeOf(file);
    this.#older = finishedPart(file);
  }

  /** Up to which byte it has been read. */
  get at(): number {
    return this.#at;
  }

  /** Lines written since the last call. */
  lines(): readonly string[] {
    const written = Buffer.concat([this.#rest, this.#cut(), this.#grown()]);
    const end = written.lastIndexOf('\n') + 1;
    this.#rest = written.subarray(end);
    return end === 0
      ? []
      : written
          .subarray(0, end - 1)
          .toString()
          .split('\n');
  }

  /** What was written before a rotation and has not been read. */
  #cut(): Buffer {
    const older = finishedPart(this.#file);
    if (older === undefined || older === this.#older) return Buffer.alloc(0);
    const unread = bytesFrom(`${this.#file}.1`, this.#at);
    this.#older = older;
    this.#at = 0;
    return unread;
  }

  #grown(): Buffer {
    if (sizeOf(this.#file) <= this.#at) return Buffer.alloc(0);
    const grown = bytesFrom(this.#file, this.#at);
    this.#at += grown.length;
    return grown;
  }
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0);

/** The inode of the newest older part; undefined where there is none, or its log is not cut yet. */
function finishedPart(file: string): number | undefined {
  if (!existsSync(`${file}.1`)) return undefined;
  const { ino, mode } = statSync(`${file}.1`);
  return (mode & 0o200) === 0 ? ino : undefined;
}
