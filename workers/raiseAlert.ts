// Raises an alert from outside a workflow.
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { AlertInput } from '../activities/alerts';
import type { deliverAlert } from '../workflows';
import { officeQueue } from '../workflows/messages';

/** Starts the alert's delivery. One that has been raised is raised no more. */
export async function raiseAlert(client: Client, alert: AlertInput): Promise<void> {
  try {
    await startDelivery(client, alert, `alert-${alert.id}`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** @throws WorkflowExecutionAlreadyStartedError when there has been one of this id. */
export async function startDelivery(
  client: Client,
  alert: AlertInput,
  workflowId: string,
): Promise<void> {
  await client.workflow.start<typeof deliverAlert>('deliverAlert', {
    workflowId,
    taskQueue: officeQueue,
    args: [alert],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
  });
}
