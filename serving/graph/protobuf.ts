// Reads protobuf's wire format without a library and without trusting it. What two readers could take for two
// different things is refused: a tag of more than 32 bits, a number written longer than needed, a group.
// Every length is checked against the bytes that are left.
import { refused } from '../protocol/errors';

/** Of a field on the wire: a number, eight bytes, bytes with a length, four bytes. */
export const wireTypes = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
export type WireType = (typeof wireTypes)[keyof typeof wireTypes];

/** One field of a message. `number` is meaningful for a varint, `bytes` for the others. */
export interface Field {
  readonly id: number;
  readonly wireType: WireType;
  readonly number: number;
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);
const tagLimit = 2 ** 32;
const maxVarintBytes = 10;

/** The fields of a message in order. @throws Refused MODEL_REFUSED when the bytes are not a message. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let offset = 0;
  while (offset < message.length) {
    const tag = readVarint(message, offset);
    if (tag.value >= tagLimit) throw notOnnx('a field’s tag is longer than 32 bits');
    const id = Math.floor(tag.value / 8);
    if (id === 0) throw notOnnx('a field has the number 0');
    const wireType = knownWireType(tag.value % 8);
    if (wireType === wireTypes.varint) {
      const { value, next } = readVarint(message, tag.next);
      offset = next;
      yield { id, wireType, number: value, bytes: none };
      continue;
    }
    const { start, end } = spanOf(message, tag.next, wireType);
    if (end > message.length) throw notOnnx('a field is longer than the file');
    offset = end;
    yield { id, wireType, number: 0, bytes: message.subarray(start, end) };
  }
}

function knownWireType(type: number): WireType {
  const known = Object.values(wireTypes).find((each) => each === type);
  if (known === undefined) throw notOnnx(`wire type ${type} is not used`);
  return known;
}

function spanOf(
  message: Uint8Array,
  offset: number,
  wireType: WireType,
): { start: number; end: number } {
  if (wireType === wireTypes.fixed64) return { start: offset, end: offset + 8 };
  if (wireType === wireTypes.fixed32) return { start: offset, end: offset + 4 };
  const { value, next } = readVarint(message, offset);
  return { start: next, end: next + value };
}

/** Checks numbers that follow each other without tags. @throws Refused MODEL_REFUSED */
export function checkPackedVarints(bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length;) offset = readVarint(bytes, offset).next;
}

/** Values above 2^53 lose precision; no check needs more of them than that they are large. */
function readVarint(message: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let index = 0; index < maxVarintBytes; index += 1) {
    const byte = message[start + index];
    if (byte === undefined) throw notOnnx('the file ends within a number');
    if (index === maxVarintBytes - 1 && byte > 1) throw notOnnx('a number is above 64 bits');
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte >= 0x80) continue;
    if (byte === 0 && index > 0) throw notOnnx('a number is written longer than it is');
    return { value, next: start + index + 1 };
  }
  throw notOnnx('a number is above 64 bits');
}

/** The refusal of bytes that are no ONNX model. */
export const notOnnx = (reason: string): Error =>
  refused('MODEL_REFUSED', `The model file is not ONNX: ${reason}.`);
