// Raises an alert from outside a workflow.
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import { wordsOf } from '../domain/errors';
import type { AlertInput } from '../activities/alerts';
import type { AlertBody, OtherAlertType } from '../domain/alerts/catalogue';
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

/** @param key names the occasion: the same alert raised again with it is the same alert. */
export type RaiseOwnAlert = <Type extends OtherAlertType>(
  type: Type,
  key: string,
  body: AlertBody<Type>,
) => Promise<void>;

/** Alerts of a process itself. One that cannot be raised is told in its log. @param process its name. */
export const processAlerts =
  (client: Client, account: string, process: string): RaiseOwnAlert =>
  async (type, key, body) => {
    const id = `${process}-${account}_${type}_${key}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
    const alert = { id, account, type, timestamp: new Date().toISOString(), body };
    await raiseAlert(client, alert).catch((error: unknown) => {
      const why = wordsOf(error);
      console.error(`the alert ${type} could not be raised: ${why}`);
    });
  };
