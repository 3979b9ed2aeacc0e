// Reads protobuf's wire format, just enough to walk an ONNX graph without a library and without trusting it:
// every length is checked against the bytes that are left.
import { refused } from '../protocol/errors';

/** One field of a message. Exactly one of `number` and `bytes` is meaningful, by wire type. */
export interface Field {
  readonly id: number;
  readonly number: number;
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);

/** The fields of a message in order. @throws Refused MODEL_REFUSED when the bytes are not a message. */
export function* readFields(message: Uint8Array): Generator<Field> {
  let offset = 0;
  while (offset < message.length) {
    const key = readVarint(message, offset);
    offset = key.next;
    const id = Math.floor(key.value / 8);
    const wireType = key.value % 8;
    if (wireType === 0) {
      const { value, next } = readVarint(message, offset);
      offset = next;
      yield { id, number: value, bytes: none };
      continue;
    }
    const span = spanOf(message, offset, wireType);
    if (span.end > message.length) throw broken('a field is longer than the file');
    offset = span.end;
    yield { id, number: 0, bytes: message.subarray(span.start, span.end) };
  }
}

function spanOf(
  message: Uint8Array,
  offset: number,
  wireType: number,
): { start: number; end: number } {
  if (wireType === 1) return { start: offset, end: offset + 8 };
  if (wireType === 5) return { start: offset, end: offset + 4 };
  if (wireType !== 2) throw broken(`wire type ${wireType} is not used`);
  const { value, next } = readVarint(message, offset);
  return { start: next, end: next + value };
}

/** Values above 2^53 lose precision; none of those matters to the checks. */
function readVarint(message: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let offset = start; offset < start + 10; offset += 1) {
    const byte = message[offset];
    if (byte === undefined) throw broken('the file ends within a number');
    value += (byte & 0x7f) * factor;
    factor *= 128;
    if (byte < 0x80) return { value, next: offset + 1 };
  }
  throw broken('a number is longer than ten bytes');
}

/** UTF-8 text of a field. */
export const textOf = (field: Field): string => Buffer.from(field.bytes).toString('utf8');

const broken = (reason: string): Error =>
  refused('MODEL_REFUSED', `The model file is not ONNX: ${reason}.`);
