// Goal: whatever bytes come, over HTTP or on the ticker, the paper exchange answers or ends the connection, never
// fails inside, never grows, and goes on serving. Method: 2,000 requests with something wrong in their bytes, and
// 2,000 WebSocket frames of all kinds written by hand.
import { connect, type Socket } from 'node:net';
import { adminCalls } from '../../exchange/admin/adminRoutes';
import { chanceFor } from '../../exchange/market/chance';
import { mutatedRequest, sendAll, type PlainRequest } from '../support/mutateRequest';
import { listen, startBench, until, type Bench } from './support';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.paper.close());

const port = (): number => Number(new URL(bench.paper.rest).port);
const isAlive = async (): Promise<boolean> => (await bench.kite.getProfile()).user_id === 'PX0001';

const kiteCalls = [
  'POST /orders/regular',
  'GET /orders',
  'GET /quote?i=NSE:INFY',
  'GET /instruments/NSE',
  'POST /margins/orders',
  'GET /connect/login?v=3',
  'PUT /orders/regular/1',
  'DELETE /orders/regular/1',
  'POST /gtt/triggers',
  'GET /instruments/historical/408065/minute?from=2026-11-20&to=2026-11-20',
];
const form =
  'exchange=NSE&tradingsymbol=INFY&transaction_type=BUY&order_type=LIMIT&product=MIS&quantity=1&price=9';
const json = '{"tradingsymbol":"INFY","price":10.05,"kind":"slow","ms":1,"times":1,"quantity":5}';
/** These change who may ask, or make every answer late, which is what they are for. */
const leftOut = /session|ticker|faults|misstate|clock/;

function plainRequest(chance: ReturnType<typeof chanceFor>): PlainRequest {
  const calls = [...kiteCalls, ...adminCalls().filter((call) => !leftOut.test(call))];
  const [method = '', path = ''] = (calls[chance.whole(0, calls.length - 1)] ?? '').split(' ');
  const isForm = path.startsWith('/orders') || path.startsWith('/session');
  const { apiKey, accessToken } = bench.paper;
  return {
    method,
    path,
    headers: {
      Host: 'localhost',
      'X-Kite-Version': '3',
      Authorization: `token ${apiKey}:${accessToken}`,
      'Content-Type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    },
    body: isForm ? form : json,
  };
}

const count = 2_000;
const framesEach = 20;
const grownMiB = 200;
const grownSince = (before: number): number => (process.memoryUsage().rss - before) / 2 ** 20;

test('2,000 mutated requests: no failure inside, memory bounded, the next is answered', async () => {
  const chance = chanceFor(20_261_127, 'mutated requests');
  const requests = Array.from({ length: count }, () =>
    mutatedRequest(plainRequest(chance), chance),
  );
  const before = process.memoryUsage().rss;
  const answers = await sendAll(port(), requests);
  answers.forEach((statuses, index) => {
    const inside = statuses.filter((status) => status >= 500 && status !== 503 && status !== 504);
    expect([requests[index]?.toString('latin1').slice(0, 2_000), inside]).toEqual([
      expect.anything(),
      [],
    ]);
  });
  const seen = new Set(answers.flat());
  for (const status of [200, 400, 403, 404, 415, 421]) expect([...seen]).toContain(status);
  expect(grownSince(before)).toBeLessThan(grownMiB);
  expect(await isAlive()).toBe(true);
});

/** A ticker connection, or undefined while all three places are taken. */
function rawTicker(): Promise<Socket | undefined> {
  const { apiKey, accessToken } = bench.paper;
  return new Promise((resolve, reject) => {
    const socket = connect(port(), '127.0.0.1');
    socket.on('error', reject);
    socket.once('data', (said: Buffer) => {
      const status = said.toString('latin1', 9, 12);
      if (status === '101') resolve(socket);
      else if (status === '429') resolve(undefined);
      else reject(new Error(`the ticker answered ${status}`));
    });
    socket.write(
      `GET /?api_key=${apiKey}&access_token=${accessToken} HTTP/1.1\r\nHost: localhost\r\n` +
        'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
  });
}

const texts = [
  '{"a":"subscribe","v":[408065]}',
  '{"a":"mode","v":["full",[408065]]}',
  '{"a":"unsubscribe","v":[1e300,-1,null]}',
  '{"__proto__":{"a":1}}',
  '[[[[[[',
  '\ud800',
  '',
  'x'.repeat(70_000),
] as const;

/** Any opcode, flag, mask and length, told right or wrong. */
function frame(chance: ReturnType<typeof chanceFor>): Buffer {
  const isOdd = chance.unit() < 0.3;
  const payload = Buffer.from(chance.pick(texts));
  const opcode = isOdd ? chance.whole(0, 15) : chance.pick([1, 1, 2, 9, 10]);
  const first = (isOdd ? chance.whole(0, 15) << 4 : 0x80) | opcode;
  const told = isOdd ? chance.whole(0, 2 ** 31 - 1) : payload.length;
  const length = told < 126 ? Buffer.from([0x80 | told]) : Buffer.alloc(told < 65_536 ? 3 : 9);
  if (length.length === 3) length.writeUInt16BE(told, 1);
  if (length.length === 9) length.writeBigUInt64BE(BigInt(told), 1);
  if (length.length > 1) length[0] = 0x80 | (length.length === 3 ? 126 : 127);
  return Buffer.concat([Buffer.from([first]), length, Buffer.alloc(4), payload]);
}

/** @returns how many frames it took until the exchange had enough of the connection. */
async function writeUntilClosed(
  socket: Socket,
  chance: ReturnType<typeof chanceFor>,
  most: number,
): Promise<number> {
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let sent = 0;
  for (; sent < most && !socket.destroyed && !socket.readableEnded; sent += 1) {
    const taken = new Promise((resolve) => socket.write(frame(chance), resolve));
    await Promise.race([taken, closed]);
  }
  socket.destroy();
  return sent;
}

test('2,000 frames of all kinds on the ticker: memory bounded, other clients are served', async () => {
  const chance = chanceFor(20_261_127, 'frames');
  const other = await listen(bench);
  const before = process.memoryUsage().rss;
  let connections = 0;
  for (let sent = 0; sent < count; connections += 1) {
    let socket: Socket | undefined;
    await until(async () => (socket = await rawTicker()) !== undefined);
    if (socket === undefined) break;
    sent += await writeUntilClosed(socket, chance, Math.min(framesEach, count - sent));
  }
  expect(connections).toBeGreaterThanOrEqual(count / framesEach);
  expect(grownSince(before)).toBeLessThan(grownMiB);
  const beats = other.heartbeats;
  await until(() => other.heartbeats > beats);
  other.socket.terminate();
  expect(await isAlive()).toBe(true);
});
