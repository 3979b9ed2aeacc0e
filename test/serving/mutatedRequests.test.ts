// Goal: whatever bytes come, the model server answers in the protocol or ends the connection, never fails inside,
// never grows, and goes on serving. Method: 2,000 requests with something wrong in their bytes, on every route.
import { chanceFor } from '../../exchange/market/chance';
import { startModelServer, type ModelServer } from '../../serving/index';
import { mutatedRequest, sendAll, type PlainRequest } from '../support/mutateRequest';
import { call, features, scores } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const tokens = { admin: 'a'.repeat(40), score: 's'.repeat(40), outcomes: 'o'.repeat(40) };
const folder = new ModelFolder();
let server: ModelServer;

beforeAll(async () => {
  folder.add('quality', '1', logisticModel([1, 2], 0), logisticConfig(2));
  server = await startModelServer({ ...folder.served, tokens, say: () => undefined });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const bodies = [
  features([1, 2]),
  { routing_key: 'a', success: true },
  { by: 'tester', reason: 'a test', candidate: '2' },
  { sha256: '0'.repeat(64), by: 'tester', reason: 'a test' },
].map((body) => JSON.stringify(body)) as [string, ...string[]];

function plainRequest(chance: ReturnType<typeof chanceFor>): PlainRequest {
  const infer = 'POST /v2/models/:model/infer';
  // Unloading would leave nothing to ask.
  const routes = [infer, ...server.routes.filter((route) => !route.endsWith('/unload'))];
  const route = chance.unit() < 0.4 ? infer : (routes[chance.whole(0, routes.length - 1)] ?? infer);
  const [method = '', pattern = ''] = route.split(' ');
  const token = chance.pick(Object.values(tokens) as [string, ...string[]]);
  return {
    method,
    path: pattern.replace(':model', 'quality').replace(':version', chance.pick(['1', '2'])),
    headers: {
      Host: 'localhost',
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
    },
    body: route === infer ? bodies[0] : chance.pick(bodies),
  };
}

const count = 2_000;
const grownMiB = 200;

test('2,000 mutated requests: no failure inside, memory bounded, the next is scored', async () => {
  const chance = chanceFor(20_261_127, 'mutated requests');
  const requests = Array.from({ length: count }, () =>
    mutatedRequest(plainRequest(chance), chance),
  );
  const before = process.memoryUsage().rss;
  const answers = await sendAll(Number(new URL(server.url).port), requests);
  answers.forEach((statuses, index) => {
    const inside = statuses.filter((status) => status >= 500 && status !== 503 && status !== 504);
    expect([requests[index]?.toString('latin1').slice(0, 2_000), inside]).toEqual([
      expect.anything(),
      [],
    ]);
  });
  const seen = new Set(answers.flat());
  for (const status of [200, 400, 403, 404, 405, 415, 421]) expect([...seen]).toContain(status);
  expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(grownMiB);
  const url = `${server.url}/v2/models/quality/infer`;
  const headers = { Authorization: `Bearer ${tokens.score}` };
  expect(scores(await call(url, 'POST', features([1, 2]), headers))).toHaveLength(1);
});
