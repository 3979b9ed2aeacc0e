// New versions over HTTP: declared, sent as one raw file, proven in a process of their own, then rolled out.
// Whatever is wrong with an upload is refused, leaves nothing behind and does not hold up health.
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../serving/index';
import { call, features, scores, sigmoid, type Answer } from './support/calls';
import { logisticConfig, manifestOf, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';
import { until } from './support/traffic';

const admin = 'a'.repeat(40);
const score = 's'.repeat(40);
const headers = { Authorization: `Bearer ${admin}` };
const signed = { by: 'tester', reason: 'a test' };
const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const folder = new ModelFolder();
const state = mkdtempSync(join(tmpdir(), 'ratchet-state-'));
let server: ModelServer;

beforeAll(async () => {
  folder.add('quality', '1', logisticModel([1, 2], 0), logisticConfig(2));
  server = await startModelServer({ ...folder.served, state, tokens: { admin, score } });
});
afterAll(async () => {
  await server.close();
  folder.remove();
  rmSync(state, { recursive: true });
});

const path = (version: string, model = 'quality'): string =>
  `${server.url}/v2/admin/models/${model}/versions/${version}`;
const declaration = (version: string, bytes: Uint8Array): object => ({
  sha256: digestOf(bytes),
  manifest: manifestOf('quality', version, bytes),
  ...signed,
});
const declare = (version: string, bytes: Uint8Array, more: object = {}): Promise<Answer> =>
  call(path(version), 'POST', { ...declaration(version, bytes), ...more }, headers);
const send = (version: string, bytes: Uint8Array): Promise<Answer> =>
  call(`${path(version)}/file`, 'POST', bytes, headers);

test('a pushed version is proven, listed, served by number, rolled out, and there after a restart', async () => {
  const bytes = logisticModel([3, 0], 0);
  const golden = [
    { inputs: { features: [[1, 5]] }, outputs: { probability: [[sigmoid(3)]] }, tolerance: 1e-5 },
  ];
  expect((await declare('2', bytes, { golden })).status).toBe(200);
  expect((await send('2', bytes)).body).toMatchObject({ proven: true });
  const infer = `${server.url}/v2/models/quality/versions/2/infer`;
  const auth = { Authorization: `Bearer ${score}` };
  expect(scores(await call(infer, 'POST', features([1, 1]), auth))[0]).toBeCloseTo(sigmoid(3), 6);
  await server.close();
  server = await startModelServer({ ...folder.served, state, tokens: { admin, score } });
  expect(server.registry.model('quality').stable).toBe('1');
  const begin = { candidate: '2', policy: {}, conductor: 'server', ...signed } as const;
  await server.rollouts.start({ model: 'quality', ...begin });
  server.rollouts.act('quality', { kind: 'promote', reason: 'good' }, 'tester');
  expect(server.registry.model('quality').stable).toBe('2');
});

test('a version never changes: other bytes under its number are refused', async () => {
  const other = logisticModel([4, 0], 0);
  for (const version of ['1', '2']) {
    expect(await declare(version, other)).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/versions never change/) as string },
    });
  }
});

test('what is wrong with a push is refused in one sentence and leaves nothing behind', async () => {
  const good = logisticModel([1, 1], 0);
  const wide = logisticModel([1, 1, 1], 0);
  const wrongGolden = [
    { inputs: { features: [[1, 1]] }, outputs: { probability: [[0.1]] }, tolerance: 1e-5 },
  ];
  const before = readdirSync(join(state, 'pushed', 'quality'));
  expect(await send('7', good)).toMatchObject({ status: 409 });
  expect(await declare('0', good)).toMatchObject({ status: 400 });
  expect(await declare('../8', good)).toMatchObject({ status: 404 });
  expect(await call(path('8'), 'POST', { sha256: 'abc', ...signed }, headers)).toMatchObject({
    status: 400,
  });
  expect(
    await call(path('8', 'nobody'), 'POST', { sha256: digestOf(good), ...signed }, headers),
  ).toMatchObject({ status: 404 });
  await declare('8', good);
  expect(await send('8', wide)).toMatchObject({ status: 400 });
  expect(await send('8', new Uint8Array())).toMatchObject({ status: 400 });
  await declare('8', wide);
  expect(await send('8', wide)).toMatchObject({ status: 422 });
  await declare('8', good, { golden: wrongGolden });
  expect(await send('8', good)).toMatchObject({
    status: 422,
    body: { error: expect.stringMatching(/golden/) as string },
  });
  const page = Buffer.from('<html>not a model</html>');
  await declare('8', page);
  expect(await send('8', page)).toMatchObject({ status: 422 });
  expect(readdirSync(join(state, 'pushed', 'quality'))).toEqual(before);
  const wrongToken = { Authorization: `Bearer ${score}` };
  expect(await call(`${path('9')}/file`, 'POST', good, wrongToken)).toMatchObject({ status: 403 });
});

test('an upload of 65 MB and one that never ends are refused while health answers', async () => {
  await declare('9', logisticModel([1, 1], 0));
  const { port } = new URL(server.url);
  const raw = (contentLength: number): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(
          `POST /v2/admin/models/quality/versions/9/file HTTP/1.1\r\nHost: localhost\r\n` +
            `Authorization: Bearer ${admin}\r\nContent-Length: ${contentLength}\r\n\r\n0123456789`,
        );
      });
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(text));
      if (contentLength < 1_000) setTimeout(() => socket.end(), 200);
    });
  const slow = raw(100);
  expect(await raw(65 * 1024 * 1024)).toMatch(/^HTTP\/1.1 413 .*larger|^HTTP\/1.1 413/);
  const startedAt = performance.now();
  expect((await call(`${server.url}/v2/health/live`, 'GET')).status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  await slow;
  await until(() => readdirSync(join(state, 'pushed')).every((name) => !name.startsWith('.')));
});

test('pushed versions have a quota together, and a refused file gives its room back', async () => {
  const small = mkdtempSync(join(tmpdir(), 'ratchet-state-'));
  const limits = { maxPushedMiB: 1 };
  const tight = await startModelServer({
    ...folder.served,
    state: small,
    tokens: { admin, score },
    limits,
  });
  const pushed = join(small, 'pushed');
  const stored = (): readonly string[] =>
    readdirSync(pushed).filter((name) => name.endsWith('.onnx'));
  const push = async (version: string, bytes: Buffer): Promise<Answer> => {
    const url = `${tight.url}/v2/admin/models/quality/versions/${version}`;
    const declared = await call(url, 'POST', declaration(version, bytes), headers);
    return declared.status === 200 ? call(`${url}/file`, 'POST', bytes, headers) : declared;
  };
  try {
    // No model, so it is refused once it is there.
    const noModel = Buffer.alloc(700_000, 7);
    for (const version of ['10', '11', '12']) {
      expect((await push(version, noModel)).status).toBe(422);
      expect(stored()).toEqual([]);
    }
    expect((await push('13', logisticModel([3, 1], 0))).status).toBe(200);
    expect(stored()).toHaveLength(1);
    const more = await push('14', Buffer.alloc(2 ** 20, 7));
    expect(more).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(/^Pushed versions take 1 of 1 MiB; remove/) as string },
    });
    expect(stored()).toHaveLength(1);
  } finally {
    await tight.close();
    rmSync(small, { recursive: true });
  }
});
