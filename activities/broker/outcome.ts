// What a failed call to Kite means. The client rejects with a plain object that has no HTTP status, so
// type and words are all there is. Only a definitive no is `rejected`; everything else may have
// happened. Source: docs/kite.md, Errors.
import { z } from 'zod';
import type { SendOutcome } from '../../domain/orders/order';

const kiteFailure = z.object({ message: z.string(), error_type: z.string() });

/** Error types by which the broker says no before anything exists. */
const definitive = new Set([
  'InputException',
  'OrderException',
  'MarginException',
  'HoldingException',
  'PermissionException',
  'UserException',
  'TokenException',
]);
/** A 400 with these words has been seen on an order that was placed all the same. */
const ambiguousWords = /timed out|check the order ?book|being processed/i;

export interface BrokerFailure {
  readonly type: string;
  readonly message: string;
}

/** The failure's type and message, whatever was thrown. */
export function failureOf(error: unknown): BrokerFailure {
  const known = kiteFailure.safeParse(error);
  if (known.success) return { type: known.data.error_type, message: known.data.message };
  return {
    type: 'Unknown',
    message: error instanceof Error ? error.message : 'the broker answered nothing readable',
  };
}

/** Was the request turned away before it was looked at, so that it certainly did nothing? */
const neverLookedAt = ({ message }: BrokerFailure): boolean =>
  /too many requests|ECONNREFUSED/i.test(message);

/** What a failed write means. */
export function sendFailure(error: unknown): SendOutcome {
  const failure = failureOf(error);
  const sure = definitive.has(failure.type) && !ambiguousWords.test(failure.message);
  if (sure || neverLookedAt(failure))
    return { kind: 'rejected', code: failure.type, message: failure.message };
  return { kind: 'inDoubt', message: `${failure.type}: ${failure.message}` };
}
