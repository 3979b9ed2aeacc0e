// What goes wrong with scorers and callers, done to a live server: killed and frozen scorers, a model that
// answers NaN or always the same, thousands of broken requests, a full queue. Others' requests are answered.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { startModelServer, type ModelServer } from '../../serving/index';
import type { LoadedVersion } from '../../serving/registry/loadedVersion';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { floatTensor, graph, logisticModel, model, node, value } from './support/onnxWriter';
import { startTraffic, until } from './support/traffic';

/** Square roots: fine for its golden case, NaN for a negative feature. */
const rootModel = model(
  graph({
    nodes: [
      node({ op: 'Sqrt', inputs: ['features'], outputs: ['roots'] }),
      node({ op: 'MatMul', inputs: ['roots', 'weights'], outputs: ['logit'] }),
      node({ op: 'Sigmoid', inputs: ['logit'], outputs: ['probability'] }),
    ],
    inputs: [value({ name: 'features', shape: ['rows', 2] })],
    outputs: [value({ name: 'probability', shape: ['rows', 1] })],
    initializers: [floatTensor('weights', [2, 1], [1, 1])],
  }),
);

const folder = new ModelFolder();
let server: ModelServer;
const urlOf = (name: string): string => `${server.url}/v2/models/${name}/infer`;
const loadedOf = (name: string): LoadedVersion => server.registry.route(name);

beforeAll(async () => {
  folder.add('steady', '1', logisticModel([1, 2], 0), logisticConfig(2));
  folder.add('roots', '1', rootModel, logisticConfig(2));
  folder.add('stuck', '1', logisticModel([0, 0], 1), {
    ...logisticConfig(2),
    sanity: { constantWindow: 50 },
  });
  folder.add('swapped', '1', logisticModel([1, 2], 0), logisticConfig(2));
  server = await startModelServer({
    ...folder.served,
    limits: { runTimeoutMs: 400, requestTimeoutMs: 30_000, cacheEntries: 0 },
  });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

test('a scorer killed under load fails nothing: its requests run again on its successor', async () => {
  const traffic = startTraffic(urlOf('steady'), 8, (index) => features([index % 7, 1]));
  for (let kill = 0; kill < 3; kill += 1) {
    await traffic.more(50);
    const [pid] = loadedOf('steady').scorerPids;
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await until(() => loadedOf('steady').scorerPids.some((each) => each !== pid));
  }
  await traffic.more(50);
  const answers = await traffic.stop();
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(loadedOf('steady').counters.crashes).toBe(3);
});

test('a scorer that never answers is killed at its deadline; another model is not held up', async () => {
  const [pid = 0] = loadedOf('steady').scorerPids;
  process.kill(pid, 'SIGSTOP');
  const frozen = call(urlOf('steady'), 'POST', features([1, 1]));
  const other = await call(urlOf('roots'), 'POST', features([1, 1]));
  expect(other.status).toBe(200);
  expect(await frozen).toMatchObject({ status: 504, body: { code: 'DEADLINE_EXCEEDED' } });
  const recovered = await call(urlOf('steady'), 'POST', features([1, 1]));
  expect(scores(recovered)[0]).toBeCloseTo(sigmoid(3), 6);
  expect(loadedOf('steady').scorerPids).not.toContain(pid);
});

test('other bytes under a running version are never scored: its next scorer refuses them', async () => {
  const path = join(folder.path, 'swapped', '1', 'model.onnx');
  const declared = readFileSync(path);
  writeFileSync(path, logisticModel([9, 9], 0));
  expect(scores(await call(urlOf('swapped'), 'POST', features([1, 1])))[0]).toBeCloseTo(
    sigmoid(3),
    6,
  );
  const loaded = loadedOf('swapped');
  const [pid = 0] = loaded.scorerPids;
  process.kill(pid, 'SIGKILL');
  await until(() => loaded.state === 'FAILED');
  expect(loaded.reason).toMatch(
    /died .* times .*at last: Model swapped\/1: its model\.onnx has sha256 .* is declared and signed/,
  );
  const refused = await call(urlOf('swapped'), 'POST', features([1, 2]));
  expect(refused).toMatchObject({ status: 503, body: { code: 'MODEL_UNAVAILABLE' } });
  writeFileSync(path, declared);
  await server.registry.load('swapped');
  expect(scores(await call(urlOf('swapped'), 'POST', features([1, 1])))[0]).toBeCloseTo(
    sigmoid(3),
    6,
  );
});

test('a row that makes NaN fails alone among the requests of its batch', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      call(urlOf('roots'), 'POST', features([index === 20 ? -1 : index / 10, 1])),
    ),
  );
  answers.forEach((answer, index) => {
    if (index === 20) {
      expect(answer).toMatchObject({ status: 502, body: { code: 'OUTPUT_INVALID' } });
    } else {
      expect(scores(answer)[0]).toBeCloseTo(sigmoid(Math.sqrt(index / 10) + 1), 5);
    }
  });
});

test('a model that fails 20 times in a row leaves the rotation with its reason', async () => {
  for (let index = 0; index < 20; index += 1) {
    expect((await call(urlOf('roots'), 'POST', features([-1, 1]))).status).toBe(502);
  }
  const answer = await call(urlOf('roots'), 'POST', features([1, 1]));
  expect(answer).toMatchObject({ status: 503, body: { code: 'MODEL_UNAVAILABLE' } });
  expect((answer.body as { error: string }).error).toMatch(/failed 20 requests in a row/);
  expect((await call(`${server.url}/v2/health/ready`, 'GET')).status).toBe(503);
  await server.registry.load('roots');
  expect((await call(urlOf('roots'), 'POST', features([1, 1]))).status).toBe(200);
});

test('a model that says the same to 50 different inputs leaves the rotation', async () => {
  const statuses: number[] = [];
  for (let index = 0; index < 51; index += 1) {
    statuses.push((await call(urlOf('stuck'), 'POST', features([index / 10, 0]))).status);
  }
  expect(statuses.slice(0, 50)).toEqual(new Array(50).fill(200));
  expect(statuses[50]).toBe(503);
});

test('any number of requests at once get exactly their own rows back', async () => {
  const row = fc.tuple(fc.integer({ min: -10, max: 10 }), fc.integer({ min: -10, max: 10 }));
  const request = fc.array(row, { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 24 }), async (requests) => {
      const answers = await Promise.all(
        requests.map((rows) => call(urlOf('steady'), 'POST', features(...rows))),
      );
      answers.forEach((answer, index) => {
        const rows = requests[index] ?? [];
        const got = scores(answer);
        expect(got).toHaveLength(rows.length);
        rows.forEach(([a, b], at) => expect(got[at]).toBeCloseTo(sigmoid(a + 2 * b), 5));
      });
    }),
    { numRuns: 20 },
  );
});

test('2,000 broken requests are refused in the protocol’s shape while health answers', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.uint8Array({ maxLength: 300 }),
    fc.record({ inputs: fc.jsonValue() }).map((each) => JSON.stringify(each)),
    fc
      .record({ shape: fc.jsonValue(), data: fc.jsonValue(), datatype: fc.jsonValue() })
      .map((tensor) => JSON.stringify({ inputs: [{ name: 'features', ...tensor }] })),
  );
  const headers = fc.constantFrom<Record<string, string>>(
    {},
    {},
    {},
    { 'inference-header-content-length': '5' },
    { 'inference-header-content-length': '-1' },
    { 'inference-header-content-length': '999999999' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'br' },
  );
  const paths = ['/v2/models/steady/infer', '/v2/models/..%2f/infer', '/v2/models/%ff/infer'];
  await fc.assert(
    fc.asyncProperty(body, headers, fc.constantFrom(...paths), async (bytes, extra, path) => {
      const answer = await call(`${server.url}${path}`, 'POST', bytes, extra);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(typeof (answer.body as { error: unknown }).error).toBe('string');
    }),
    { numRuns: 2_000 },
  );
  expect((await call(`${server.url}/v2/health/live`, 'GET')).status).toBe(200);
  expect((await call(urlOf('steady'), 'POST', features([1, 1]))).status).toBe(200);
});

test('a queue that is full turns callers away at once with Retry-After', async () => {
  const small = await startModelServer({
    ...folder.served,
    limits: { maxQueueRows: 8, maxBatchRows: 8, runTimeoutMs: 500, requestTimeoutMs: 1_000 },
  });
  const [pid = 0] = small.registry.route('steady').scorerPids;
  process.kill(pid, 'SIGSTOP');
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      call(`${small.url}/v2/models/steady/infer`, 'POST', features([index / 10, 1])),
    ),
  );
  const away = answers.filter(({ status }) => status === 503);
  expect(away.length).toBeGreaterThan(0);
  expect(away[0]).toMatchObject({ body: { code: 'QUEUE_FULL' } });
  expect(away[0]?.headers.get('retry-after')).toBe('1');
  await small.close();
});
