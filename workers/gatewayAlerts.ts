// Alerts of the tick gateway, which is no workflow: it starts the delivery itself.
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { AlertInput } from '../activities/ledger';
import type { AlertBody, OtherAlertType } from '../domain/alerts/catalogue';
import type { deliverAlert } from '../workflows/deliverAlert';
import { officeQueue } from '../workflows/messages';

/** @param key names the occasion: the same alert raised again with it is the same alert. */
export type RaiseAlert = <Type extends OtherAlertType>(
  type: Type,
  key: string,
  body: AlertBody<Type>,
) => Promise<void>;

export const gatewayAlerts =
  (client: Client, account: string): RaiseAlert =>
  async (type, key, body) => {
    const id = `gateway-${account}_${type}_${key}`.replaceAll(/[^A-Za-z0-9_-]/g, '_');
    const alert: AlertInput = { id, account, type, timestamp: new Date().toISOString(), body };
    try {
      await client.workflow.start<typeof deliverAlert>('deliverAlert', {
        workflowId: `alert-${id}`,
        taskQueue: officeQueue,
        args: [alert],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      });
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      const why = error instanceof Error ? error.message : String(error);
      console.error(`the alert ${type} could not be raised: ${why}`);
    }
  };
