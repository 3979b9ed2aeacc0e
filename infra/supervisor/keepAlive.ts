// A child that is started again whenever it ends by itself. Our processes are crash-only, so a restart is the
// recovery. A child is given up only when it cannot run at all, since open positions wait for it.
import type { Child } from './childProcess';

export interface Supervision {
  /** Starts the child again; rejects when it does not become ready. */
  readonly again: () => Promise<Child>;
  readonly say: (line: string) => void;
  /** Called with every new process. */
  readonly started: () => void;
}

const pauseMinMs = 200;
const pauseMaxMs = 5_000;
/** A process that lived this long was healthy, so its next fall is answered at once. */
const wellMs = 10_000;
/** Falls in a row, none after a life of `wellMs`, before the child is given up. */
const fallsMax = 40;

/** The supervised child. `ended` settles only when it was given up; `pid` is the current process. */
export function keepAlive(first: Child, { again, say, started }: Supervision): Child {
  let current = first;
  let stopping = false;
  let restarting: Promise<unknown> = Promise.resolve();
  const restart = async (): Promise<boolean> => {
    try {
      current = await again();
      if (stopping) await current.stop();
      return true;
    } catch (error) {
      say(error instanceof Error ? error.message : `${first.name} could not be started again`);
      return false;
    }
  };
  const watch = async (): Promise<number | null> => {
    let pauseMs = pauseMinMs;
    for (let falls = 0; falls < fallsMax; falls += 1) {
      const since = Date.now();
      const code = await current.ended;
      if (stopping) return code;
      if (Date.now() - since >= wellMs) {
        falls = 0;
        pauseMs = pauseMinMs;
      }
      say(`${first.name} has ended unexpectedly and is started again`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      pauseMs = Math.min(pauseMaxMs, pauseMs * 2);
      // It was stopped meanwhile. Another call changes the flag while this loop waits.
      if (isTrue(() => stopping)) return code;
      const attempt = restart();
      restarting = attempt;
      if (await attempt) started();
    }
    return null;
  };
  const ended = watch();
  return {
    name: first.name,
    get pid() {
      return current.pid;
    },
    ended,
    stop: async (graceMs) => {
      stopping = true;
      await restarting;
      await current.stop(graceMs);
    },
  };
}

const isTrue = (read: () => boolean): boolean => read();
