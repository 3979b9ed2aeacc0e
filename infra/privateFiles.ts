// Files that only their owner can read: every process of ours makes them so by its mask (each entry point sets it),
// and what an older version has left open is closed when a system starts.
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** For the group and everybody else nothing. */
const others = 0o077;

/** Takes away what others may do. Links are not followed, and what belongs to another account is left to it. */
function close(path: string): void {
  const { mode, uid } = lstatSync(path);
  if ((mode & others) === 0 || uid !== process.getuid?.()) return;
  chmodSync(path, mode & 0o7777 & ~others);
}

/** Replaces a file whole, so that nobody ever reads half of it. When this returns, the new one is on the disk. */
export function replacePrivateFile(file: string, text: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}`;
  const handle = openSync(next, 'w', 0o600);
  writeFileSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(next, file);
  const entry = openSync(folder, 'r');
  fsyncSync(entry);
  closeSync(entry);
}

/** What a state folder has of ours; a cluster closes itself. */
const kept: readonly string[] = ['accounts', 'runs', 'serving', 'worlds'];

/**
 * Makes a state folder where there is none, and closes it and what lies in it. Of files beside ours, which a folder that
 * was chosen badly may have, nothing is touched.
 */
export function privateHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  close(home);
  for (const folder of kept.map((name) => join(home, name)))
    if (existsSync(folder)) closeAll(folder);
}

function closeAll(folder: string): void {
  close(folder);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) closeAll(path);
    else if (entry.isFile()) close(path);
  }
}
