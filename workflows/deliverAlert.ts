// One alert, delivered at least once over every channel. Its workflow id is the event's, so raising the same
// event twice starts one workflow. Nothing on the trading path waits for it, and no channel for another.
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  ParentClosePolicy,
  proxyActivities,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { wordsOf } from '../domain/errors';
import type { AlertActivities, AlertInput, AlertRecordActivities } from '../activities/alerts';
import type { AlertBody } from '../domain/alerts/catalogue';
import { istDate } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { officeQueue } from './messages';
import { alertAttempts, bookkeeping } from './policies';

const records = proxyActivities<AlertRecordActivities>({ ...bookkeeping, taskQueue: officeQueue });
const attempts = proxyActivities<AlertActivities>({ ...alertAttempts, taskQueue: officeQueue });

export async function deliverAlert(alert: AlertInput): Promise<void> {
  const channels = await records.recordAlert(alert);
  await Promise.all(channels.map((channel) => deliver(alert, channel)));
}

async function deliver(alert: AlertInput, channel: string): Promise<void> {
  const failure = await attempts.sendAlert(alert, channel).then(() => undefined, failureOf);
  if (failure === undefined)
    return records.recordDelivery(alert.id, { channel, state: 'delivered' });
  const { said, gone } = failure;
  await records.recordDelivery(alert.id, { channel, state: gone ? 'gone' : 'failed', said });
  if (gone) await tellGone(alert.account, { channel, why: said });
}

/** Why the attempts have ended. A cancelled delivery has no end to record. */
function failureOf(error: unknown): { readonly said: string; readonly gone: boolean } {
  if (isCancellation(error)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const said = wordsOf(cause);
  return { said, gone: cause instanceof ApplicationFailure && cause.type === 'EndpointGone' };
}

/** The other channels are told, once a day for each that is gone. */
async function tellGone(account: string, body: AlertBody<'alerts.channel_gone'>): Promise<void> {
  const now = Date.now();
  const type = 'alerts.channel_gone';
  const key = `${account}.${type}.${body.channel}.${istDate(epochMs(now))}`;
  const id = key.replaceAll(/[^A-Za-z0-9_-]/g, '_');
  const alert: AlertInput = { id, account, type, timestamp: new Date(now).toISOString(), body };
  await startChild(deliverAlert, {
    workflowId: `alert-${id}`,
    taskQueue: officeQueue,
    args: [alert],
    parentClosePolicy: ParentClosePolicy.ABANDON,
    workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
  }).catch(() => undefined);
}
