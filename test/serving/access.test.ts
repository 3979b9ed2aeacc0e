// Start-up refusals, and what the server says of itself (metrics, status, statistics, OpenAPI), all read from the
// live server. Who may call what is in authorisation.test.ts.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../serving/index';
import { readOptions } from '../../serving/main';
import { call, features } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const score = 's'.repeat(40);
const admin = 'a'.repeat(40);
const folder = new ModelFolder();
let server: ModelServer;

beforeAll(async () => {
  folder.add('quality', '1', logisticModel([1], 0), logisticConfig(1));
  server = await startModelServer({ ...folder.served, tokens: { score, admin } });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

type Paths = Record<string, Record<string, object>>;

async function describedPaths(): Promise<Paths> {
  const { body } = await call(`${server.url}/v2/openapi.json`, 'GET');
  return (body as { paths: Paths }).paths;
}

test('the description lists what is served and nothing that is not', async () => {
  const paths = await describedPaths();
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining([
      '/v2/models/{model}/infer',
      '/v2/models/{model}/versions/{version}/infer',
      '/v2/repository/index',
      '/v2/admin/models/{model}/rollout',
    ]),
  );
  for (const path of Object.keys(paths)) {
    const url = server.url + path.replace('{model}', 'quality').replace('{version}', '1');
    const { status } = await call(url, 'PUT', undefined, { Authorization: `Bearer ${admin}` });
    expect([path, status]).toEqual([path, 405]);
  }
});

test('metrics, statistics and status agree on what was done', async () => {
  const headers = { Authorization: `Bearer ${score}` };
  const infer = `${server.url}/v2/models/quality/infer`;
  for (const feature of [1, 2, 3, 3]) {
    expect((await call(infer, 'POST', features([feature]), headers)).status).toBe(200);
  }
  const metrics = (await call(`${server.url}/metrics`, 'GET', undefined, headers)).body as string;
  expect(metrics).toContain('ratchet_model_requests_total{model="quality",version="1"} 3\n');
  expect(metrics).toContain('ratchet_model_cache_hits_total{model="quality",version="1"} 1\n');
  expect(metrics).toContain(
    'ratchet_model_latency_seconds_bucket{model="quality",version="1",le="+Inf"} 3\n',
  );
  expect(metrics).toContain('process_cpu_seconds_total');
  for (const line of metrics.split('\n').filter(Boolean)) {
    expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? -?[0-9.e+-]+(Nan)?)$/i);
  }
  const status = await call(`${server.url}/v2/status`, 'GET', undefined, headers);
  expect(status.body).toMatchObject({
    models: [
      { name: 'quality', stable: '1', versions: [{ answered: 3, failed: 0, cacheHits: 1 }] },
    ],
  });
  const stats = `${server.url}/v2/models/quality/versions/1/stats`;
  expect((await call(stats, 'GET', undefined, headers)).body).toMatchObject({
    model_stats: [{ inference_stats: { success: { count: 3 }, cache_hit: { count: 1 } } }],
  });
});

test('replies carry the security headers and name no framework', async () => {
  const { headers } = await call(`${server.url}/v2/health/live`, 'GET');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
});

test.each([
  [{ host: '0.0.0.0' }, /needs a score and an admin token/],
  [{ host: '0.0.0.0', tokens: { admin } }, /needs a score/],
  [{ tokens: { admin: 'short' } }, /at least 32 characters/],
  [{ tokens: { admin, score: admin } }, /must differ/],
  [{ tokens: { admin, outcomes: admin } }, /must differ/],
  [{ host: '0.0.0.0', tokens: { admin, score } }, /needs TLS: give --tls and --tls-key/],
  [{ tls: { cert: 'no', key: 'no' } }, /certificate and its key can not be used/],
  [{ limits: { scorers: 0 } }, /scorers is 0/],
  [{ limits: { runTimeoutMs: 5_000 } }, /runTimeoutMs is 5000/],
  [{ models: '/nonexistent' }, /can not be read/],
])('refuses to start with %j', async (options, sentence) => {
  await expect(startModelServer({ ...folder.served, ...options })).rejects.toThrow(sentence);
});

test('a port in use is one sentence, and nothing is left running', async () => {
  const port = Number(new URL(server.url).port);
  await expect(startModelServer({ ...folder.served, port })).rejects.toThrow(/already in use/);
});

test('the command line takes a folder and a port, and refuses the rest by name', () => {
  const options = readOptions(['--models', 'm', '--port', '8000'], {
    RATCHET_SERVING_ADMIN_TOKEN: admin,
  });
  expect(options).toMatchObject({ models: 'm', port: 8_000, tokens: { admin } });
  expect(readOptions([], {}).models).toMatch(/serving\/models$/);
  expect(() => readOptions(['--port', 'x'], {})).toThrow(/--port is "x"/);
  expect(() => readOptions(['--porto', '1'], {})).toThrow(/--porto/);
  expect(() => readOptions([], { RATCHET_SERVING_ADMIN_TOKEN_FILE: '/nonexistent' })).toThrow(
    /can not be read/,
  );
  expect(() => readOptions(['--tls', '/nonexistent'], {})).toThrow(/belong together/);
  expect(() => readOptions(['--tls', '/nonexistent', '--tls-key', '/none'], {})).toThrow(
    /--tls names "\/nonexistent"/,
  );
  expect(readOptions(['--name', 'a.example', '--name', 'b.example'], {}).names).toEqual([
    'a.example',
    'b.example',
  ]);
});

test('a token’s file that others can read is refused', () => {
  const file = join(folder.path, 'token');
  writeFileSync(file, `${admin}\n`, { mode: 0o644 });
  const environment = { RATCHET_SERVING_ADMIN_TOKEN_FILE: file };
  expect(() => readOptions([], environment)).toThrow(/owner only \(mode 600\)/);
  chmodSync(file, 0o600);
  expect(readOptions([], environment).tokens).toEqual({ admin });
});

test('the status page shows the same figures, escaped, with no script', async () => {
  const headers = { Authorization: `Bearer ${score}` };
  const page = await call(`${server.url}/status`, 'GET', undefined, headers);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = page.body as string;
  expect(html).toContain('<h2>quality</h2>');
  expect(html).toContain('100% stable');
  expect(html).not.toContain('<script');
  expect((await call(`${server.url}/status`, 'GET')).status).toBe(401);
});
