// The tensor types of the Open Inference Protocol that this server supports, each with its width, its typed
// array and onnxruntime's name. BYTES, FP16 and BF16 are not served: callers tokenise text and widen half
// floats first. 64-bit integers live in BigInt arrays, as onnxruntime requires.

/** A tensor's elements, row-major. BOOL is one byte per element, 0 or 1. */
export type TensorValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Protocol names of the supported element types. */
export const datatypeNames = [
  'BOOL',
  'UINT8',
  'INT8',
  'UINT16',
  'INT16',
  'UINT32',
  'INT32',
  'UINT64',
  'INT64',
  'FP32',
  'FP64',
] as const;
export type Datatype = (typeof datatypeNames)[number];

/** A named tensor as the protocol carries it; `values.length` is the product of `shape`. */
export interface Tensor {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly values: TensorValues;
}

interface DatatypeForm {
  readonly bytes: number;
  /** onnxruntime's name, e.g. `float32`. */
  readonly runtimeName: string;
  /** Inclusive bounds of an integer type; absent for floats. */
  readonly bounds?: readonly [number, number];
  readonly create: (length: number) => TensorValues;
  readonly view: (buffer: ArrayBuffer, byteOffset: number, length: number) => TensorValues;
}

function form(
  runtimeName: string,
  array: {
    new (length: number): TensorValues;
    new (buffer: ArrayBuffer, byteOffset: number, length: number): TensorValues;
    readonly BYTES_PER_ELEMENT: number;
  },
  bounds?: readonly [number, number],
): DatatypeForm {
  return {
    bytes: array.BYTES_PER_ELEMENT,
    runtimeName,
    ...(bounds && { bounds }),
    create: (length) => new array(length),
    view: (buffer, byteOffset, length) => new array(buffer, byteOffset, length),
  };
}

const safe = Number.MAX_SAFE_INTEGER;

/** Everything the server knows about a datatype. 64-bit bounds are those exact in JSON. */
export const datatypes: Readonly<Record<Datatype, DatatypeForm>> = {
  BOOL: form('bool', Uint8Array, [0, 1]),
  UINT8: form('uint8', Uint8Array, [0, 255]),
  INT8: form('int8', Int8Array, [-128, 127]),
  UINT16: form('uint16', Uint16Array, [0, 65_535]),
  INT16: form('int16', Int16Array, [-32_768, 32_767]),
  UINT32: form('uint32', Uint32Array, [0, 4_294_967_295]),
  INT32: form('int32', Int32Array, [-2_147_483_648, 2_147_483_647]),
  UINT64: form('uint64', BigUint64Array, [0, safe]),
  INT64: form('int64', BigInt64Array, [-safe, safe]),
  FP32: form('float32', Float32Array),
  FP64: form('float64', Float64Array),
};

const byRuntimeName = new Map(datatypeNames.map((name) => [datatypes[name].runtimeName, name]));

/** The protocol's name for onnxruntime's element type; undefined when it is not served. */
export const datatypeOfRuntime = (runtimeName: string): Datatype | undefined =>
  byRuntimeName.get(runtimeName);

/** Number of elements of a shape; the empty shape is a scalar. */
export const elementCount = (shape: readonly number[]): number =>
  shape.reduce((product, dimension) => product * dimension, 1);

/** Whether the array holds 64-bit integers, which need BigInt elements. */
export const isBigIntArray = (values: TensorValues): values is BigInt64Array | BigUint64Array =>
  values instanceof BigInt64Array || values instanceof BigUint64Array;
