// Does a workflow still do its work? Whoever reaches Temporal's port can end one, and a workflow that fails the
// same task again and again cannot say so itself.
import type { EpochMs } from '../units';

/** What Temporal says of a workflow. */
export interface WorkflowLook {
  readonly runId: string;
  /** Host clock. */
  readonly begunAt: EpochMs;
  readonly status: string;
  /** How often the task it waits for has been tried; 0 when it waits for none. */
  readonly taskAttempts: number;
  /** It ended because its start was not ours: somebody ended ours and began another. */
  readonly wasForeign: boolean;
}

export type WorkflowTrouble =
  | { readonly kind: 'ended'; readonly why: string }
  | { readonly kind: 'failing'; readonly why: string };

/** A task that failed this often fails again. A busy machine fails one or two. */
const attemptsMax = 5;

const endedFromOutside: readonly string[] = ['TERMINATED', 'CANCELLED', 'TIMED_OUT'];

/** @returns null for a workflow that works, or has ended by itself. */
export function workflowTrouble({
  status,
  taskAttempts,
  wasForeign,
}: WorkflowLook): WorkflowTrouble | null {
  if (endedFromOutside.includes(status))
    return { kind: 'ended', why: `somebody has ended it (${status.toLowerCase()})` };
  if (status === 'FAILED' && wasForeign)
    return { kind: 'ended', why: 'somebody has put another in its place' };
  return status === 'RUNNING' && taskAttempts >= attemptsMax
    ? { kind: 'failing', why: `its task has failed ${taskAttempts} times` }
    : null;
}
