// The WebSocket side: handshakes with token and connection limit, heartbeats, ticks and order updates.
// Order updates need no subscription and are not sent for mere placement. Source: docs/kite.md, Ticker.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';
import { WebSocketServer } from 'ws';
import { arrivalOf, refusalAt, type Door } from '../../domain/web/door';
import type { OrderView } from '../engine/order';
import type { OrderEvent } from '../engine/orderDesk';
import type { Exchange } from '../engine/exchange';
import { orderRow } from '../rest/rows';
import type { Profile } from '../rest/profile';
import type { Quirks } from '../rest/quirks';
import type { Scene } from '../rest/scene';
import type { Session } from '../rest/session';
import { TickGate } from '../faults/tickFaults';
import { UpdateGate } from '../faults/updateFaults';
import { later } from '../engine/sessionTime';
import { TickerConnection } from './connection';

const connectionsMax = 3;
const heartbeatMs = 1_000;
/** Larger than a request that names every token. */
const requestBytesMax = 1_000_000;
const heartbeat = Buffer.from([0]);

export class TickerServer {
  private readonly server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: requestBytesMax,
  });
  private readonly connections = new Set<TickerConnection>();
  private readonly exchange: Exchange;
  private readonly session: Session;
  private readonly profile: Profile;
  private readonly quirks: Quirks;
  private readonly beat: NodeJS.Timeout;
  private readonly tickGate: TickGate;
  private readonly updateGate: UpdateGate;

  constructor({ exchange, session, profile, faults, quirks }: Scene) {
    this.exchange = exchange;
    this.session = session;
    this.profile = profile;
    this.quirks = quirks;
    this.tickGate = new TickGate(faults);
    this.updateGate = new UpdateGate({
      faults,
      send: (message) => this.sendAll(message),
      later: (ms, act) => exchange.at(later(exchange.now, ms), act),
    });
    this.beat = setInterval(() => {
      for (const connection of this.connections) connection.send(heartbeat);
    }, heartbeatMs);
  }

  /**
   * Accepts an upgrade request: 421 or 403 for a foreign name or page, 403 without a valid token, 429 for one connection too many, 503 while the line to
   * a market elsewhere is down.
   */
  upgrade(door: Door, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    const refusal = refusalAt(door, arrivalOf(request));
    if (refusal !== undefined) {
      refuse(socket, refusal.status);
      return;
    }
    const query = queryOf(request.url ?? '/');
    const isKnown = this.session.isValid(
      query.get('api_key') ?? '',
      query.get('access_token') ?? '',
    );
    const isDown = this.exchange.source.distant?.isDown === true;
    if (!isKnown || isDown || this.connections.size >= connectionsMax) {
      refuse(socket, isKnown ? (isDown ? 503 : 429) : 403);
      return;
    }
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      const { tapes } = this.exchange;
      const connection = new TickerConnection(
        webSocket,
        (token) => tapes.get(token),
        this.tickGate,
      );
      this.connections.add(connection);
      webSocket.on('close', () => this.connections.delete(connection));
      webSocket.on('error', () => webSocket.terminate());
      connection.send(heartbeat);
    });
  }

  /** Collects the tape's state for every subscriber; `flush` sends. */
  collect(tape: Parameters<TickerConnection['collect']>[0]): void {
    for (const connection of this.connections) connection.collect(tape);
  }

  /** What somebody has subscribed to. */
  tokens(): readonly number[] {
    return [...this.connections].flatMap((connection) => connection.tokens());
  }

  flush(): void {
    for (const connection of this.connections) connection.flush();
  }

  /** Pushes an order update to every connection of the account. */
  pushOrder(order: OrderView, event: OrderEvent): void {
    const status = updateStatus(order, event, this.quirks);
    if (status === undefined) return;
    const { userId } = this.profile;
    const row = { ...orderRow(order, userId), status };
    const message = JSON.stringify({
      type: 'order',
      data: {
        ...row,
        user_id: userId,
        app_id: 1,
        checksum: '',
        unfilled_quantity: order.quantity - order.filledQuantity - order.cancelledQuantity,
      },
    });
    this.updateGate.push(message);
  }

  /** Ends every connection, as a server restart or an ended token does. */
  disconnectAll(): void {
    for (const connection of this.connections) connection.socket.close(1_001);
  }

  private sendAll(message: string): void {
    for (const connection of this.connections) connection.send(message);
  }

  close(): void {
    clearInterval(this.beat);
    for (const connection of this.connections) connection.socket.terminate();
    this.server.close();
  }
}

/** The status in an update: UPDATE for changes and partial fills, none for placement. */
function updateStatus(
  order: OrderView,
  event: OrderEvent,
  { openUpdates }: Quirks,
): string | undefined {
  switch (event) {
    case 'placed':
      return undefined;
    case 'opened':
      return openUpdates ? order.status : undefined;
    case 'modified':
    case 'partial':
      return 'UPDATE';
    case 'triggered':
    case 'final':
      return order.status;
  }
}

/** The parameters of the address; none when it is unreadable. */
function queryOf(address: string): URLSearchParams {
  const [, query = ''] = /\?(.*)$/.exec(address) ?? [];
  return new URLSearchParams(query);
}

function refuse(socket: Duplex, status: 403 | 421 | 429 | 503): void {
  const reason = STATUS_CODES[status] ?? '';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
