// Models with something wrong in their bytes: fields moved, doubled, merged, renumbered, and numbers written
// in every form that some reader might take. Most are made of a tree of fields, so that they stay readable as
// a message; some are cut or have bits turned.
import type { Chance } from '../../../exchange/market/chance';

/** A field on the wire. `content` is a number, plain bytes, or the fields of a message. */
interface Part {
  id: number;
  type: number;
  content: bigint | Buffer | Part[];
  /** Added to the tag: what does not fit into 32 bits. */
  tagExcess: bigint;
  /** Bytes by which tag and number are longer than they need to be. */
  tagPadding: number;
  padding: number;
}

type Message = Readonly<Record<number, string>>;

/** Which fields of a message are messages, to build the tree of. */
const messages: Readonly<Record<string, Message>> = {
  model: { 7: 'graph', 8: 'opset', 14: 'entry' },
  graph: { 1: 'node', 5: 'tensor', 11: 'value', 12: 'value', 13: 'value' },
  node: { 5: 'attribute', 9: 'entry' },
  attribute: { 5: 'tensor', 6: 'graph' },
  value: { 2: 'type' },
  type: { 1: 'tensorType' },
  tensorType: { 2: 'shape' },
  shape: { 1: 'dimension' },
  opset: {},
  tensor: { 13: 'entry' },
  dimension: {},
  entry: {},
};

const varint = 0;
const lengthed = 2;

/** The model with one to three things wrong. */
export function mutatedModel(bytes: Buffer, chance: Chance): Buffer {
  const root = parse(bytes, 'model');
  for (let count = chance.whole(1, 3); count > 0; count -= 1) mutate(root, chance);
  const written = write(root);
  if (chance.unit() < 0.8) return written;
  return chance.unit() < 0.5
    ? written.subarray(0, chance.whole(1, written.length))
    : turned(written, chance);
}

function turned(bytes: Buffer, chance: Chance): Buffer {
  for (let count = chance.whole(1, 3); count > 0; count -= 1) {
    const place = chance.whole(0, bytes.length - 1);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << chance.whole(0, 7));
  }
  return bytes;
}

const texts = ['Expand', 'Loop', 'Identity', 'Relu', 'ai.onnx', 'ai.onnx.ml', 'evil', ''].map(
  (text) => Buffer.from(text),
);
const oddTexts = [
  Buffer.from('\ufeffRelu'),
  Buffer.from('Relu\0'),
  Buffer.from([0xff, 0xfe]),
  Buffer.from([0x80]),
  Buffer.from([1, 2, 3]),
];
const numbers = [0n, 1n, 2n, 8n, 21n, 1n << 31n, (1n << 32n) + 1n, 1n << 53n, (1n << 64n) - 1n];

type Mutation = (siblings: Part[], index: number, chance: Chance) => void;

const mutations: readonly [Mutation, ...Mutation[]] = [
  (siblings, index) => void (at(siblings, index).tagExcess = 1n << 32n),
  (siblings, index) => void (at(siblings, index).tagExcess = 1n << 63n),
  (siblings, index, chance) => void (at(siblings, index).tagPadding = chance.whole(1, 5)),
  (siblings, index, chance) => void (at(siblings, index).padding = chance.whole(1, 9)),
  (siblings, index) => void (at(siblings, index).id += 2 ** 29),
  (siblings, index, chance) => void (at(siblings, index).id = chance.whole(0, 30)),
  (siblings, index, chance) => void (at(siblings, index).type = chance.whole(0, 7)),
  (siblings, index) => void siblings.splice(index, 0, structuredCopy(at(siblings, index))),
  (siblings, index) => void siblings.splice(index, 1),
  (siblings, index) => void siblings.push(...siblings.splice(index, 1)),
  replaceContent,
  replaceContent,
  splitMessage,
  packNumber,
  insertField,
  wrapInGroup,
];

function mutate(root: Part[], chance: Chance): void {
  const places = [...placesIn(root)];
  const place = places[chance.whole(0, places.length - 1)];
  if (place !== undefined) chance.pick(mutations)(place.siblings, place.index, chance);
}

function replaceContent(siblings: Part[], index: number, chance: Chance): void {
  const part = at(siblings, index);
  if (typeof part.content === 'bigint') {
    const extra = numbers[chance.whole(0, numbers.length - 1)] ?? 0n;
    part.content = chance.unit() < 0.5 ? extra : BigInt.asUintN(64, part.content + (1n << 32n));
  } else if (Buffer.isBuffer(part.content)) {
    const pool = chance.unit() < 0.7 ? texts : oddTexts;
    part.content = pool[chance.whole(0, pool.length - 1)] ?? Buffer.alloc(0);
  }
}

/** A message in two pieces, which readers put together again. */
function splitMessage(siblings: Part[], index: number, chance: Chance): void {
  const part = at(siblings, index);
  if (!Array.isArray(part.content)) return;
  const cut = chance.whole(0, part.content.length);
  const rest = part.content.splice(cut);
  siblings.splice(index + 1, 0, { ...part, content: rest });
}

/** A number as the list of one number that some fields may be. */
function packNumber(siblings: Part[], index: number): void {
  const part = at(siblings, index);
  if (typeof part.content !== 'bigint') return;
  part.content = encoded(part.content, 0);
  part.type = lengthed;
}

/** What must never be in a served model, and what nobody knows. */
function insertField(siblings: Part[], index: number, chance: Chance): void {
  const id = chance.pick([13, 14, 20, 25, 26, 4, 6, 7, 15, 22, 99]);
  const content = chance.unit() < 0.5 ? 1n : Buffer.from([0x0a, 0x01, 0x78]);
  siblings.splice(index, 0, fieldOf(id, content));
}

function wrapInGroup(siblings: Part[], index: number): void {
  const { id } = at(siblings, index);
  siblings.splice(index, 0, { ...fieldOf(id, Buffer.alloc(0)), type: 3 });
  siblings.splice(index + 2, 0, { ...fieldOf(id, Buffer.alloc(0)), type: 4 });
}

const fieldOf = (id: number, content: bigint | Buffer): Part => ({
  id,
  type: typeof content === 'bigint' ? varint : lengthed,
  content,
  tagExcess: 0n,
  tagPadding: 0,
  padding: 0,
});

function at(siblings: readonly Part[], index: number): Part {
  const part = siblings[index];
  if (part === undefined) throw new Error(`there is no part ${index}`);
  return part;
}

const structuredCopy = (part: Part): Part => ({
  ...part,
  content: Array.isArray(part.content) ? part.content.map(structuredCopy) : part.content,
});

function* placesIn(siblings: Part[]): Generator<{ siblings: Part[]; index: number }> {
  for (const [index, { content }] of siblings.entries()) {
    yield { siblings, index };
    if (Array.isArray(content)) yield* placesIn(content);
  }
}

/** The tree of a model that `onnxWriter` or an exporter wrote, so nothing in it is odd. */
function parse(bytes: Buffer, message: string): Part[] {
  const parts: Part[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const tag = read(bytes, offset);
    const [id, type] = [Number(tag.value) >> 3, Number(tag.value) & 7];
    if (type === varint) {
      const { value, next } = read(bytes, tag.next);
      parts.push(fieldOf(id, value));
      offset = next;
      continue;
    }
    const length = type === lengthed ? read(bytes, tag.next) : undefined;
    const start = length?.next ?? tag.next;
    offset = start + (length === undefined ? (type === 1 ? 8 : 4) : Number(length.value));
    const content = bytes.subarray(start, offset);
    const inner = type === lengthed ? messages[message]?.[id] : undefined;
    const part = { ...fieldOf(id, content), type };
    parts.push(inner === undefined ? part : { ...part, content: parse(content, inner) });
  }
  return parts;
}

function read(bytes: Buffer, start: number): { value: bigint; next: number } {
  let value = 0n;
  for (let offset = start, shift = 0n; ; offset += 1, shift += 7n) {
    const byte = bytes[offset] ?? 0;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return { value, next: offset + 1 };
  }
}

function write(parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.flatMap((part) => written(part)));
}

function written({ id, type, content, tagExcess, tagPadding, padding }: Part): Buffer[] {
  const tag = encoded(BigInt(id) * 8n + BigInt(type) + tagExcess, tagPadding);
  if (typeof content === 'bigint') return [tag, encoded(content, padding)];
  const body = Array.isArray(content) ? write(content) : content;
  return type === lengthed ? [tag, encoded(BigInt(body.length), padding), body] : [tag, body];
}

function encoded(value: bigint, padding: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ;) {
    bytes.push(Number(rest & 0x7fn));
    rest >>= 7n;
    if (rest === 0n) break;
  }
  bytes.push(...new Array<number>(padding).fill(0));
  return Buffer.from(bytes.map((byte, index) => (index < bytes.length - 1 ? byte | 0x80 : byte)));
}
