// Versions loaded on demand inside a memory budget: loaded when asked for, unloaded least used first,
// never at the cost of the stable version, and memory that stays flat over many loads.
import { startModelServer, type ModelServer } from '../../serving/index';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';
import { until } from './support/traffic';

const folder = new ModelFolder();
let server: ModelServer;
const ask = async (version: string): Promise<number | undefined> => {
  const url = `${server.url}/v2/models/quality/versions/${version}/infer`;
  return scores(await call(url, 'POST', features([1])))[0];
};
const loaded = (): readonly string[] =>
  [...server.registry.model('quality').versions.keys()].sort();

beforeAll(async () => {
  for (const version of ['1', '2', '3', '4']) {
    folder.add('quality', version, logisticModel([Number(version)], 0), logisticConfig(1));
  }
  folder.add('quality', '5', Buffer.from('broken'), logisticConfig(1));
  folder.add('other', '1', logisticModel([1], 0), logisticConfig(1));
  server = await startModelServer({ ...folder.served, limits: { memoryBudgetMiB: 1 } });
  await server.registry.load('quality', '4');
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

test('a version asked for by number is loaded, and the one before it makes room', async () => {
  expect(loaded()).toEqual(['4']);
  expect(await ask('1')).toBeCloseTo(sigmoid(1), 6);
  expect(await ask('2')).toBeCloseTo(sigmoid(2), 6);
  await until(() => !loaded().includes('1'));
  expect(loaded()).toEqual(['2', '4']);
  expect(await ask('4')).toBeCloseTo(sigmoid(4), 6);
});

test('callers that ask together wait for one load', async () => {
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask('3')));
  for (const answer of answers) expect(answer).toBeCloseTo(sigmoid(3), 6);
});

test('a version that is broken or not declared is refused, and the others serve on', async () => {
  const url = (version: string): string =>
    `${server.url}/v2/models/quality/versions/${version}/infer`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    expect(await call(url('5'), 'POST', features([1]))).toMatchObject({ status: 422 });
  }
  expect(await call(url('9'), 'POST', features([1]))).toMatchObject({ status: 404 });
  expect(await ask('4')).toBeCloseTo(sigmoid(4), 6);
});

test('thirty loads and unloads leave no scorer and no memory behind', async () => {
  const cycle = async (count: number): Promise<number> => {
    for (let index = 0; index < count; index += 1) {
      await server.registry.load('other');
      await server.registry.unload('other');
    }
    await until(() => server.registry.model('other').versions.size === 0);
    return process.memoryUsage().rss;
  };
  const before = await cycle(10);
  const after = await cycle(20);
  expect(after).toBeLessThan(before * 1.25);
});
