// Goal: only a workflow that somebody ended, replaced or that cannot go on is trouble. Method: each status.
import { epochMs } from '../../../domain/units';
import { workflowTrouble, type WorkflowLook } from '../../../domain/session/workflowWatch';

const look = (over: Partial<WorkflowLook>): WorkflowLook => ({
  runId: 'r',
  begunAt: epochMs(0),
  status: 'RUNNING',
  taskAttempts: 0,
  wasForeign: false,
  ...over,
});

test.each<[string, Partial<WorkflowLook>, string | null]>([
  ['one at work', {}, null],
  ['one whose task failed once', { taskAttempts: 4 }, null],
  ['one that is done', { status: 'COMPLETED' }, null],
  ['one that failed by itself', { status: 'FAILED' }, null],
  ['one that goes on as new', { status: 'CONTINUED_AS_NEW' }, null],
  ['one that fails again and again', { taskAttempts: 5 }, 'failing'],
  ['one that was terminated', { status: 'TERMINATED' }, 'ended'],
  ['one that was cancelled', { status: 'CANCELLED' }, 'ended'],
  ['one that timed out', { status: 'TIMED_OUT' }, 'ended'],
  ['one in whose place a foreign one was refused', { status: 'FAILED', wasForeign: true }, 'ended'],
])('%s', (_, over, kind) => {
  expect(workflowTrouble(look(over))?.kind ?? null).toBe(kind);
});
