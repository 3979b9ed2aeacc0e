// Alert delivery: one attempt per activity attempt, over the channel that is named.
import { ApplicationFailure } from '@temporalio/common';
import { failureTypes, type AlertChannel } from './channel';
import type { AlertInput } from './alertInput';
import { noteFailure } from './records';
import type { Pool } from 'pg';

export type { AlertInput } from './alertInput';
export { alertChannels } from './channels';
export type { AlertChannel } from './channel';
export {
  createAlertRecordActivities,
  type AlertRecordActivities,
  type DeliveryEnd,
} from './records';

export interface AlertActivities {
  /** @throws ApplicationFailure whose type says what to do; see `failureTypes`. */
  sendAlert: (alert: AlertInput, channel: string) => Promise<void>;
}

/** A receiver that hangs holds no more of the worker's activities than this; the others wait their turn. */
const attemptsAtOnce = 4;

/** @param pool where failed attempts are noted. */
export function createAlertActivities(
  pool: Pool,
  channels: readonly AlertChannel[],
): AlertActivities {
  const underWay = new Map<string, number>();
  const send = async (alert: AlertInput, channel: AlertChannel): Promise<void> => {
    const { name } = channel;
    const attempts = underWay.get(name) ?? 0;
    if (attempts >= attemptsAtOnce)
      throw ApplicationFailure.retryable(`${name} has not answered yet.`, failureTypes.busy);
    underWay.set(name, attempts + 1);
    try {
      await channel.send(alert);
    } catch (error) {
      await noteFailure(pool, alert.id, name, error).catch(() => undefined);
      throw error;
    } finally {
      underWay.set(name, (underWay.get(name) ?? 1) - 1);
    }
  };
  return {
    sendAlert: async (alert, name) => {
      const channel = channels.find((one) => one.name === name);
      if (channel !== undefined) return send(alert, channel);
      const sentence = `${name} is not configured; there are ${channels.length} channels.`;
      throw ApplicationFailure.nonRetryable(sentence, failureTypes.unknown);
    },
  };
}
