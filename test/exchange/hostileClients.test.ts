// What no official client sends: unreadable bytes, broken handshakes, sockets that reset, frames too
// large. Each gets a refusal, and the exchange goes on serving the others.
import { connect } from 'node:net';
import * as fc from 'fast-check';
import WebSocket from 'ws';
import { listen, startBench, until, type Bench } from './support';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(() => bench.paper.close());

const port = () => Number(new URL(bench.paper.rest).port);

/** Everything the server says to these bytes until it closes. */
function rawAnswer(bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port(), '127.0.0.1', () => socket.write(bytes));
    let said = '';
    socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
    socket.on('close', () => resolve(said));
    socket.on('error', reject);
  });
}

const upgrade = (target: string): string =>
  `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n`;

const isAlive = async () => (await bench.kite.getProfile()).user_id === 'PX0001';

test.each([
  ['no HTTP at all', '\u0000\u0001\u0002 hello\r\n\r\n'],
  ['a header without end', `GET /orders HTTP/1.1\r\nX-Long: ${'y'.repeat(60_000)}\r\n\r\n`],
  ['a length that is no number', 'POST /orders/regular HTTP/1.1\r\nContent-Length: x\r\n\r\n'],
])('%s is answered in Kite’s error shape', async (_name, bytes) => {
  const said = await rawAnswer(bytes);
  expect(said).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(said.slice(said.indexOf('\r\n\r\n')))).toMatchObject({
    status: 'error',
    error_type: 'InputException',
  });
  expect(await isAlive()).toBe(true);
});

test.each(['//', '/?api_key=%', '/?api_key=a&access_token=b', '/%ff', '*'])(
  'a ticker handshake to %s without a valid token is refused with 403',
  async (target) => {
    expect(await rawAnswer(upgrade(target))).toMatch(/^HTTP\/1\.1 403 /);
    expect(await isAlive()).toBe(true);
  },
);

test('a client that resets its connection in the middle leaves the others served', async () => {
  for (const bytes of [
    upgrade('/?x=1'),
    'POST /orders/regular HTTP/1.1\r\nContent-Length: 99\r\n\r\nab',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(port(), '127.0.0.1', () => {
        socket.write(bytes, () => {
          socket.resetAndDestroy();
          resolve();
        });
      });
      socket.on('error', () => undefined);
    });
  }
  expect(await isAlive()).toBe(true);
});

test('a frame too large ends its own socket and no other', async () => {
  const [sender, other] = [await listen(bench), await listen(bench)];
  const closed = new Promise((resolve) => sender.socket.once('close', resolve));
  sender.socket.on('error', () => undefined);
  sender.socket.send('x'.repeat(2_000_000));
  await closed;
  const before = other.heartbeats;
  await until(() => other.heartbeats > before);
  expect(other.socket.readyState).toBe(WebSocket.OPEN);
  other.socket.terminate();
  expect(await isAlive()).toBe(true);
});

test('500 generated ticker requests that make no sense are answered by error frames; the socket lives', async () => {
  const listener = await listen(bench);
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom('full', 'ltp', 1e300, -1, 0.5, 408_065),
  );
  const broken = fc.oneof(
    fc.string().filter((text) => !text.startsWith('{')),
    fc.jsonValue().map((value) => JSON.stringify(value)),
    fc
      .record({ a: fc.constantFrom<unknown>('subscribe', 'mode', 'x', 7, null), v: anyValue })
      .filter(({ v }) => !Array.isArray(v))
      .map((value) => JSON.stringify(value)),
    fc
      .record({ a: fc.constant('mode'), v: fc.tuple(fc.constantFrom('fast', 1, null), anyValue) })
      .map((value) => JSON.stringify(value)),
  );
  const requests = fc.sample(broken, { numRuns: 500, seed: 9 });
  for (const request of requests) listener.socket.send(request);
  await until(() => listener.texts.length === requests.length);
  expect(new Set(listener.texts.map((text) => JSON.stringify(text)))).toEqual(
    new Set(['{"type":"error","data":"Invalid request."}']),
  );
  listener.socket.send(JSON.stringify({ a: 'mode', v: ['ltp', [408_065]] }));
  await until(() => listener.frames.length > 0);
  listener.socket.terminate();
});

test('more than 3,000 tokens: an error frame, and only the new subscriptions fail', async () => {
  const listed = await startBench({
    source: {
      kind: 'scripted',
      instruments: Array.from({ length: 3_001 }, (_, index) => ({
        tradingsymbol: `S${index}`,
        price: 100,
      })),
    },
  });
  const tokens = [...listed.paper.exchange.tapes.keys()];
  const listener = await listen(listed, tokens.slice(0, 3_000), 'ltp');
  listener.socket.send(JSON.stringify({ a: 'subscribe', v: tokens.slice(3_000) }));
  await until(() => listener.texts.length > 0);
  expect(listener.texts[0]).toEqual({
    type: 'error',
    data: "Can't subscribe to more than 3000 instruments.",
  });
  listener.frames.length = 0;
  listed.play(5_000);
  await until(() => listener.frames.reduce((sum, frame) => sum + frame.readInt16BE(0), 0) >= 3_000);
  listener.socket.terminate();
  await listed.paper.close();
});
