// What a failed call to Kite means. The client rejects with a plain object that has no HTTP status, so type
// and words are all there is. Sources: docs/kite.md.
import { z } from 'zod';
import type { SendOutcome } from '../../domain/orders/order';
import { BrokerFailure, type FailureKind } from '../failure';

const kiteFailure = z.object({ message: z.string(), error_type: z.string() });

/** Error types by which Kite says no before anything exists. */
const definitive = new Set([
  'InputException',
  'OrderException',
  'MarginException',
  'HoldingException',
  'PermissionException',
  'UserException',
]);
/** A 400 with these words has been seen on an order that was placed all the same. */
const ambiguousWords = /timed out|check the order ?book|being processed/i;
/** Refusals of the static-address rule. Their type is not confirmed, their words are (docs/kite.md). */
const addressWords = /\bIP \(.*\) is not allowed|\bNo IPs configured\b/i;

interface Failure {
  readonly type: string;
  readonly message: string;
}

function failureOf(error: unknown): Failure {
  const known = kiteFailure.safeParse(error);
  if (known.success) return { type: known.data.error_type, message: known.data.message };
  return {
    type: 'Unknown',
    message: error instanceof Error ? error.message : 'the broker answered nothing readable',
  };
}

const isTooMany = ({ message }: Failure): boolean => /too many requests/i.test(message);

const isSessionOver = ({ type }: Failure): boolean => type === 'TokenException';

/** Was the request turned away before it was looked at, so that it certainly did nothing? */
const neverLookedAt = (failure: Failure): boolean =>
  isTooMany(failure) || isSessionOver(failure) || /ECONNREFUSED/i.test(failure.message);

/** What a failed write means. Only a definitive no is `rejected`; all that may have happened is in doubt. */
export function sendFailure(error: unknown): SendOutcome {
  const failure = failureOf(error);
  const { type, message } = failure;
  if (addressWords.test(message))
    return { kind: 'rejected', code: type, message, because: 'address' };
  if (neverLookedAt(failure)) return { kind: 'turnedAway', message: `${type}: ${message}` };
  if (definitive.has(type) && !ambiguousWords.test(message))
    return { kind: 'rejected', code: type, message };
  return { kind: 'inDoubt', message: `${type}: ${message}` };
}

function kindOf(failure: Failure): FailureKind {
  if (isTooMany(failure)) return 'busy';
  if (isSessionOver(failure)) return 'session';
  if (failure.type === 'DataException' || failure.type === 'Unknown') return 'unreadable';
  return definitive.has(failure.type) ? 'refused' : 'unreachable';
}

/** What a failed reading means. @param what was asked, in words: "the orders". */
export function readFailure(what: string, error: unknown): BrokerFailure {
  if (error instanceof BrokerFailure) return error;
  const failure = failureOf(error);
  const message = `${what} could not be read from the broker: ${failure.type}: ${failure.message}`;
  return new BrokerFailure(kindOf(failure), message, { cause: error });
}
