// Position workflows seen from outside: how often the task one waits for was tried, and how one is ended
// whose task no worker can carry out.
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { PositionWorkflows } from '../activities/broker';
import { positionWorkflowId } from '../workflows/messages';

/** A workflow that does not exist has no attempts and need not be ended. */
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
