// Which process an id means. Ids are used again, by strangers too, so a process is known by its id and by when it began.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const bootFile = '/proc/sys/kernel/random/boot_id';

/**
 * When the process began, in a form that no other process of that id has had; undefined where none runs. One that was
 * killed and waits for its parent to look does not run.
 */
export function startOf(pid: number): string | undefined {
  return existsSync(bootFile) ? fromProc(pid) : fromPs(pid);
}

/** Clock ticks since this boot of the machine. */
function fromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name is in brackets and may have any character: fields are counted behind it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields[18];
    return state === 'Z' || ticks === undefined
      ? undefined
      : `${ticks}@${readFileSync(bootFile, 'utf8').trim()}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** Starts by process id, of those that run. */
export const startsOf = (pids: readonly number[]): Readonly<Record<number, string>> =>
  Object.fromEntries(
    pids.flatMap((pid) => {
      const start = startOf(pid);
      return start === undefined ? [] : [[pid, start] as const];
    }),
  );

/** Does the process that began then still run? */
export const isRunning = (pid: number, start: string | undefined): boolean =>
  start !== undefined && startOf(pid) === start;
