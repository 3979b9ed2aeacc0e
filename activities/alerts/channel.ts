// What a channel of alerts is, and what its failures mean to Temporal, which keeps the retries: gone for the
// day, given up, slow down, or try again.
import { ApplicationFailure } from '@temporalio/common';
import { Refused } from '../../domain/errors';
import type { AlertInput } from './alertInput';
import type { HttpReply } from './httpOnce';

/** One receiver of alerts. Each has its own deliveries and its own retries. */
export interface AlertChannel {
  /** The same as long as the receiver is. It stands in records and on screens, so it carries no secret. */
  readonly name: string;
  readonly takes: (type: string) => boolean;
  /**
   * One attempt.
   * @throws ApplicationFailure whose type says what to do; see `failureTypes`.
   */
  readonly send: (alert: AlertInput) => Promise<void>;
}

/** Types of the failures; the first three are not retried. */
export const failureTypes = {
  gone: 'EndpointGone',
  unknown: 'ChannelUnknown',
  unsendable: 'AlertUnsendable',
  forbidden: 'EndpointForbidden',
  throttled: 'EndpointThrottled',
  busy: 'EndpointBusy',
  redirected: 'EndpointRedirected',
  refused: 'EndpointRefused',
  unreachable: 'EndpointUnreachable',
} as const;

const maxRetryAfterMs = 3_600_000;

/**
 * A network error is worth another attempt, and so is an address that is not allowed, because the next answer of the
 * resolver may be another. An alert that cannot be sent is not. The message names only the host.
 */
export function attemptFailure(error: unknown, url: URL): ApplicationFailure {
  if (error instanceof Refused) {
    return error.code === 'WEBHOOK_TARGET_FORBIDDEN'
      ? ApplicationFailure.retryable(error.message, failureTypes.forbidden)
      : ApplicationFailure.nonRetryable(error.message, failureTypes.unsendable);
  }
  const { code, name } = error as NodeJS.ErrnoException;
  const sentence = `Endpoint ${url.hostname} gave no answer: ${code ?? name}.`;
  return ApplicationFailure.retryable(sentence, failureTypes.unreachable);
}

/** A failure that asks for a pause, at most one hour. */
export const slowDown = (message: string, delayMs: number): ApplicationFailure =>
  ApplicationFailure.create({
    message,
    type: failureTypes.throttled,
    nextRetryDelay: Math.min(delayMs, maxRetryAfterMs),
  });

export const isSuccess = ({ status }: HttpReply): boolean => status >= 200 && status < 300;
