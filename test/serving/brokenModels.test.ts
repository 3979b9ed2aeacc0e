// The corpus of broken and hostile models: each is refused with a reason in the index, nothing else stops
// serving, health answers promptly throughout, and a model that slips through is bounded by its process.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startModelServer, type ModelServer } from '../../serving/index';
import { call, features, scores } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import {
  externalTensor,
  floatTensor,
  graph,
  graphAttribute,
  int64Tensor,
  integerAttribute,
  logisticModel,
  model,
  node,
  tensorAttribute,
  value,
} from './support/onnxWriter';

const input = value({ name: 'features', shape: ['rows', 2] });
const output = value({ name: 'probability', shape: ['rows', 1] });
const identity = node({ op: 'Identity', inputs: ['features'], outputs: ['probability'] });
const good = logisticModel([1, 2], 0);
const body = graph({ nodes: [identity], inputs: [input], outputs: [output] });

const withNode = (each: Parameters<typeof node>[0], domains?: readonly string[]): Buffer =>
  model(graph({ nodes: [node(each)], inputs: [input], outputs: [output] }), domains);
const external = externalTensor('weights', [2, 1], '../secret.bin');

const corpus: readonly [string, Uint8Array, RegExp][] = [
  ['empty file', Buffer.alloc(0), /is 0 bytes, 1 to/],
  ['one byte', Buffer.from([7]), /not ONNX/],
  [
    'a page of HTML',
    Buffer.from('<!doctype html><html><body>404</body></html>'),
    /not ONNX|not allowed/,
  ],
  ['a truncated model', good.subarray(0, good.length - 20), /not ONNX|refused the model/],
  [
    'a Loop bomb',
    withNode({
      op: 'Loop',
      inputs: ['features'],
      outputs: ['probability'],
      attributes: [graphAttribute('body', body)],
    }),
    /subgraph/,
  ],
  [
    'an If with branches',
    withNode({
      op: 'If',
      inputs: ['features'],
      outputs: ['probability'],
      attributes: [graphAttribute('then_branch', body)],
    }),
    /subgraph/,
  ],
  [
    'a ConstantOfShape bomb',
    withNode({
      op: 'ConstantOfShape',
      inputs: ['features'],
      outputs: ['probability'],
      attributes: [tensorAttribute('value', int64Tensor('v', [1], [1n]))],
    }),
    /operator ConstantOfShape/,
  ],
  [
    'a custom operator',
    withNode({ op: 'Steal', domain: 'evil', inputs: ['features'], outputs: ['probability'] }),
    /operator evil.Steal/,
  ],
  [
    'a custom operator set',
    withNode({ op: 'Identity', inputs: ['features'], outputs: ['probability'] }, ['evil']),
    /operator set "evil"/,
  ],
  [
    'external data in an initializer',
    model(
      graph({ nodes: [identity], inputs: [input], outputs: [output], initializers: [external] }),
    ),
    /outside its file/,
  ],
  [
    'external data in an attribute',
    withNode({
      op: 'Constant',
      inputs: [],
      outputs: ['probability'],
      attributes: [tensorAttribute('value', external)],
    }),
    /outside its file/,
  ],
  [
    'an attribute that is wrong for its operator',
    withNode({
      op: 'Softmax',
      inputs: ['nowhere'],
      outputs: ['probability'],
      attributes: [integerAttribute('axis', 99)],
    }),
    /refused the model/,
  ],
  ['NaN weights', logisticModel([NaN, 1], 0), /must be finite|golden|warm/],
  ['another input width', logisticModel([1, 2, 3], 0), /does not fit its config/],
  [
    'other names',
    model(
      graph({
        nodes: [node({ op: 'Sigmoid', inputs: ['x'], outputs: ['y'] })],
        inputs: [value({ name: 'x', shape: ['rows', 2] })],
        outputs: [value({ name: 'y', shape: ['rows', 2] })],
      }),
    ),
    /does not fit its config/,
  ],
  [
    'a constant that does not fill its shape',
    model(
      graph({
        nodes: [node({ op: 'Gemm', inputs: ['features', 'weights'], outputs: ['probability'] })],
        inputs: [input],
        outputs: [output],
        initializers: [floatTensor('weights', [2, 1], [1])],
      }),
    ),
    /refused the model/,
  ],
];

const folder = new ModelFolder();
let server: ModelServer;
const said: string[] = [];

beforeAll(async () => {
  folder.add('good', '1', good, logisticConfig(2));
  corpus.forEach(([, bytes], index) =>
    folder.add(`broken-${index}`, '1', bytes, {
      ...logisticConfig(2),
      golden: [{ inputs: { features: [0, 0] }, outputs: { probability: [0.5] } }],
    }),
  );
  folder.add('swapped', '1', good, logisticConfig(2));
  writeFileSync(join(folder.path, 'swapped', '1', 'model.onnx'), logisticModel([9, 9], 9));
  folder.add('misdeclared', '1', good, {
    ...logisticConfig(2),
    golden: [{ inputs: { features: [1, 1] }, outputs: { probability: [0.1] } }],
  });
  folder.writeConfig('not-json', '{');
  folder.writeConfig('misspelt', {
    ...JSON.parse(readFileSync(join(folder.path, 'good', 'config.json'), 'utf8')),
    name: 'misspelt',
    maks: 1,
  });
  mkdirSync(join(folder.path, 'Signal Quality'));
  mkdirSync(join(folder.path, '.git'));
  // All scorers start at once, which a busy machine takes its time for.
  const limits = { loadTimeoutMs: 60_000 };
  server = await startModelServer({ ...folder.served, limits, say: (line) => said.push(line) });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

interface Entry {
  readonly name: string;
  readonly state?: string;
  readonly reason?: string;
}
const indexOf = async (name: string): Promise<Entry | undefined> =>
  ((await call(`${server.url}/v2/repository/index`, 'POST')).body as Entry[]).find(
    (entry) => entry.name === name,
  );

test.each(corpus.map(([what, , reason], index) => [what, `broken-${index}`, reason] as const))(
  'a model that is %s is refused with its reason',
  async (_what, name, reason) => {
    const entry = await indexOf(name);
    expect(entry?.state).toBe('UNAVAILABLE');
    expect(entry?.reason).toMatch(reason);
    const answer = await call(`${server.url}/v2/models/${name}/infer`, 'POST', features([1, 1]));
    expect(answer.status).toBe(404);
  },
);

test('a file whose digest is not the declared one is refused', async () => {
  expect((await indexOf('swapped'))?.reason).toMatch(/sha256/);
});

test('a model that misses its golden case is refused', async () => {
  expect((await indexOf('misdeclared'))?.reason).toMatch(/golden/);
});

test('a config that is not JSON or misspells a key is refused', async () => {
  expect((await indexOf('not-json'))?.reason).toMatch(/not JSON/);
  expect((await indexOf('misspelt'))?.reason).toMatch(/maks/);
});

test('a folder that no model can be called is in the index with what its name must be', async () => {
  const misnamed = await indexOf('Signal Quality');
  expect(misnamed).toMatchObject({ state: 'UNAVAILABLE' });
  expect(misnamed?.reason).toMatch(/name must be 1 to 64 of a-z/);
  expect(await indexOf('.git')).toBeUndefined();
});

test('each that is not served has a line of its own at the start', () => {
  const lines = said.filter((line) => line.includes(' is not served: '));
  expect(lines).toHaveLength(corpus.length + 5);
  expect(lines).toContainEqual(
    expect.stringMatching(/^model Signal Quality is not served: The folder/),
  );
});

test('the good model beside them serves, and readiness says that not all do', async () => {
  const answer = await call(`${server.url}/v2/models/good/infer`, 'POST', features([1, 1]));
  expect(scores(answer)).toHaveLength(1);
  expect((await call(`${server.url}/v2/health/ready`, 'GET')).status).toBe(503);
});
