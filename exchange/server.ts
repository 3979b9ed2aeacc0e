// The host side: one HTTP server for REST, admin and the ticker's upgrades, and the pump that advances the
// exchange with the clock. Between two events it sleeps. Under load it works in slices.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { Refused, wordsOf } from '../domain/errors';
import { addDays } from '../domain/session/calendar';
import { istInstant } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { doorOf, type Door } from '../domain/web/door';
import { answerAdmin } from './admin/adminRoutes';
import type { AdminScene } from './admin/scene';
import { runScript, type ScriptedCall } from './admin/script';
import { inputError } from './engine/kiteError';
import { restFaults as restFaultKinds } from './faults/faultBox';
import { isOrderWrite, operationOf } from './faults/operations';
import { replyUnderFault } from './faults/restFaults';
import { listen, stopListening } from './listening';
import { requireEntrance } from './rest/entrance';
import { failure, readRequest, type KiteReply, type KiteRequest } from './rest/request';
import { answer, errorReply } from './rest/router';
import type { Scene } from './rest/scene';
import { TickerServer } from './ticker/tickerServer';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  /** Names under which a proxy asks for it. */
  readonly names: readonly string[] | undefined;
  /** Are there calls under /paper/? */
  readonly hasAdmin: boolean;
  readonly paperToken: string | undefined;
  /** Admin calls to make at the start and at market instants. */
  readonly script: readonly ScriptedCall[];
  /** Absent: no encryption. */
  readonly tls: TlsText | undefined;
  /** How far the `Date` header of answers is ahead of the host's clock. */
  readonly dateSkewMs: number;
}

/** A certificate and its key, as PEM texts. */
export interface TlsText {
  readonly cert: string;
  readonly key: string;
}

export interface RunningServer {
  readonly port: number;
  readonly startClock: () => void;
  readonly close: () => Promise<void>;
}

/** How long the pump sleeps between slices, host ms. */
const pumpMs = 10;

/** Longest slice, host ms. An overloaded exchange falls behind, but still sends and answers. */
const sliceMs = 250;

/** Listens and pumps. @throws Refused when the port is taken or the certificate cannot be used. */
export async function serve(scene: Scene, options: ServeOptions): Promise<RunningServer> {
  const server = serverFor(options.tls);
  const ticker = new TickerServer(scene);
  scene.exchange.tickListener = (tape) => ticker.collect(tape);
  scene.exchange.desk.listener = (order, event) => ticker.pushOrder(order, event);
  scene.session.endListener = () => ticker.disconnectAll();
  const stopWatching = followElsewhere(scene, ticker);
  const advanceTo = (market: number): void => {
    scene.exchange.advanceTo(epochMs(Math.floor(market)));
    ticker.flush();
  };
  const advance = (): void => {
    // A market elsewhere has told what it has to tell: there is nothing to make that could take long.
    const isTold = scene.exchange.source.distant !== undefined;
    const slice = isTold ? Infinity : sliceMs * scene.clock.speed;
    advanceTo(Math.min(scene.clock.now(), scene.exchange.now + slice));
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
    catchUp: () => advanceTo(scene.clock.now()),
    disconnectAll: () => ticker.disconnectAll(),
  };
  const answerer: Answerer = async (read) => {
    if (options.hasAdmin && read.path.startsWith('/paper/')) {
      advance();
      return answerAdmin(read, admin);
    }
    return underFaults(read, scene, () => {
      advance();
      return answer(read, scene);
    });
  };
  const door = doorOf(options.host, options.names);
  const dateNow = (): Date => new Date(scene.hostNow() + options.dateSkewMs);
  server.on('request', (request, response) => {
    void respond(request, response, { door, answerer, dateNow });
  });
  server.on('clientError', (_error, socket) => refuseUnreadable(socket));
  server.on('upgrade', (request, socket, head) => ticker.upgrade(door, request, socket, head));
  const port = await listen(server, options).catch((error: unknown) => {
    ticker.close();
    throw error;
  });
  runScript(options.script, admin);
  const pump = setInterval(advance, pumpMs);
  return {
    port,
    startClock,
    close: async () => {
      clearInterval(pump);
      stopWatching();
      ticker.close();
      await stopListening(server);
    },
  };
}

/** How often it is looked what is wanted of a market elsewhere, host ms. */
const lookEveryMs = 500;

/**
 * Has the market elsewhere tell what somebody here needs. Keys for such a market are its client's for good, and
 * there is no end of the token. @returns what ends it.
 */
function followElsewhere({ exchange, session }: Scene, ticker: TickerServer): () => void {
  const { distant } = exchange.source;
  if (distant === undefined) {
    const tokenEnd = istInstant(addDays(exchange.date, 1), '06:00');
    exchange.at(tokenEnd, () => session.expire());
    return () => undefined;
  }
  // A line that is lost is lost to our clients too: that is how they learn of it.
  distant.downListener = () => ticker.disconnectAll();
  const look = (): void => distant.watch([...ticker.tokens(), ...exchange.wantedTokens()]);
  const looking = setInterval(look, lookEveryMs);
  return () => clearInterval(looking);
}

type Answerer = (request: KiteRequest) => Promise<KiteReply | null>;

/** The reply; null for a client that must hear nothing. */
async function underFaults(
  request: KiteRequest,
  { faults }: Scene,
  carryOut: () => Promise<KiteReply>,
): Promise<KiteReply | null> {
  const operation = operationOf(request.method, request.path);
  const kinds = isOrderWrite(operation)
    ? restFaultKinds
    : restFaultKinds.filter((kind) => kind !== 'ip-refused');
  const fault = faults.strike(kinds, operation);
  return fault === undefined ? carryOut() : replyUnderFault(fault, carryOut);
}

/** Node looks for late headers only this often; its default of 30 s would be the real timeout. */
const serverOptions = { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };

/** @throws Refused when the certificate and the key are no pair. */
function serverFor(tls: TlsText | undefined): Server {
  if (tls === undefined) return createServer(serverOptions);
  try {
    return createTlsServer({ ...serverOptions, ...tls });
  } catch (error) {
    const why = wordsOf(error);
    throw new Refused({
      code: 'EXCHANGE_TLS',
      message: `the TLS certificate and its key cannot be used: ${why}`,
    });
  }
}

/** A request that Node's parser could not read still gets an answer of Kite's shape. */
function refuseUnreadable(socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { body, contentType } = failure(inputError('The request cannot be read.'));
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Type: ${contentType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

interface Answering {
  readonly door: Door;
  readonly answerer: Answerer;
  readonly dateNow: () => Date;
}

/** The request, read only once it may come in. @throws KiteError */
async function entering(door: Door, request: IncomingMessage): Promise<KiteRequest> {
  requireEntrance(door, request);
  return readRequest(request);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  { door, answerer, dateNow }: Answering,
): Promise<void> {
  const reply = await entering(door, request).then(answerer).catch(errorReply);
  if (response.destroyed || reply === null) return;
  response.writeHead(reply.status, {
    date: dateNow().toUTCString(),
    'content-type': reply.contentType,
    'content-length': Buffer.byteLength(reply.body),
    ...(reply.location === undefined ? {} : { location: reply.location }),
  });
  response.end(reply.body);
}
