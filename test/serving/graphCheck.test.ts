// Goal: bytes that two readers could take for two different models are refused, each with its reason. Method:
// a good model with one thing written in another way.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkGraph } from '../../serving/graph/graphCheck';
import { shippedModels } from '../../serving/repository/checkoutRoot';
import { graph, model, node, value } from './support/onnxWriter';

const ports = {
  inputs: [value({ name: 'x', shape: ['rows', 2] })],
  outputs: [value({ name: 'y', shape: ['rows', 2] })],
};
const relu = node({ op: 'Relu', inputs: ['x'], outputs: ['y'] });
const plainGraph = graph({ nodes: [relu], ...ports });
const plain = model(plainGraph);

const withBytes = (...bytes: readonly number[]): Buffer =>
  Buffer.concat([plain, Buffer.from(bytes)]);
const inNode = (...bytes: readonly number[]): Buffer =>
  model(graph({ nodes: [Buffer.concat([relu, Buffer.from(bytes)])], ...ports }));
/** A constant of the graph made of these bytes. */
const inTensor = (...bytes: readonly number[]): Buffer =>
  model(graph({ nodes: [relu], ...ports, initializers: [Buffer.from(bytes)] }));

test('a plain model is read as what it is', () => {
  expect(checkGraph(plain)).toEqual({ irVersion: 8, operatorSets: ['@17'], operators: ['Relu'] });
});

test.each<readonly [string, Buffer, RegExp]>([
  ['a tag with a 33rd bit', withBytes(0xa8, 0x80, 0x80, 0x80, 0x10, 1), /longer than 32 bits/],
  [
    'a tag with a 64th bit',
    withBytes(0xa8, 128, 128, 128, 128, 128, 128, 128, 128, 1, 1),
    /32 bits/,
  ],
  ['a tag written longer than it is', withBytes(0xa8, 0x00, 1), /written longer/],
  ['a length written longer than it is', inNode(0x1a, 0x81, 0x00, 0x41), /written longer/],
  ['a number above 64 bits', withBytes(0x28, ...new Array<number>(9).fill(255), 2), /64 bits/],
  ['a number that does not end', withBytes(0x28, ...new Array<number>(11).fill(255)), /64 bits/],
  ['a number that is cut', withBytes(0x28, 0x80), /ends within a number/],
  ['a field with number 0', withBytes(0x02, 0), /the number 0/],
  ['the largest field number there is', withBytes(0xf8, 0xff, 0xff, 0xff, 0x0f, 1), /is not known/],
  ['a group', withBytes(0xab, 0x01, 0xac, 0x01), /wire type 3/],
  ['a field nobody knows', withBytes(0xd2, 0x01, 0), /field 26 is not known/],
  ['a field of another wire type', withBytes(0x0d, 8, 0, 0, 0), /irVersion has wire type|twice/],
  ['a second graph', Buffer.concat([plain, plain.subarray(2)]), /twice/],
  ['an operator named twice', inNode(0x22, 4, ...Buffer.from('Relu')), /operator is given twice/],
  ['a name that is not UTF-8', inNode(0x1a, 1, 0xff), /not UTF-8/],
  ['an overload of an operator', inNode(0x42, 1, 0x78), /field 8 is not known/],
  ['a data type above 32 bits', inTensor(0x10, 0x81, 0x80, 0x80, 0x80, 0x10), /dataType is/],
  ['a data location of 2³² + 1', inTensor(0x70, 0x81, 0x80, 0x80, 0x80, 0x10), /outside its file/],
  ['an empty entry of data outside', inTensor(0x6a, 0), /outside its file/],
  ['floats that end within one', inTensor(0x22, 3, 0, 0, 0), /ends within one/],
  ['packed numbers that end within one', inTensor(0x2a, 1, 0x80), /ends within a number/],
  ['another operator set domain', model(plainGraph, ['ai.onnx.training']), /operator set/],
])('%s is refused', (_what, bytes, reason) => {
  expect(() => checkGraph(bytes)).toThrow(reason);
});

test('a model that onnxruntime would take for its own format is refused, though it is a good model too', () => {
  const marked = Buffer.concat([Buffer.from([0x12, 6, 0x20, 0x20]), Buffer.from('ORTM'), plain]);
  expect(() => checkGraph(marked)).toThrow(/own format|twice/);
  const name = Buffer.from('\x12\x06  ORTM', 'latin1');
  const rest = plain.subarray(0, 2);
  const tail = plain.subarray(2 + 2 + 'ratchet-test'.length);
  expect(() => checkGraph(Buffer.concat([name, rest, tail]))).toThrow(/own format/);
  const harmless = Buffer.from('\x12\x06  ortm', 'latin1');
  expect(checkGraph(Buffer.concat([harmless, rest, tail]))).toMatchObject({ operators: ['Relu'] });
});

test.each(['sentiment/1', 'sentiment/3', 'signal-quality/1', 'signal-quality/2'])(
  'the shipped model %s passes',
  (name) => {
    const bytes = readFileSync(join(shippedModels(), name, 'model.onnx'));
    expect(checkGraph(bytes).operators.length).toBeGreaterThan(1);
  },
);
