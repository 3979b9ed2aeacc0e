// The one place where workflow code asks the time. Temporal makes it deterministic, but for one case: the
// result of a local activity may be told a task late, and replay, which tells it in its own task, shows an
// earlier time. So such a result brings its own time, which is in history with it.
import { condition } from '@temporalio/workflow';
import { epochMs, type EpochMs } from '../domain/units';

/** The last time a result brought, and Temporal's when it was told. */
let brought: { readonly at: EpochMs; readonly told: number } | undefined;

/** The time is what a local activity's result says, until Temporal's moves on. */
export function timeBrought(at: EpochMs): void {
  brought = { at, told: Date.now() };
}

/** Host clock, as of the current workflow task. */
export function now(): EpochMs {
  const time = Date.now();
  if (brought === undefined) return epochMs(time);
  return brought.told === time ? brought.at : epochMs(Math.max(time, brought.at));
}

/** Sleeps until a host instant; one already past is no sleep. */
export const sleepUntil = (at: number): Promise<boolean> =>
  condition(() => false, Math.max(1, at - now()));
