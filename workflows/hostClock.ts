// The one place where workflow code asks the time. Temporal makes it deterministic: replay sees the same.
import { condition } from '@temporalio/workflow';
import { epochMs, type EpochMs } from '../domain/units';

/** Host clock, as of the current workflow task. */
export const now = (): EpochMs => epochMs(Date.now());

/** Sleeps until a host instant; one already past is no sleep. */
export const sleepUntil = (at: number): Promise<boolean> =>
  condition(() => false, Math.max(1, at - now()));
