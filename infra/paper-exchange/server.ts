// The host side: one HTTP server for REST, admin and the ticker's upgrades, and the pump that advances
// the exchange as the clock runs. Between two events it sleeps; under load it works in slices.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refused } from '../../domain/errors';
import { addDays } from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { answerAdmin, type AdminScene } from './admin/adminRoutes';
import { restFaults as restFaultKinds } from './faults/faultBox';
import { operationOf } from './faults/operations';
import { replyUnderFault } from './faults/restFaults';
import { readRequest, type KiteReply, type KiteRequest } from './rest/request';
import { answer, errorReply } from './rest/router';
import type { Scene } from './rest/scene';
import { TickerServer } from './ticker/tickerServer';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly paperToken: string | undefined;
}

export interface RunningServer {
  readonly port: number;
  readonly startClock: () => void;
  readonly close: () => Promise<void>;
}

/** How long the pump sleeps between slices, host ms. */
const pumpMs = 10;

/** Most host time one slice plays: an overloaded exchange lags, but it still sends and answers. */
const sliceMs = 250;

/** Listens and pumps. @throws Refused EXCHANGE_PORT when the port is taken. */
export async function serve(scene: Scene, options: ServeOptions): Promise<RunningServer> {
  const ticker = new TickerServer(scene.exchange, scene.session, scene.faults);
  scene.exchange.tickListener = (tape) => ticker.collect(tape);
  scene.exchange.desk.listener = (order, event) => ticker.pushOrder(order, event);
  const tokenEnd = istInstant(addDays(scene.exchange.date, 1), '06:00');
  const advance = (): void => {
    const behind = scene.exchange.now + sliceMs * scene.clock.speed;
    scene.exchange.advanceTo(epochMs(Math.floor(Math.min(scene.clock.now(), behind))));
    if (scene.exchange.now >= tokenEnd) scene.session.expire();
    ticker.flush();
  };
  const startClock = (): void => {
    scene.clock.start();
    advance();
  };
  const admin: AdminScene = {
    ...scene,
    paperToken: options.paperToken,
    flush: advance,
    startClock,
    disconnectAll: () => ticker.disconnectAll(),
  };
  const server = createServer((request, response) => {
    void respond(request, response, async (read) => {
      const carryOut = (): KiteReply => {
        advance();
        return read.path.startsWith('/paper/') ? answerAdmin(read, admin) : answer(read, scene);
      };
      return underFaults(read, scene, carryOut);
    });
  });
  server.on('upgrade', (request, socket, head) => ticker.upgrade(request, socket, head));
  const port = await listen(server, options).catch((error: unknown) => {
    ticker.close();
    throw error;
  });
  const pump = setInterval(advance, pumpMs);
  return {
    port,
    startClock,
    close: async () => {
      clearInterval(pump);
      ticker.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Answerer = (request: KiteRequest) => Promise<KiteReply | null>;

/** The reply, or null for a client that shall hear nothing. */
async function underFaults(
  request: KiteRequest,
  { faults }: Scene,
  carryOut: () => KiteReply,
): Promise<KiteReply | null> {
  if (request.path.startsWith('/paper/')) return carryOut();
  const fault = faults.strike(restFaultKinds, operationOf(request.method, request.path));
  return fault === undefined ? carryOut() : replyUnderFault(fault, carryOut);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answerer: Answerer,
): Promise<void> {
  const reply = await readRequest(request).then(answerer).catch(errorReply);
  if (response.destroyed || reply === null) return;
  response.writeHead(reply.status, {
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
  });
  response.end(reply.body);
}

function listen(server: Server, { host, port }: ServeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${error.message})`;
      reject(new Refused({ code: 'EXCHANGE_PORT', message: `port ${port} on ${host} ${why}` }));
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
