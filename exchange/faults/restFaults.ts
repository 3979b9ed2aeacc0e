// What a REST fault does with a request: whether it is carried out, and what the client is answered. A reply
// of `null` means that the client hears nothing until it gives up.
import { setTimeout as sleep } from 'node:timers/promises';
import { KiteError, orderError, tooManyRequests } from '../engine/kiteError';
import { addressRefused } from '../rest/allowedAddresses';
import { failure, type KiteReply } from '../rest/request';
import type { FaultSpec } from './faultBox';

const html = '<html><head><title>Kite</title></head><body>We will be right back.</body></html>';

/** Longest delay a `slow` fault may ask for, host ms. */
export const slowMsMax = 120_000;

/** The reply under the fault; null for silence. `carryOut` carries the request out. */
export async function replyUnderFault(
  fault: FaultSpec,
  carryOut: () => Promise<KiteReply>,
): Promise<KiteReply | null> {
  switch (fault.kind) {
    case 'execute-and-timeout':
      await carryOut();
      return null;
    case 'lost-request':
      return null;
    case 'execute-and-say-timed-out':
      await carryOut();
      return failure(orderError(timedOut));
    case 'slow':
      await sleep(fault.ms ?? 3_000);
      return carryOut();
    case 'truncated-json':
      return truncated(await carryOut());
    default:
      return refusalUnderFault(fault);
  }
}

const timedOut =
  'Order request timed out. Please check the order book and confirm before placing again.';

/** The faults that never carry the request out. */
function refusalUnderFault({ kind, status = 503 }: FaultSpec): KiteReply {
  switch (kind) {
    case 'html-200':
      return { status: 200, contentType: 'text/html', body: html };
    case 'too-many-requests':
      return failure(tooManyRequests());
    case 'ip-refused':
      return failure(addressRefused('127.0.0.1'));
    default:
      return failure(
        new KiteError(status, 'NetworkException', upstreamMessages[status] ?? 'Error'),
      );
  }
}

const upstreamMessages: Readonly<Record<number, string>> = {
  500: 'Something went wrong.',
  502: 'OMS is not responding.',
  503: 'Service is unavailable.',
  504: 'Gateway timed out.',
};

const truncated = (reply: KiteReply): KiteReply => ({
  ...reply,
  body: reply.body.slice(0, Math.floor(reply.body.length / 2)),
});
