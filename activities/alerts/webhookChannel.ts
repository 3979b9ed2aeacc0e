// A signed webhook: the alert as JSON in the Standard Webhooks form. Secrets and URLs stay in the worker.
import type { Secret } from '../../domain/secret';
import { createHash } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { Fatal } from '../../domain/errors';
import {
  allowedAddress,
  checkTargetUrl,
  systemResolve,
  type Resolve,
  type TargetRules,
} from '../../infra/net/targetAddress';
import { attemptFailure, failureTypes, isSuccess, slowDown, type AlertChannel } from './channel';
import { postOnce, type HttpReply } from './httpOnce';
import type { AlertInput } from './alertInput';
import { secretKey, signWebhook, webhookBody } from './standardWebhook';

/** A receiver. During a rotation it has two secrets and gets two signatures. */
export interface WebhookEndpoint {
  readonly url: string;
  readonly secrets: readonly Secret[];
  /** It is in the local network. */
  readonly lan?: boolean;
}

export interface WebhookOptions {
  /** paper, shadow or live: stands in the body. */
  readonly mode?: string;
  /** Allows http and loopback receivers. For development and tests only. */
  readonly loopbackDevelopment?: boolean;
  /** Deadline of the whole attempt; 15 s by default. */
  readonly timeoutMs?: number;
  readonly certificateAuthority?: string;
  readonly resolve?: Resolve;
  /** Epoch milliseconds, the host's clock: receivers compare it with theirs. */
  readonly now?: () => number;
}

const defaultTimeoutMs = 15_000;
const throttling = new Set([429, 500, 502, 503, 504]);

/**
 * The endpoint is checked here, so a wrong URL or secret stops the worker's start.
 * @throws Refused for a forbidden URL, Fatal for a missing or malformed secret.
 */
export function webhookChannel(
  { url: text, secrets, lan = false }: WebhookEndpoint,
  options: WebhookOptions = {},
): AlertChannel {
  const { loopbackDevelopment = false } = options;
  const rules: TargetRules = { loopbackDevelopment, allowedPorts: [], lan };
  if (secrets.length === 0)
    throw new Fatal({ code: 'WEBHOOK_SECRET_MISSING', message: 'A webhook needs a secret.' });
  secrets.forEach(secretKey);
  const url = checkTargetUrl(text, rules);
  return {
    name: `${url.hostname}#${createHash('sha256').update(url.href).digest('hex').slice(0, 6)}`,
    takes: () => true,
    send: async (alert) => judge(await attempt({ url, secrets, rules }, alert, options)),
  };
}

interface Target {
  readonly url: URL;
  readonly secrets: readonly Secret[];
  readonly rules: TargetRules;
}

async function attempt(
  { url, secrets, rules }: Target,
  alert: AlertInput,
  options: WebhookOptions,
): Promise<HttpReply> {
  try {
    const { headers, body } = signed(alert, secrets, options);
    const address = await allowedAddress(url, rules, options.resolve ?? systemResolve);
    const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
    const { certificateAuthority } = options;
    return await postOnce({ url, address, headers, body, timeoutMs, certificateAuthority });
  } catch (error) {
    throw attemptFailure(error, url);
  }
}

function signed(
  { id, type, timestamp, body: data }: AlertInput,
  secrets: readonly Secret[],
  { mode, now = Date.now }: WebhookOptions,
): { headers: Record<string, string>; body: string } {
  const body = webhookBody({ type, timestamp, mode, data });
  const timestampSeconds = Math.floor(now() / 1_000);
  const signatures = secrets.map((secret) => signWebhook({ id, timestampSeconds, body, secret }));
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'ratchet-alerts',
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signatures.join(' '),
  };
  return { headers, body };
}

function judge(reply: HttpReply): void {
  if (isSuccess(reply)) return;
  const { status, retryAfter } = reply;
  const sentence = `The endpoint answered ${status}.`;
  if (status === 410) throw ApplicationFailure.nonRetryable(sentence, failureTypes.gone);
  if (status >= 300 && status < 400) {
    throw ApplicationFailure.retryable(`${sentence} It is not followed.`, failureTypes.redirected);
  }
  const delayMs = retryAfterMs(retryAfter);
  if (throttling.has(status) && delayMs !== undefined) throw slowDown(sentence, delayMs);
  throw ApplicationFailure.retryable(sentence, failureTypes.refused);
}

/** Whole seconds only, since a date would trust the receiver's clock. */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined || !/^[0-9]{1,9}$/.test(header)) return undefined;
  return Number(header) * 1_000;
}
