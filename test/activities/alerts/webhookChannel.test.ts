// Delivery against a real HTTP receiver that checks signatures with the reference library: what each reply
// means to Temporal, and that nothing secret leaves except inside a signature.
import { Secret } from '../../../domain/secret';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApplicationFailure } from '@temporalio/common';
import { Webhook } from 'standardwebhooks';
import { alertChannels } from '../../../activities/alerts';
import { webhookChannel, type WebhookOptions } from '../../../activities/alerts/webhookChannel';
import type { AlertChannel, AlertInput } from '../../../activities/alerts';

const oldSecret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const newSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const event: AlertInput = {
  id: 'position-42_opened',
  account: 'test',
  type: 'trade.opened',
  timestamp: '2026-11-23T09:20:00+05:30',
  body: { tradingsymbol: 'RELIANCE', side: 'BUY', quantity: 10 },
};

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let server: Server;
let url: string;
let received: Received[];
let reply: (response: ServerResponse) => void;

beforeEach(async () => {
  received = [];
  reply = (response) => response.writeHead(204).end();
  server = createServer((request, response) => {
    void readAll(request).then((body) => {
      received.push({ headers: request.headers as Record<string, string>, body });
      reply(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const deliver = (options: WebhookOptions = {}): Promise<void> =>
  webhookChannel(
    { url, secrets: [new Secret(newSecret), new Secret(oldSecret)] },
    { loopbackDevelopment: true, ...options },
  ).send(event);

async function failure(delivery: Promise<void>): Promise<ApplicationFailure> {
  const error: unknown = await delivery.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApplicationFailure)) throw new Error('expected an ApplicationFailure');
  return error;
}

test('an alert arrives once, verifies with either secret and says what happened and in which mode', async () => {
  await deliver({ mode: 'shadow' });
  expect(received).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: '' }] = received;
  for (const secret of [oldSecret, newSecret]) {
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      type: event.type,
      timestamp: event.timestamp,
      mode: 'shadow',
      data: event.body,
    });
  }
  expect(headers).toMatchObject({
    'webhook-id': event.id,
    'content-type': 'application/json',
  });
  expect(JSON.stringify(received)).not.toContain('whsec_');
});

test('a second attempt keeps the id and carries its own time', async () => {
  let nowMs = Date.now();
  const channel = webhookChannel(
    { url, secrets: [new Secret(newSecret)] },
    { loopbackDevelopment: true, now: () => nowMs },
  );
  await channel.send(event);
  nowMs += 60_000;
  await channel.send(event);
  const [first, second] = received;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  const difference =
    Number(second?.headers['webhook-timestamp']) - Number(first?.headers['webhook-timestamp']);
  expect(difference).toBe(60);
});

test.each([
  { status: 410, type: 'EndpointGone', nonRetryable: true },
  { status: 429, retryAfter: '7', type: 'EndpointThrottled', delayMs: 7_000 },
  { status: 503, retryAfter: '999999', type: 'EndpointThrottled', delayMs: 3_600_000 },
  { status: 503, type: 'EndpointRefused' },
  { status: 500, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT', type: 'EndpointRefused' },
  { status: 404, type: 'EndpointRefused' },
  { status: 302, type: 'EndpointRedirected' },
])('a reply of $status with Retry-After $retryAfter is a $type', async (expected) => {
  reply = (response) => {
    response.setHeader('location', 'http://169.254.169.254/');
    if (expected.retryAfter !== undefined) response.setHeader('retry-after', expected.retryAfter);
    response.writeHead(expected.status).end();
  };
  const error = await failure(deliver());
  expect(error.type).toBe(expected.type);
  expect(error.nonRetryable).toBe(expected.nonRetryable ?? false);
  expect(error.nextRetryDelay ?? undefined).toBe(expected.delayMs);
  expect(received).toHaveLength(1);
});

test('a receiver that never answers is given up at the deadline and tried again later', async () => {
  reply = () => undefined;
  const error = await failure(deliver({ timeoutMs: 300 }));
  expect(error).toMatchObject({ type: 'EndpointUnreachable', nonRetryable: false });
});

test('a receiver that never ends its answer is given up too', async () => {
  reply = (response) => response.writeHead(200).write('x');
  expect(await failure(deliver({ timeoutMs: 300 }))).toMatchObject({ type: 'EndpointUnreachable' });
});

test('an endless answer is cut at 64 kB and the status counts', async () => {
  reply = (response) => {
    response.writeHead(200);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384)));
    };
    response.on('drain', more);
    more();
  };
  await expect(deliver()).resolves.toBeUndefined();
});

test('a name that turns private between two attempts is not connected to, and is tried again', async () => {
  const answers = ['93.184.216.34', '127.0.0.1'];
  const channel = webhookChannel(
    { url: 'https://rebind.example.com/', secrets: [new Secret(newSecret)] },
    {
      timeoutMs: 1,
      resolve: () => Promise.resolve([{ address: answers.shift() ?? '', family: 4 }]),
    },
  );
  await failure(channel.send(event));
  expect(await failure(channel.send(event))).toMatchObject({
    type: 'EndpointForbidden',
    nonRetryable: false,
  });
});

test('an alert that can not be sent is not tried again', async () => {
  const channel = webhookChannel(
    { url, secrets: [new Secret(newSecret)] },
    { loopbackDevelopment: true },
  );
  const large = { ...event, body: { why: 'x'.repeat(30_000) } };
  expect(await failure(channel.send(large))).toMatchObject({
    type: 'AlertUnsendable',
    nonRetryable: true,
  });
  expect(received).toHaveLength(0);
});

test('a wrong endpoint stops the start: http outside development, no secret', () => {
  expect(() => webhookChannel({ url, secrets: [new Secret(newSecret)] })).toThrow(/https/);
  expect(() => webhookChannel({ url: 'https://example.com/', secrets: [] })).toThrow(
    /needs a secret/,
  );
});

test('a receiver in the local network is reached only where the configuration says so', async () => {
  const inLan = { url: 'http://192.168.1.5:8080/', secrets: [new Secret(newSecret)] };
  expect(() => webhookChannel(inLan)).toThrow(/https/);
  const channel = webhookChannel({ ...inLan, lan: true }, { timeoutMs: 1 });
  expect(await failure(channel.send(event))).toMatchObject({ type: 'EndpointUnreachable' });
});

test('its name is the same as long as its address is, and holds no path', () => {
  const named = (path: string): string =>
    webhookChannel({ url: `https://example.com/${path}`, secrets: [new Secret(newSecret)] }).name;
  expect(named('hidden')).toBe(named('hidden'));
  expect(named('hidden')).not.toBe(named('other'));
  expect(named('hidden')).toMatch(/^example\.com#[0-9a-f]{6}$/);
});

describe('secrets as the environment has them', () => {
  const otherSecret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  const channels = (written: string, count = 1): readonly AlertChannel[] =>
    alertChannels({
      config: {
        webhooks: Array.from({ length: count }, () => ({ url, lan: false })),
        telegram: undefined,
      },
      secret: () => new Secret(written),
      mode: 'paper',
      loopbackDevelopment: true,
    });
  /** Whom the last alert is verified by. */
  const verifying = (): readonly string[] =>
    [oldSecret, newSecret, otherSecret].filter((secret) => {
      const { headers, body } = received.at(-1) ?? { headers: {}, body: '' };
      try {
        return new Webhook(secret).verify(body, headers) !== undefined;
      } catch {
        return false;
      }
    });

  test('a rotation: the old one, both, the new one; the other receiver keeps its own all along', async () => {
    for (const [written, verified] of [
      [oldSecret, [oldSecret]],
      [`${oldSecret},${newSecret}`, [oldSecret, newSecret]],
      [newSecret, [newSecret]],
    ] as const) {
      const [first, second] = channels(`${written} ${otherSecret}`, 2);
      await first?.send(event);
      expect(verifying()).toEqual(verified);
      const signatures = received.at(-1)?.headers['webhook-signature'] ?? '';
      expect(signatures.split(' ')).toHaveLength(verified.length);
      await second?.send(event);
      expect(verifying()).toEqual([otherSecret]);
    }
  });

  test.each([
    ['none', '', 'it holds 0'],
    ['one too many', `${oldSecret} ${newSecret}`, 'it holds 2'],
    [
      'three of one receiver',
      `${oldSecret},${newSecret},${otherSecret}`,
      'webhook 1 has 3 secrets',
    ],
    ['the same twice', `${oldSecret},${oldSecret}`, 'two that differ'],
    ['an empty second one', `${oldSecret},`, '24 to 64 bytes'],
  ])('%s stops the start and is not repeated', (_, written, said) => {
    expect(() => channels(written)).toThrow(said);
    expect(() => channels(written)).not.toThrow(/AQEB|AgIC|AwMD/);
  });
});
