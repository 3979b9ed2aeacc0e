// Notices that this process stood still: the machine slept, or the process was stopped. What it did not do
// meanwhile nobody could tell; it is told as soon as it runs again.
import type { RaiseOwnAlert } from './raiseAlert';

const lookEveryMs = 1_000;
/** A busy machine may hold a process up for seconds; this long it does not. */
export const stalledMs = 10_000;

/** @param process its name. @returns ends the watch. */
export function watchStalls(
  process: string,
  raise: RaiseOwnAlert,
  now: () => number = Date.now,
): () => void {
  let last = now();
  const looking = setInterval(() => {
    const stood = now() - last;
    last = now();
    if (stood < stalledMs) return;
    const seconds = Math.round(stood / 1_000);
    void raise('process.stalled', String(last), { process, seconds });
  }, lookEveryMs);
  return () => clearInterval(looking);
}
