// The messages of an ONNX model that are served, with every field they may have. A field that is not listed
// is refused, and so is one that comes twice where it may come once: readers differ in what they then take.
// Numbers and types are those of onnx.proto.
import { isUtf8 } from 'node:buffer';
import { refused } from '../protocol/errors';
import { checkPackedVarints, notOnnx, readFields, wireTypes, type Field } from './protobuf';

/** How a field is written: a number, a float, a double, UTF-8 text, bytes, or another message. */
type Kind = 'number' | 'float' | 'double' | 'text' | 'bytes' | 'message';

interface FieldShape {
  readonly name: string;
  readonly kind: Kind;
  readonly repeated: boolean;
  /** The largest value of a number that readers keep in 32 bits. */
  readonly max?: number;
  /** Why a model that has this field is not served. */
  readonly forbidden?: string;
}

export type MessageShape = ReadonlyMap<number, FieldShape>;

/** A field of a message with its name. */
export interface NamedField extends Field {
  readonly name: string;
}

const one = (name: string, kind: Kind): FieldShape => ({ name, kind, repeated: false });
const many = (name: string, kind: Kind): FieldShape => ({ name, kind, repeated: true });
const upTo = (max: number, name: string): FieldShape => ({ ...one(name, 'number'), max });
const never = (forbidden: string): FieldShape => ({ ...many('', 'message'), forbidden });

const maxInt32 = 2 ** 31 - 1;
const lastAttributeType = 14;
const subgraph = never('it has a subgraph');
const sparse = never('it has sparse constants');

export const modelShape: MessageShape = new Map([
  [1, one('irVersion', 'number')],
  [2, one('producerName', 'text')],
  [3, one('producerVersion', 'text')],
  [4, one('domain', 'text')],
  [5, one('modelVersion', 'number')],
  [6, one('documentation', 'text')],
  [7, one('graph', 'message')],
  [8, many('opset', 'message')],
  [14, many('entry', 'message')],
  [20, never('it carries training graphs')],
  [25, never('it defines functions of its own')],
]);

export const opsetShape: MessageShape = new Map([
  [1, one('domain', 'text')],
  [2, one('version', 'number')],
]);

export const graphShape: MessageShape = new Map([
  [1, many('node', 'message')],
  [2, one('name', 'text')],
  [5, many('tensor', 'message')],
  [10, one('documentation', 'text')],
  [11, many('value', 'message')],
  [12, many('value', 'message')],
  [13, many('value', 'message')],
  [14, many('annotation', 'message')],
  [15, sparse],
  [16, many('entry', 'message')],
]);

export const nodeShape: MessageShape = new Map([
  [1, many('input', 'text')],
  [2, many('output', 'text')],
  [3, one('name', 'text')],
  [4, one('operator', 'text')],
  [5, many('attribute', 'message')],
  [6, one('documentation', 'text')],
  [7, one('domain', 'text')],
  [9, many('entry', 'message')],
]);

const attributeShape: MessageShape = new Map([
  [1, one('name', 'text')],
  [2, one('float', 'float')],
  [3, one('integer', 'number')],
  [4, one('string', 'bytes')],
  [5, one('tensor', 'message')],
  [6, subgraph],
  [7, many('floats', 'float')],
  [8, many('integers', 'number')],
  [9, many('strings', 'bytes')],
  [10, many('tensor', 'message')],
  [11, subgraph],
  [13, one('documentation', 'text')],
  [20, upTo(lastAttributeType, 'type')],
  [22, sparse],
  [23, sparse],
]);

const outside = 'it keeps data outside its file';

const tensorShape: MessageShape = new Map([
  [1, many('size', 'number')],
  [2, upTo(maxInt32, 'dataType')],
  [4, many('floats', 'float')],
  [5, many('integers', 'number')],
  [6, many('strings', 'bytes')],
  [7, many('integers', 'number')],
  [8, one('name', 'text')],
  [9, one('raw', 'bytes')],
  [10, many('doubles', 'double')],
  [11, many('integers', 'number')],
  [12, one('documentation', 'text')],
  [13, never(outside)],
  // 0 is the file itself, which need not be said.
  [14, { ...one('dataLocation', 'number'), forbidden: outside }],
  [16, many('entry', 'message')],
]);

/** Fields that hold a message of their own, by name, with what that message may have. */
const nested: ReadonlyMap<string, MessageShape> = new Map([
  ['attribute', attributeShape],
  ['tensor', tensorShape],
  ['entry', new Map([1, 2].map((id) => [id, one(id === 1 ? 'key' : 'text', 'text')]))],
  [
    'annotation',
    new Map([
      [1, one('tensorName', 'text')],
      [2, many('entry', 'message')],
    ]),
  ],
  [
    'value',
    new Map([
      [1, one('name', 'text')],
      [2, one('valueType', 'message')],
      [3, one('documentation', 'text')],
      [4, many('entry', 'message')],
    ]),
  ],
  [
    'valueType',
    new Map([
      [1, one('tensorType', 'message')],
      [6, one('denotation', 'text')],
    ]),
  ],
  [
    'tensorType',
    new Map([
      [1, upTo(maxInt32, 'elementType')],
      [2, one('dimensions', 'message')],
    ]),
  ],
  ['dimensions', new Map([[1, many('dimension', 'message')]])],
  [
    'dimension',
    new Map([
      [1, one('size', 'number')],
      [2, one('symbol', 'text')],
      [3, one('denotation', 'text')],
    ]),
  ],
]);

/** The fields of a message, each as its shape allows. @throws Refused MODEL_REFUSED naming what is not. */
export function* fieldsOf(message: Uint8Array, shape: MessageShape): Generator<NamedField> {
  const seen = new Set<number>();
  for (const field of readFields(message)) {
    const known = shape.get(field.id);
    if (known === undefined) throw notOnnx(`field ${field.id} is not known`);
    if (!known.repeated && seen.has(field.id)) throw notOnnx(`${known.name} is given twice`);
    seen.add(field.id);
    checkField(field, known);
    yield { ...field, name: known.name };
  }
}

/** Walks a message to its leaves. @throws Refused MODEL_REFUSED as `fieldsOf`. */
export function checkMessage(name: string, message: Uint8Array): void {
  const shape = nested.get(name);
  if (shape === undefined) throw notOnnx(`${name} is not a message`);
  for (const field of fieldsOf(message, shape)) {
    if (shape.get(field.id)?.kind === 'message') checkMessage(field.name, field.bytes);
  }
}

function checkField(field: Field, { name, kind, repeated, max, forbidden }: FieldShape): void {
  const { number, bytes, wireType } = field;
  const packed = repeated && wireType === wireTypes.bytes && packable.has(kind);
  if (!packed && wireType !== wireTypeOf[kind]) throw notOnnx(`${name} has wire type ${wireType}`);
  if (forbidden !== undefined && (kind === 'message' || number !== 0)) throw forbiddenBy(forbidden);
  if (max !== undefined && number > max) throw notOnnx(`${name} is ${number}, at most ${max}`);
  if (kind === 'text' && !isUtf8(bytes)) throw notOnnx(`${name} is not UTF-8`);
  if (packed) checkPacked(bytes, kind);
}

const packable = new Set<Kind>(['number', 'float', 'double']);

const wireTypeOf: Readonly<Record<Kind, number>> = {
  number: wireTypes.varint,
  float: wireTypes.fixed32,
  double: wireTypes.fixed64,
  text: wireTypes.bytes,
  bytes: wireTypes.bytes,
  message: wireTypes.bytes,
};

function checkPacked(bytes: Uint8Array, kind: Kind): void {
  if (kind === 'number') checkPackedVarints(bytes);
  else if (bytes.length % (kind === 'float' ? 4 : 8) !== 0) {
    throw notOnnx('a list of numbers ends within one');
  }
}

/** The refusal of a model for what it is made of. */
export const forbiddenBy = (sentence: string): Error =>
  refused('MODEL_REFUSED', `The model is not allowed: ${sentence}.`);
