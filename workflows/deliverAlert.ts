// One alert, delivered at least once to every endpoint. Its workflow id is the event's, so raising the same
// event twice starts one workflow. Nothing on the trading path waits for it.
import { proxyActivities } from '@temporalio/workflow';
import type { AlertInput, AlertRecordActivities } from '../activities/ledger';
import type { AlertActivities } from '../activities/alerts';
import { officeQueue } from './messages';
import { bookkeeping, webhook } from './policies';

const records = proxyActivities<AlertRecordActivities>({ ...bookkeeping, taskQueue: officeQueue });
const { deliverWebhook } = proxyActivities<AlertActivities>({ ...webhook, taskQueue: officeQueue });

export async function deliverAlert(alert: AlertInput): Promise<void> {
  const endpoints = await records.recordAlert(alert);
  await Promise.all(
    Array.from({ length: endpoints }, (_, endpointIndex) =>
      deliverWebhook({
        alertId: alert.id,
        endpointIndex,
        type: alert.type,
        timestamp: alert.timestamp,
        data: alert.body,
      }),
    ),
  );
  await records.recordDelivery(alert.id);
}
