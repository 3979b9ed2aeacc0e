// Shared by the exchange's tests: a scripted exchange whose market clock is driven by hand, the real JS
// client on it, and a bare WebSocket that keeps what it is sent. Limits are so wide that no test meets
// them by accident.
import { KiteConnect } from 'kiteconnect';
import WebSocket from 'ws';
import { epochMs, paise } from '../../domain/units';
import type { PaperExchangeOptions } from '../../exchange/options';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { noLimits } from '../../exchange/rest/rateLimits';

export const date = '2026-11-20';

export const unlimited = noLimits;

export interface Bench {
  readonly paper: PaperExchange;
  readonly kite: KiteClient;
  /** Lets market time pass. */
  readonly play: (ms: number) => void;
  readonly admin: (method: string, path: string, body?: object) => Promise<AdminReply>;
  /** Places an order of INFY; MIS, 100 shares unless said otherwise. */
  readonly place: (more: object) => Promise<string>;
  readonly row: (orderId: string) => Promise<Record<string, unknown>>;
}

export interface AdminReply {
  readonly status: number;
  readonly body: { readonly data: Record<string, unknown>; readonly message?: string };
}

/** INFY at ₹10, 09:30:10 on the market's clock, ₹1,00,000 of cash. */
export async function startBench(options: Partial<PaperExchangeOptions> = {}): Promise<Bench> {
  const paper = await startPaperExchange({
    date,
    source: {
      kind: 'scripted',
      instruments: [
        { tradingsymbol: 'INFY', price: 10 },
        { tradingsymbol: 'VGUARD', price: 350, hasDerivatives: false },
      ],
    },
    speed: 1,
    held: true,
    startAt: '09:30',
    openingCash: paise(10_000_000),
    limits: unlimited,
    ...options,
  });
  const kite = kiteClient(paper);
  const play = (ms: number): void => paper.exchange.advanceTo(epochMs(paper.exchange.now + ms));
  play(10_000);
  return {
    paper,
    kite,
    play,
    admin: (method, path, body) => callAdmin(`${paper.rest}${path}`, method, body),
    place: async (more) => (await kite.placeOrder('regular', infyOrder(more) as never)).order_id,
    row: async (orderId) => {
      const rows = (await kite.getOrders()) as unknown as Record<string, unknown>[];
      const found = rows.find((one) => one['order_id'] === orderId);
      if (found === undefined) throw new Error(`no order ${orderId} in the book`);
      return found;
    },
  };
}

export type KiteClient = InstanceType<typeof KiteConnect>;

/** The real JS client. */
export function kiteClient({
  rest,
  apiKey,
  accessToken,
}: Pick<PaperExchange, 'rest' | 'apiKey' | 'accessToken'>): KiteClient {
  const kite = new KiteConnect({ api_key: apiKey, root: rest, timeout: 5_000 });
  kite.setAccessToken(accessToken);
  return kite;
}

export const infyOrder = (more: object): Record<string, unknown> => ({
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  product: 'MIS',
  quantity: 100,
  transaction_type: 'BUY',
  order_type: 'LIMIT',
  ...more,
});

async function callAdmin(url: string, method: string, body?: object): Promise<AdminReply> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  return { status: response.status, body: (await response.json()) as AdminReply['body'] };
}

/** A request token, as a script gets it from the login page in one request. */
export async function requestToken({ rest, apiKey }: PaperExchange): Promise<string> {
  const { url } = await fetch(`${rest}/connect/login?api_key=${apiKey}&v=3&auto=1`);
  return new URL(url).searchParams.get('request_token') ?? '';
}

/** A bare ticker client. `frames` are binary ones longer than a heartbeat. */
export interface Listener {
  readonly socket: WebSocket;
  readonly frames: Buffer[];
  readonly texts: Record<string, unknown>[];
  heartbeats: number;
}

export async function listen(
  { paper }: Bench,
  wanted: readonly number[] = [],
  mode = 'full',
): Promise<Listener> {
  const query = `?api_key=${paper.apiKey}&access_token=${paper.accessToken}`;
  const socket = new WebSocket(`${paper.ticker}${query}`);
  const listener: Listener = { socket, frames: [], texts: [], heartbeats: 0 };
  socket.on('message', (message: Buffer, isBinary) => {
    if (!isBinary) listener.texts.push(JSON.parse(message.toString()) as Record<string, unknown>);
    else if (message.length > 1) listener.frames.push(message);
    else listener.heartbeats += 1;
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  if (wanted.length > 0) {
    socket.send(JSON.stringify({ a: 'mode', v: [mode, wanted] }));
    await until(() => listener.frames.length > 0);
  }
  return listener;
}

/** Waits for a condition; fails after a generous deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true within 30 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The packets of a frame. */
export function packetsOf(frame: Buffer): Buffer[] {
  const packets: Buffer[] = [];
  let offset = 2;
  for (let index = 0; index < frame.readInt16BE(0); index += 1) {
    const length = frame.readInt16BE(offset);
    packets.push(frame.subarray(offset + 2, offset + 2 + length));
    offset += 2 + length;
  }
  return packets;
}
