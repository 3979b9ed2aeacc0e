// The line to Kite, without a session: the clock at its other end, and the address it leaves this machine from.
import { connect } from 'node:net';
import { epochMs, type EpochMs } from '../../domain/units';
import { BrokerFailure } from '../failure';

/** Where Kite's protocol is spoken when no other address is named. */
export const kiteRoot = 'https://api.kite.trade';

const answerMaxMs = 5_000;

const unreachable = (what: string, error: unknown): BrokerFailure => {
  const { cause, message } = error as Error;
  const why = cause instanceof Error ? cause.message : message;
  return new BrokerFailure('unreachable', `${what} could not be read from the broker: ${why}`, {
    cause: error,
  });
};

/** Any answer carries the `Date` header, one that refuses the request too. */
export async function serverTime(root: string): Promise<EpochMs> {
  const what = 'the clock';
  const answer = await fetch(root, {
    redirect: 'manual',
    signal: AbortSignal.timeout(answerMaxMs),
  }).catch((error: unknown) => {
    throw unreachable(what, error);
  });
  await answer.body?.cancel();
  const date = answer.headers.get('date') ?? '';
  const at = Date.parse(date);
  if (!Number.isNaN(at)) return epochMs(at);
  throw new BrokerFailure('unreadable', `${what}: the Date header was "${date}"`);
}

/** The address of this machine's end of a connection to the root. */
export function localAddress(root: string): Promise<string> {
  const { hostname, port, protocol } = new URL(root);
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
    timeout: answerMaxMs,
  });
  return new Promise<string>((resolve, reject) => {
    socket.once('connect', () => resolve(socket.localAddress ?? ''));
    socket.once('timeout', () => reject(new Error('no answer in time')));
    socket.once('error', reject);
  })
    .catch((error: unknown) => {
      throw unreachable('our own address', error);
    })
    .finally(() => socket.destroy());
}
