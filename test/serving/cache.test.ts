// The result cache over live versions: whatever is asked of whichever version in whatever order, the answer is
// that version's own, and a cached answer counts for the spread of the scores but not for health.
import fc from 'fast-check';
import { startModelServer, type ModelServer } from '../../serving/index';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const folder = new ModelFolder();
const versions = ['1', '2', '3'];
let server: ModelServer;

beforeAll(async () => {
  for (const version of versions) {
    folder.add('quality', version, logisticModel([Number(version), 1], 0), logisticConfig(2));
  }
  server = await startModelServer({ ...folder.served, limits: { cacheEntries: 8 } });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

const ask = async (version: string, x: number): Promise<number | undefined> => {
  const url = `${server.url}/v2/models/quality/versions/${version}/infer`;
  return scores(await call(url, 'POST', features([x, 1])))[0];
};

test('an answer never crosses versions, cached or not', async () => {
  const request = fc.tuple(fc.constantFrom(...versions), fc.integer({ min: -5, max: 5 }));
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40 }), async (requests) => {
      const answers = await Promise.all(requests.map(([version, x]) => ask(version, x)));
      answers.forEach((answer, index) => {
        const [version, x] = requests[index] ?? ['', 0];
        expect(answer).toBeCloseTo(sigmoid(Number(version) * x + 1), 5);
      });
    }),
    { numRuns: 25 },
  );
  const hits = versions.map((each) => server.registry.route('quality', each).counters.cacheHits);
  expect(Math.min(...hits)).toBeGreaterThan(0);
});

test('a cached answer counts for the spread of the scores, not as an answer of the model', async () => {
  const { counters } = server.registry.route('quality', '3');
  await ask('3', 4);
  const before = { answered: counters.answered, hits: counters.cacheHits, spread: sum(counters) };
  for (let repeat = 0; repeat < 5; repeat += 1) await ask('3', 4);
  expect(counters.answered).toBe(before.answered);
  expect(counters.cacheHits).toBe(before.hits + 5);
  expect(sum(counters)).toBe(before.spread + 5);
});

const sum = ({ scores: bins }: { readonly scores: readonly number[] }): number =>
  bins.reduce((total, count) => total + count, 0);
