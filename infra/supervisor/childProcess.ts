// One child process: its log file, its readiness, and its end. A child is stopped by the process id recorded
// here, so stopping never touches a process that somebody else started.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  readonly cwd?: string;
  /** The signal that ends it properly. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
}

/** A running child. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Settles when the process has ended, with its exit code (null when killed). */
  readonly ended: Promise<number | null>;
  /** Asks it to end, kills it after `graceMs`, and waits for its end. */
  stop(graceMs?: number): Promise<void>;
}

/** Longer than a worker may take to finish what it has sent to the broker (workers/trading.ts). */
const stopGraceMs = 20_000;

/** Starts a child with its output in a log file. @throws Error when the command cannot be started. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const log = openSync(options.logFile, 'a', 0o600);
  const child = spawn(options.command, options.args, {
    stdio: ['ignore', log, log],
    env: options.env,
    ...(options.uid === undefined ? {} : { uid: options.uid }),
    ...(options.gid === undefined ? {} : { gid: options.gid }),
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // A process group of its own, so that a terminal's Ctrl-C reaches only the supervisor, which stops all in
    // order.
    detached: true,
  });
  closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  return watch(child, options);
}

function watch(child: ChildProcess, { name, stopSignal = 'SIGTERM' }: ChildOptions): Child {
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} has no process id`);
  const ended = new Promise<number | null>((resolve) =>
    child.once('exit', (code) => resolve(code)),
  );
  const stop = async (graceMs = stopGraceMs): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(stopSignal);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(timer);
  };
  return { name, pid, ended, stop };
}

/**
 * Waits until `probe` answers without throwing. A child that is not ready in time is stopped.
 * @throws Error with the last line of the log when the child ends first or the deadline passes.
 */
export async function untilReady<T>(
  child: Child,
  logFile: string,
  probe: () => Promise<T>,
  deadlineMs = 90_000,
): Promise<T> {
  const life = { running: true };
  void child.ended.then(() => (life.running = false));
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await probe();
    } catch (error) {
      if (life.running && Date.now() < deadline) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      const lastLine = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '';
      const why = life.running ? `was not ready after ${deadlineMs / 1000} s` : 'could not start';
      await child.stop();
      throw new Error(`${child.name} ${why}: ${lastLine} (log: ${logFile})`, { cause: error });
    }
  }
}
