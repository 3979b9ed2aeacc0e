// What stands on the exchange's port while there is no session: it tells the market's time, and whoever asks for
// anything else is asked to come back.
import { createServer, type IncomingMessage } from 'node:http';
import type { SessionDate } from '../domain/session/calendar';
import type { MarketClock } from '../domain/session/sessionPlan';
import { arrivalOf, doorOf, refusalAt } from '../domain/web/door';
import { KiteError } from './engine/kiteError';
import { listen, stopListening } from './listening';
import { failure, success, type KiteReply } from './rest/request';

export interface WaitingRoomOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly clock: () => MarketClock;
  /** The session that is waited for. */
  readonly date: SessionDate;
}

export interface WaitingRoom {
  readonly port: number;
  close(): Promise<void>;
}

/** @throws Refused EXCHANGE_PORT */
export async function openWaitingRoom(options: WaitingRoomOptions): Promise<WaitingRoom> {
  const server = createServer((request, response) => {
    const { status, contentType, body } = replyTo(request);
    response.writeHead(status, { 'content-type': contentType });
    response.end(body);
  });
  const door = doorOf(options.host);
  const replyTo = (request: IncomingMessage): KiteReply => {
    const refusal = refusalAt(door, arrivalOf(request));
    if (refusal !== undefined) {
      return failure(new KiteError(refusal.status, 'PermissionException', refusal.sentence));
    }
    const isClock = request.method === 'GET' && request.url === '/paper/clock';
    return isClock ? success(clockRow(options)) : failure(notOpen(options));
  };
  server.on('upgrade', (_request, socket) => {
    socket.end(
      'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
  });
  const port = await listen(server, options);
  return { port, close: () => stopListening(server) };
}

const clockRow = ({ clock, date }: WaitingRoomOptions): object => ({
  ...clock(),
  held: false,
  date,
  phase: 'closed',
});

const notOpen = ({ date }: WaitingRoomOptions): KiteError =>
  new KiteError(
    503,
    'NetworkException',
    `The exchange is not open: it waits for the session of ${date}, and for a login at the broker.`,
  );
