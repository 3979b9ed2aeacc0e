// Position workflows from outside: how often the task one waits for has been tried, and its end where no
// worker can do that task.
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { PositionWorkflows } from '../activities/broker';
import { positionWorkflowId } from '../workflows/messages';

/** What there is none of has no attempts and need not be ended. */
function absent(error: unknown): number {
  if (error instanceof WorkflowNotFoundError) return 0;
  throw error;
}

export function positionWorkflows(client: Client): PositionWorkflows {
  const handle = (account: string, intentId: string): ReturnType<Client['workflow']['getHandle']> =>
    client.workflow.getHandle(positionWorkflowId(account, intentId));
  return {
    taskAttempts: (account, intentId) =>
      handle(account, intentId)
        .describe()
        .then(({ raw }) => raw.pendingWorkflowTask?.attempt ?? 0, absent),
    end: async (account, intentId, why) => {
      await handle(account, intentId).terminate(why).catch(absent);
    },
  };
}
