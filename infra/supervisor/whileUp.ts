// Runs a system while some work runs. Whatever ends the work (its result, an error, Ctrl-C, a fallen child),
// everything started is stopped before this returns.
import { Fatal } from '../../domain/errors';
import type { SystemOptions } from './parts';
import { startSystem, type System } from './system';

/** @param work gets a promise that rejects when the system must end early. */
export async function whileUp<T>(
  options: SystemOptions,
  work: (system: System, ended: Promise<never>) => Promise<T>,
): Promise<T> {
  const { interrupted, forget } = interruption();
  try {
    return await whileUninterrupted(options, work, interrupted);
  } finally {
    forget();
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A promise that rejects when the process is told to end. */
function interruption(): { readonly interrupted: Promise<never>; readonly forget: () => void } {
  let interrupt = (): void => undefined;
  const interrupted = new Promise<never>((_, reject) => {
    interrupt = () =>
      reject(
        new Fatal({ code: 'INTERRUPTED', message: 'interrupted; everything has been stopped' }),
      );
  });
  interrupted.catch(() => undefined);
  for (const signal of signals) process.on(signal, interrupt);
  return {
    interrupted,
    forget: () => signals.forEach((signal) => process.off(signal, interrupt)),
  };
}

async function whileUninterrupted<T>(
  options: SystemOptions,
  work: (system: System, ended: Promise<never>) => Promise<T>,
  interrupted: Promise<never>,
): Promise<T> {
  const starting = startSystem(options);
  const system = await Promise.race([starting, interrupted]).catch(async (error: unknown) => {
    // Interrupted while starting: whatever has started is stopped once starting has ended.
    await starting.then((late) => late.stop()).catch(() => undefined);
    throw error;
  });
  const fallen = system.childEnded.then((name) => {
    throw new Fatal({
      code: 'CHILD_ENDED',
      message: `${name} ended unexpectedly; its log is in ${system.running.logs}`,
    });
  });
  const ended = Promise.race([interrupted, fallen]);
  ended.catch(() => undefined);
  try {
    return await work(system, ended);
  } finally {
    await system.stop();
  }
}
