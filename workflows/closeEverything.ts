import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { leaveSignal } from './messages';

/** Tells every position to leave; one that has just ended is not an error. */
export async function closeEverything(
  workflowIds: readonly string[],
  reason: 'operator' | 'killSwitch',
): Promise<void> {
  await Promise.all(
    workflowIds.map((id) =>
      getExternalWorkflowHandle(id)
        .signal(leaveSignal, { reason })
        .catch(() => undefined),
    ),
  );
}
