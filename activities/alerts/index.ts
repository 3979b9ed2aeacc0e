// Alert delivery: one signed HTTP attempt per activity attempt. Temporal keeps the retries, so a failure here
// only says what kind it is: gone for good, slow down, or try again. Secrets and URLs stay in the worker; an
// activity's arguments name the endpoint by its index.
import { ApplicationFailure } from '@temporalio/common';
import { Fatal, Refused } from '../../domain/errors';
import { postOnce, type PostReply } from './postOnce';
import { secretKey, signWebhook, webhookBody, type AlertEvent } from './standardWebhook';
import {
  allowedAddress,
  checkTargetUrl,
  systemResolve,
  type Resolve,
  type TargetRules,
} from '../../infra/net/targetAddress';

export { signWebhook } from './standardWebhook';

/** A receiver. During a rotation it has two secrets and gets two signatures. */
export interface AlertEndpoint {
  readonly url: string;
  readonly secrets: readonly string[];
}

export interface AlertActivityOptions {
  readonly endpoints: readonly AlertEndpoint[];
  /** Allows http and loopback receivers. For development and tests only. */
  readonly loopbackDevelopment?: boolean;
  /** Ports allowed besides 443 and 8443. */
  readonly allowedPorts?: readonly number[];
  /** Deadline of the whole attempt; 15 s by default. */
  readonly timeoutMs?: number;
  readonly certificateAuthority?: string;
  readonly resolve?: Resolve;
  /** Epoch milliseconds, the host's clock: receivers compare it with theirs. */
  readonly now?: () => number;
}

/** One delivery of one event to one endpoint. */
export interface WebhookDelivery extends AlertEvent {
  /** The event's id: the same for every attempt and every endpoint. */
  readonly alertId: string;
  readonly endpointIndex: number;
}

export interface AlertActivities {
  /** @throws ApplicationFailure whose type says what to do; see `failureTypes`. */
  deliverWebhook: (delivery: WebhookDelivery) => Promise<void>;
}

/** Types of the failures; the first three are not retried. */
const failureTypes = {
  gone: 'EndpointGone',
  forbidden: 'EndpointForbidden',
  unsendable: 'AlertUnsendable',
  throttled: 'EndpointThrottled',
  redirected: 'EndpointRedirected',
  refused: 'EndpointRefused',
  unreachable: 'EndpointUnreachable',
} as const;

const defaultTimeoutMs = 15_000;
const maxRetryAfterMs = 3_600_000;
const throttling = new Set([429, 500, 502, 503, 504]);

/**
 * Makes the activities. Every endpoint is checked here, so a wrong URL or secret stops the worker's start.
 * @throws Refused for a forbidden URL, Fatal for a missing or malformed secret.
 */
export function createAlertActivities(options: AlertActivityOptions): AlertActivities {
  const rules: TargetRules = {
    loopbackDevelopment: options.loopbackDevelopment ?? false,
    allowedPorts: options.allowedPorts ?? [],
  };
  const targets = options.endpoints.map(({ url, secrets }) => {
    if (secrets.length === 0) {
      throw new Fatal({ code: 'WEBHOOK_SECRET_MISSING', message: 'A webhook needs a secret.' });
    }
    secrets.forEach(secretKey);
    return { url: checkTargetUrl(url, rules), secrets };
  });
  return {
    deliverWebhook: async (delivery) => {
      const target = targets[delivery.endpointIndex];
      if (target === undefined) {
        const count = targets.length;
        const sentence = `Endpoint ${delivery.endpointIndex} is not configured; there are ${count}.`;
        throw ApplicationFailure.nonRetryable(sentence, failureTypes.gone);
      }
      judge(await attempt(target, delivery, rules, options));
    },
  };
}

interface Target {
  readonly url: URL;
  readonly secrets: readonly string[];
}

async function attempt(
  { url, secrets }: Target,
  delivery: WebhookDelivery,
  rules: TargetRules,
  options: AlertActivityOptions,
): Promise<PostReply> {
  try {
    const { headers, body } = signed(delivery, secrets, (options.now ?? Date.now)());
    const address = await allowedAddress(url, rules, options.resolve ?? systemResolve);
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const { certificateAuthority } = options;
    return await postOnce({ url, address, headers, body, timeoutMs, certificateAuthority });
  } catch (error) {
    throw attemptFailure(error, url);
  }
}

function signed(
  delivery: WebhookDelivery,
  secrets: readonly string[],
  nowMs: number,
): { headers: Record<string, string>; body: string } {
  const body = webhookBody(delivery);
  const timestampSeconds = Math.floor(nowMs / 1_000);
  const signatures = secrets.map((secret) =>
    signWebhook({ id: delivery.alertId, timestampSeconds, body, secret }),
  );
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'ratchet-alerts',
    'webhook-id': delivery.alertId,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
  return { headers, body };
}

/** A network error is worth another attempt; a refusal of our own is not. The message names only the host. */
function attemptFailure(error: unknown, url: URL): ApplicationFailure {
  if (error instanceof Refused) {
    const forbidden = error.code === 'WEBHOOK_TARGET_FORBIDDEN';
    const type = forbidden ? failureTypes.forbidden : failureTypes.unsendable;
    return ApplicationFailure.nonRetryable(error.message, type);
  }
  const { code, name } = error as NodeJS.ErrnoException;
  const sentence = `Endpoint ${url.hostname} gave no answer: ${code ?? name}.`;
  return ApplicationFailure.retryable(sentence, failureTypes.unreachable);
}

function judge({ status, retryAfter }: PostReply): void {
  if (status >= 200 && status < 300) return;
  const sentence = `The endpoint answered ${status}.`;
  if (status === 410) throw ApplicationFailure.nonRetryable(sentence, failureTypes.gone);
  if (status >= 300 && status < 400) {
    throw ApplicationFailure.retryable(`${sentence} It is not followed.`, failureTypes.redirected);
  }
  const delayMs = retryAfterMs(retryAfter);
  if (throttling.has(status) && delayMs !== undefined) {
    throw ApplicationFailure.create({
      message: sentence,
      type: failureTypes.throttled,
      nextRetryDelay: delayMs,
    });
  }
  throw ApplicationFailure.retryable(sentence, failureTypes.refused);
}

/** Whole seconds only, since a date would trust the receiver's clock. At most one hour. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined || !/^[0-9]{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header) * 1_000, maxRetryAfterMs);
}
