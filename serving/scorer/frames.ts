// The protocol between the server and a scorer process: binary frames over one socket, because a hop in JSON
// or structured clone costs more than the models themselves. Every tensor starts on an eight-byte boundary of
// a fresh buffer, so that both ends read it in place.
import { datatypeNames, datatypes, elementCount, type Tensor } from '../protocol/datatypes';

/**
 * The kinds of frames. LOAD and RUN go to the scorer, the others come back: REFUSED for a graph that is not
 * allowed, FAILED with onnxruntime's error.
 */
export const frameKinds = { load: 1, run: 2, ready: 3, result: 4, failed: 5, refused: 6 } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export interface Frame {
  readonly kind: FrameKind;
  /** Matches an answer to its request. */
  readonly sequence: number;
  readonly payload: Buffer;
}

/** payload length u32, kind u32, sequence u32, unused u32. */
export const frameHeaderBytes = 16;
const align = (offset: number): number => (offset + 7) & ~7;

/** One frame as bytes, header and payload together. */
export const encodeFrame = (kind: FrameKind, sequence: number, payload: Uint8Array): Buffer =>
  Buffer.concat([encodeHeader(kind, sequence, payload.length), payload]);

/** The header alone, for a payload too large to be copied behind it. */
export function encodeHeader(kind: FrameKind, sequence: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(frameHeaderBytes);
  writeHeader(header, kind, sequence, payloadBytes);
  return header;
}

function writeHeader(frame: Buffer, kind: FrameKind, sequence: number, payloadBytes: number): void {
  frame.writeUInt32LE(payloadBytes, 0);
  frame.writeUInt32LE(kind, 4);
  frame.writeUInt32LE(sequence, 8);
  frame.writeUInt32LE(0, 12);
}

/** The header's three fields. */
function decodeHeader(header: Buffer): {
  length: number;
  kind: FrameKind;
  sequence: number;
} {
  return {
    length: header.readUInt32LE(0),
    kind: header.readUInt32LE(4) as FrameKind,
    sequence: header.readUInt32LE(8),
  };
}

/** A tensor whose elements are spread over the requests of one batch, joined row after row. */
export interface BatchTensor {
  readonly name: string;
  readonly datatype: Tensor['datatype'];
  readonly shape: readonly number[];
  readonly parts: readonly Tensor['values'][];
}

/**
 * A RUN or RESULT frame. @param ms in a run, how long the scorer stays awake after it; in a result, how long
 * it took.
 */
export function encodeTensorFrame(
  kind: FrameKind,
  sequence: number,
  ms: number,
  tensors: readonly BatchTensor[],
): Buffer {
  let length = frameHeaderBytes + 16;
  for (const tensor of tensors) length += tensorBytes(tensor);
  const frame = Buffer.allocUnsafe(length);
  writeHeader(frame, kind, sequence, length - frameHeaderBytes);
  frame.writeDoubleLE(ms, frameHeaderBytes);
  frame.writeUInt32LE(tensors.length, frameHeaderBytes + 8);
  let offset = frameHeaderBytes + 16;
  for (const tensor of tensors) offset = writeTensor(frame, offset, tensor);
  return frame;
}

const tensorHeaderBytes = ({ name, shape }: BatchTensor): number =>
  align(16 + 4 * shape.length + Buffer.byteLength(name));

function tensorBytes(tensor: BatchTensor): number {
  const { bytes } = datatypes[tensor.datatype];
  return tensorHeaderBytes(tensor) + align(elementCount(tensor.shape) * bytes);
}

/** Datatype u32, rank u32, name length u32, unused u32, dimensions, name; then the elements. */
function writeTensor(frame: Buffer, start: number, tensor: BatchTensor): number {
  const { name, datatype, shape, parts } = tensor;
  frame.writeUInt32LE(datatypeNames.indexOf(datatype), start);
  frame.writeUInt32LE(shape.length, start + 4);
  frame.writeUInt32LE(Buffer.byteLength(name), start + 8);
  let offset = start + 16;
  for (const dimension of shape) offset = frame.writeUInt32LE(dimension, offset);
  frame.write(name, offset);
  offset = start + tensorHeaderBytes(tensor);
  const end = offset + align(elementCount(shape) * datatypes[datatype].bytes);
  for (const part of parts) {
    frame.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), offset);
    offset += part.byteLength;
  }
  return end;
}

/** How long the scorer stays awake after the run of this RUN payload, in ms. */
export const decodeWakefulMs = (payload: Buffer): number => payload.readDoubleLE(0);

/** Tensors of a RUN or RESULT payload, as views on it; `runMs` is meaningful in a result. */
export function decodeTensors(payload: Buffer): { runMs: number; tensors: Tensor[] } {
  const count = payload.readUInt32LE(8);
  const tensors: Tensor[] = [];
  let offset = 16;
  for (let index = 0; index < count; index += 1) {
    const datatype = datatypeNames[payload.readUInt32LE(offset)] ?? 'FP32';
    const rank = payload.readUInt32LE(offset + 4);
    const nameBytes = payload.readUInt32LE(offset + 8);
    const shape = Array.from({ length: rank }, (_, axis) =>
      payload.readUInt32LE(offset + 16 + 4 * axis),
    );
    const nameStart = offset + 16 + 4 * rank;
    const name = payload.toString('utf8', nameStart, nameStart + nameBytes);
    offset = align(nameStart + nameBytes);
    const length = elementCount(shape);
    const { bytes, view } = datatypes[datatype];
    const values = view(payload.buffer as ArrayBuffer, payload.byteOffset + offset, length);
    tensors.push({ name, datatype, shape, values });
    offset = align(offset + length * bytes);
  }
  return { runMs: payload.readDoubleLE(0), tensors };
}

/** Cuts a byte stream into frames; each payload is one fresh, aligned buffer. */
export class FrameReader {
  readonly #onFrame: (frame: Frame) => void;
  readonly #header = Buffer.alloc(frameHeaderBytes);
  #headerFilled = 0;
  #payload: Buffer | undefined;
  #payloadFilled = 0;

  constructor(onFrame: (frame: Frame) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#payload === undefined) offset += this.#fillHeader(chunk, offset);
      else {
        const taken = chunk.copy(this.#payload, this.#payloadFilled, offset);
        this.#payloadFilled += taken;
        offset += taken;
      }
      this.#finishFrame();
    }
  }

  #fillHeader(chunk: Buffer, offset: number): number {
    const taken = chunk.copy(this.#header, this.#headerFilled, offset);
    this.#headerFilled += taken;
    if (this.#headerFilled === frameHeaderBytes) {
      this.#payload = Buffer.allocUnsafeSlow(decodeHeader(this.#header).length);
      this.#payloadFilled = 0;
    }
    return taken;
  }

  #finishFrame(): void {
    const payload = this.#payload;
    if (payload === undefined || this.#payloadFilled < payload.length) return;
    const { kind, sequence } = decodeHeader(this.#header);
    this.#payload = undefined;
    this.#headerFilled = 0;
    this.#onFrame({ kind, sequence, payload });
  }
}
