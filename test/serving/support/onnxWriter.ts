// Writes small ONNX models byte by byte, so that the serving tests always run: no Python, no stored
// binaries, and broken models can be made on purpose. Field numbers are those of onnx.proto3.

/** One protobuf field with a length. */
function lengthField(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}
const varintField = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)]);
const textField = (field: number, text: string): Buffer => lengthField(field, Buffer.from(text));

function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export const elementTypes = { float: 1, int64: 7, bool: 9, double: 11 } as const;

/** A float constant of the graph. */
export function floatTensor(
  name: string,
  dims: readonly number[],
  values: readonly number[],
): Buffer {
  return Buffer.concat([
    ...dims.map((dim) => varintField(1, dim)),
    varintField(2, elementTypes.float),
    textField(8, name),
    lengthField(9, Buffer.from(Float32Array.from(values).buffer)),
  ]);
}

/** An int64 constant of the graph. */
export function int64Tensor(
  name: string,
  dims: readonly number[],
  values: readonly bigint[],
): Buffer {
  return Buffer.concat([
    ...dims.map((dim) => varintField(1, dim)),
    varintField(2, elementTypes.int64),
    textField(8, name),
    lengthField(9, Buffer.from(BigInt64Array.from(values).buffer)),
  ]);
}

/** A constant kept outside the model file (external data), which the server must refuse. */
export function externalTensor(name: string, dims: readonly number[], location: string): Buffer {
  const entry = Buffer.concat([textField(1, 'location'), textField(2, location)]);
  return Buffer.concat([
    ...dims.map((dim) => varintField(1, dim)),
    varintField(2, elementTypes.float),
    textField(8, name),
    lengthField(13, entry),
    varintField(14, 1),
  ]);
}

export interface NodeOptions {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly domain?: string;
  readonly attributes?: readonly Buffer[];
}

export const tensorAttribute = (name: string, tensor: Buffer): Buffer =>
  Buffer.concat([textField(1, name), lengthField(5, tensor), varintField(20, 4)]);
export const integerAttribute = (name: string, value: number): Buffer =>
  Buffer.concat([textField(1, name), varintField(3, value), varintField(20, 2)]);
export const graphAttribute = (name: string, graph: Buffer): Buffer =>
  Buffer.concat([textField(1, name), lengthField(6, graph), varintField(20, 5)]);

export function node({ op, inputs, outputs, domain, attributes = [] }: NodeOptions): Buffer {
  return Buffer.concat([
    ...inputs.map((input) => textField(1, input)),
    ...outputs.map((output) => textField(2, output)),
    textField(4, op),
    ...attributes.map((attribute) => lengthField(5, attribute)),
    ...(domain === undefined ? [] : [textField(7, domain)]),
  ]);
}

export interface ValueOptions {
  readonly name: string;
  readonly elementType?: number;
  /** A string is a symbolic, free dimension. */
  readonly shape: readonly (number | string)[];
}

export function value({ name, elementType = elementTypes.float, shape }: ValueOptions): Buffer {
  const dims = shape.map((dim) =>
    lengthField(1, typeof dim === 'number' ? varintField(1, dim) : textField(2, dim)),
  );
  const tensorType = Buffer.concat([
    varintField(1, elementType),
    lengthField(2, Buffer.concat(dims)),
  ]);
  return Buffer.concat([textField(1, name), lengthField(2, lengthField(1, tensorType))]);
}

export interface GraphOptions {
  readonly nodes: readonly Buffer[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly initializers?: readonly Buffer[];
}

export const graph = ({ nodes, inputs, outputs, initializers = [] }: GraphOptions): Buffer =>
  Buffer.concat([
    ...nodes.map((each) => lengthField(1, each)),
    textField(2, 'test'),
    ...initializers.map((each) => lengthField(5, each)),
    ...inputs.map((each) => lengthField(11, each)),
    ...outputs.map((each) => lengthField(12, each)),
  ]);

/** A whole model: IR version 8, opset 17, and any custom domains at version 1. */
export function model(graphBytes: Buffer, domains: readonly string[] = []): Buffer {
  const opset = (domain: string, version: number): Buffer =>
    lengthField(8, Buffer.concat([textField(1, domain), varintField(2, version)]));
  return Buffer.concat([
    varintField(1, 8),
    textField(2, 'ratchet-test'),
    lengthField(7, graphBytes),
    opset('', 17),
    ...domains.map((domain) => opset(domain, 1)),
  ]);
}

/** sigmoid(x · weights + bias): one probability per row, of `weights.length` features. */
export function logisticModel(weights: readonly number[], bias: number): Buffer {
  return model(
    graph({
      nodes: [
        node({ op: 'Gemm', inputs: ['features', 'weights', 'bias'], outputs: ['logit'] }),
        node({ op: 'Sigmoid', inputs: ['logit'], outputs: ['probability'] }),
      ],
      inputs: [value({ name: 'features', shape: ['rows', weights.length] })],
      outputs: [value({ name: 'probability', shape: ['rows', 1] })],
      initializers: [
        floatTensor('weights', [weights.length, 1], weights),
        floatTensor('bias', [1], [bias]),
      ],
    }),
  );
}
