// The Standard Webhooks form of an alert: what is signed, and how. The signature covers the exact bytes sent,
// so the body is made once, here. Source: Standard Webhooks specification 1.0.0.
import type { Secret } from '../../domain/secret';
import { createHmac } from 'node:crypto';
import { Fatal, Refused } from '../../domain/errors';

const secretPrefix = 'whsec_';
const secretBytesMin = 24;
const secretBytesMax = 64;
/** The specification's advice; a receiver may refuse more. */
const maxBodyBytes = 20_000;
/** An id has no dot. Otherwise `id.timestamp.body` could be split in two ways. */
const idPattern = /^[A-Za-z0-9_-]{1,128}$/;
const typePattern = /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/;

/** One attempt's signed content. */
export interface SignedContent {
  /** The event's id, the same for every attempt. */
  readonly id: string;
  /** When this attempt is made, whole seconds since 1970. */
  readonly timestampSeconds: number;
  /** The body exactly as sent. */
  readonly body: string;
  /** `whsec_` + base64 of 24 to 64 random bytes. */
  readonly secret: Secret;
}

/**
 * The entry `v1,<base64>` of the `webhook-signature` header.
 * @throws Refused for an id with other characters than letters, digits, `_` and `-`; Fatal for a bad secret.
 */
export function signWebhook({ id, timestampSeconds, body, secret }: SignedContent): string {
  if (!idPattern.test(id)) {
    throw new Refused({
      code: 'ALERT_ID_INVALID',
      message: `Alert id "${id.slice(0, 140)}" must be 1 to 128 letters, digits, "_" or "-".`,
    });
  }
  const hmac = createHmac('sha256', secretKey(secret));
  return `v1,${hmac.update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
}

/** The key bytes of a secret. @throws Fatal when it has not the form `whsec_` + base64 of 24–64 bytes. */
export function secretKey(held: Secret): Buffer {
  const secret = held.reveal();
  const text = secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : '';
  const key = Buffer.from(text, 'base64');
  const canonical = key.toString('base64') === text;
  if (!canonical || key.length < secretBytesMin || key.length > secretBytesMax) {
    throw new Fatal({
      code: 'WEBHOOK_SECRET_INVALID',
      message: `A webhook secret must be "${secretPrefix}" and base64 of ${secretBytesMin} to ${secretBytesMax} bytes.`,
    });
  }
  return key;
}

/** The content of an alert. */
export interface AlertEvent {
  /** Dot-separated words, e.g. `trade.opened`. */
  readonly type: string;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  /** paper, shadow or live. */
  readonly mode?: string | undefined;
  readonly data: unknown;
}

/** The body's text. @throws Refused for a wrong type or timestamp, or above 20 kB. */
export function webhookBody({ type, timestamp, mode, data }: AlertEvent): string {
  if (!typePattern.test(type)) {
    throw new Refused({
      code: 'ALERT_TYPE_INVALID',
      message: `Alert type "${type.slice(0, 80)}" must be words of letters, digits and "_" with dots between.`,
    });
  }
  if (Number.isNaN(Date.parse(timestamp))) {
    throw new Refused({
      code: 'ALERT_TIMESTAMP_INVALID',
      message: `Alert timestamp "${timestamp.slice(0, 80)}" must be an ISO 8601 instant.`,
    });
  }
  const body = JSON.stringify({ type, timestamp, mode, data });
  const bytes = Buffer.byteLength(body);
  if (bytes > maxBodyBytes) {
    throw new Refused({
      code: 'ALERT_TOO_LARGE',
      message: `Alert ${type} has ${bytes} bytes, at most ${maxBodyBytes} are sent.`,
    });
  }
  return body;
}
