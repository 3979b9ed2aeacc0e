// Tells of messages that are not ours. The workflow refuses them by itself; a person must know that somebody
// reaches Temporal.
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { whyAnyRefused } from '../domain/messages/refusedPayload';
import type { Refusal } from '../infra/temporal/payloadCodec';
import type { RaiseOwnAlert } from './raiseAlert';

const hourMs = 3_600_000;

/** Told once an hour for each workflow: whoever floods one floods no person. */
export function foreignMessages(
  raise: RaiseOwnAlert,
  now: () => number = Date.now,
): (refusal: Refusal) => void {
  const told = new Set<string>();
  return ({ workflowId, why }) => {
    const workflow = workflowId === '' ? 'a workflow' : workflowId;
    const key = `${workflow}-${Math.floor(now() / hourMs)}`;
    console.warn(`a payload of ${workflow} was refused: ${why}`);
    if (told.has(key)) return;
    told.add(key);
    void raise('message.foreign', key, { workflow, why });
  };
}

/** An activity takes no argument that is not ours. */
export const refusingForeign = (): ActivityInterceptors => ({
  inbound: {
    execute: (input, next) => {
      const why = whyAnyRefused(input.args);
      if (why === undefined) return next(input);
      throw ApplicationFailure.nonRetryable(`an argument was refused: ${why}`, 'MESSAGE_REFUSED');
    },
  },
});
