// The one place where workflow code asks the time. Temporal makes that time deterministic, with one
// exception. A local activity's result may reach the workflow one task late, while replay delivers it in its
// own task, at an earlier time. Such a result therefore carries its own time, which history keeps with it.
import { condition } from '@temporalio/workflow';
import { epochMs, type EpochMs } from '../domain/units';

/** The time the last result carried, and Temporal's time when it arrived. */
let brought: { readonly at: EpochMs; readonly told: number } | undefined;

/** From now on the time is the one a local activity's result carried, until Temporal's moves on. */
export function timeBrought(at: EpochMs): void {
  brought = { at, told: Date.now() };
}

/** Host clock, as of the current workflow task. */
export function now(): EpochMs {
  const time = Date.now();
  if (brought === undefined) return epochMs(time);
  return brought.told === time ? brought.at : epochMs(Math.max(time, brought.at));
}

/** Sleeps until a host instant; does not sleep when it has passed. */
export const sleepUntil = (at: number): Promise<boolean> =>
  condition(() => false, Math.max(1, at - now()));
