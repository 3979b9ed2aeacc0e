// Named points at which a test can kill the process: moments between two steps that only a crash shows.
// Without the variable no file is looked for, and nothing happens.
import { renameSync, readFileSync } from 'node:fs';

/** Long enough for a request that left before the point to reach the other side. */
const leaveMs = 30;

export type CrashPoint = (name: string) => Promise<void>;

/** @param file names the point to die at. It is removed first, so that each order is carried out once. */
export function crashPointOf(file: string | undefined): CrashPoint {
  if (file === undefined) return () => Promise.resolve();
  return async (name) => {
    if (!isOrdered(file, name)) return;
    await new Promise((resolve) => setTimeout(resolve, leaveMs));
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  };
}

function isOrdered(file: string, name: string): boolean {
  try {
    if (readFileSync(file, 'utf8').trim() !== name) return false;
    renameSync(file, `${file}.done`);
    return true;
  } catch {
    return false;
  }
}
