// Goal: what our graph check accepts, another reader takes for the same model: the same operators and operator
// sets, no data outside, no subgraph, no function. Method: 20,000 models with something wrong in their bytes;
// those our check accepts are read by the onnx package too, by its Python parser and by the C++ one that
// onnxruntime shares. Skipped with a reason where Python or the package can not be had.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chanceFor } from '../../exchange/market/chance';
import { checkGraph, type GraphFacts } from '../../serving/graph/graphCheck';
import { codeOf } from '../../serving/protocol/errors';
import { shippedModels } from '../../serving/repository/checkoutRoot';
import { pythonWith } from '../support/pythonEnvironment';
import { nanModel } from './support/badModels';
import { mutatedModel } from './support/mutateModel';
import {
  externalTensor,
  floatTensor,
  graph,
  graphAttribute,
  logisticModel,
  model,
  node,
  tensorAttribute,
  value,
} from './support/onnxWriter';

const python = pythonWith('onnx-1.23.2', [
  'onnx==1.23.2',
  'numpy==2.4.6',
  'protobuf==7.36.2',
  'ml_dtypes==0.6.0',
  'typing_extensions==4.16.0',
]);
const testWithPython = python === undefined ? test.skip : test;

const ports = {
  inputs: [value({ name: 'x', shape: ['rows', 2] })],
  outputs: [value({ name: 'y', shape: ['rows', 2] })],
};
const constant = (tensor: Buffer): Buffer =>
  node({
    op: 'Constant',
    inputs: [],
    outputs: ['c'],
    attributes: [tensorAttribute('value', tensor)],
  });
const add = node({ op: 'Add', inputs: ['x', 'c'], outputs: ['y'] });
const loop = node({
  op: 'Loop',
  inputs: ['x'],
  outputs: ['y'],
  attributes: [graphAttribute('body', graph({ nodes: [add], ...ports }))],
});

const originals: readonly [Buffer, ...Buffer[]] = [
  logisticModel([0.5, -1, 0.25], 0.1),
  nanModel,
  readFileSync(join(shippedModels(), 'signal-quality', '1', 'model.onnx')),
  model(graph({ nodes: [constant(floatTensor('c', [2], [1, 2])), add], ...ports })),
  model(graph({ nodes: [constant(externalTensor('c', [2], 'secret.bin')), add], ...ports })),
  model(graph({ nodes: [loop], ...ports }), ['ai.onnx.ml']),
  model(
    graph({
      nodes: [node({ op: 'Scaler', domain: 'ai.onnx.ml', inputs: ['x'], outputs: ['y'] })],
      ...ports,
    }),
    ['ai.onnx.ml'],
  ),
];

const modelCount = 20_000;

/** What our check takes the model for; undefined where it refuses it. */
function accepted(bytes: Buffer): GraphFacts | undefined {
  try {
    return checkGraph(bytes);
  } catch (error) {
    if (codeOf(error) === 'MODEL_REFUSED') return undefined;
    throw error;
  }
}

interface Readings {
  readonly python: object;
  readonly native: object;
}

function readAll(models: readonly Buffer[]): readonly Readings[] {
  const input = Buffer.concat(
    models.flatMap((bytes) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    }),
  );
  const script = join(__dirname, 'support', 'read_graphs.py');
  const { stdout, stderr } = spawnSync(python ?? '', [script], { input, maxBuffer: 2 ** 28 });
  const lines = stdout.toString('utf8').trim().split('\n');
  if (lines.length !== models.length) throw new Error(stderr.toString('utf8').slice(-2_000));
  return lines.map((line) => JSON.parse(line) as Readings);
}

testWithPython('of 20,000 mutated models none means one thing here and another elsewhere', () => {
  const chance = chanceFor(20_261_127, 'mutated models');
  const taken: { readonly bytes: Buffer; readonly facts: GraphFacts }[] = [];
  for (let count = 0; count < modelCount; count += 1) {
    const bytes = mutatedModel(chance.pick(originals), chance);
    const facts = accepted(bytes);
    if (facts !== undefined) taken.push({ bytes, facts });
  }
  // Enough are refused and enough are left to be compared.
  expect(taken.length).toBeGreaterThan(modelCount / 20);
  expect(taken.length).toBeLessThan(modelCount / 2);
  const readings = readAll(taken.map(({ bytes }) => bytes));
  taken.forEach(({ bytes, facts }, index) => {
    const same = { ...facts, hidden: {} };
    const { python: readByPython, native } = readings[index] ?? {};
    const where = bytes.toString('hex');
    expect({ where, readByPython }).toEqual({ where, readByPython: same });
    expect({ where, native }).toEqual({ where, native: same });
  });
});

testWithPython('the other readers see what is hidden where our check refuses', () => {
  // The tag of an operator's name, written with a 33rd bit: `Identity` to one reader, `Expand` to another.
  const hidden = Buffer.concat([
    node({ op: 'Identity', inputs: ['x'], outputs: ['y'] }),
    Buffer.from([0xa2, 0x80, 0x80, 0x80, 0x10, 6]),
    Buffer.from('Expand'),
  ]);
  const bytes = model(graph({ nodes: [hidden], ...ports }));
  expect(accepted(bytes)).toBeUndefined();
  expect(readAll([bytes])[0]?.native).toMatchObject({ operators: ['Expand'] });
});
