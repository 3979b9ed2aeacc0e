// Turns the body of an infer request, JSON or JSON header plus binary tensors, into tensors that fit the
// model's contract. Every mistake of a caller is found here, before the request can share a batch with
// others: onnxruntime itself ignores unknown names and answers NaN to NaN without an error.
import type { ModelConfig, TensorContract } from '../repository/modelConfig';
import { elementCount, type Tensor } from './datatypes';
import { refused } from './errors';
import { readBinaryValues, readJsonValues } from './tensorValues';

/** Which outputs the caller wants, and in which form. */
export interface WantedOutput {
  readonly name: string;
  readonly binary: boolean;
}

export interface InferRequest {
  readonly id?: string | undefined;
  /** In the order of the contract. */
  readonly inputs: readonly Tensor[];
  /** In the order asked for; every output when the caller names none. */
  readonly wanted: readonly WantedOutput[];
  /** Rows in the batch: the first dimension, or 1 for a model without a batch dimension. */
  readonly rows: number;
}

/** The outer form of a request, which is read before the answering version is known. */
export interface Envelope {
  readonly header: JsonObject;
  readonly id?: string | undefined;
  /** Sticky assignment key from `parameters.routing_key`, if any. */
  readonly routingKey?: string | undefined;
  readonly binaryOutputs: boolean;
  readonly body: Buffer;
  /** Length of the JSON part when binary tensors follow it. */
  readonly headerBytes: number | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** Largest count of elements one tensor may have; the body limits bound the rest. */
const maxElements = 16 * 1024 * 1024;
const maxIdLength = 256;

/**
 * Reads the outer form of an infer request.
 * @param headerBytes length of the JSON part when binary tensors follow it, else undefined.
 * @throws Refused INPUT_INVALID or REQUEST_MALFORMED with one sentence naming the field.
 */
export function parseEnvelope(body: Buffer, headerBytes: number | undefined): Envelope {
  const header = parseHeader(body, headerBytes);
  checkKeys(header);
  const parameters = optionalObject(header['parameters'], 'parameters');
  return {
    header,
    id: readId(header['id']),
    routingKey: readRoutingKey(parameters?.['routing_key']),
    binaryOutputs: parameters?.['binary_data_output'] === true,
    body,
    headerBytes,
  };
}

/** Reads the tensors as the given model declares them. @throws Refused INPUT_INVALID. */
export function readInferRequest(config: ModelConfig, envelope: Envelope): InferRequest {
  const { header, body, headerBytes } = envelope;
  const binary = headerBytes === undefined ? undefined : new BinaryPart(body, headerBytes);
  const inputs = readInputs(config, header['inputs'], binary);
  binary?.checkConsumed();
  return {
    id: envelope.id,
    inputs,
    wanted: readWanted(config, header['outputs'], envelope.binaryOutputs),
    rows: batchRows(config, inputs),
  };
}

/** Hands out the raw tensors that follow the JSON header, in order. */
class BinaryPart {
  readonly #body: Buffer;
  #offset: number;

  constructor(body: Buffer, headerBytes: number) {
    this.#body = body;
    this.#offset = headerBytes;
  }

  take(length: number, field: string): Buffer {
    if (this.#offset + length > this.#body.length) {
      const left = this.#body.length - this.#offset;
      throw invalid(`${field} declares binary_data_size ${length}, only ${left} bytes are left`);
    }
    this.#offset += length;
    return this.#body.subarray(this.#offset - length, this.#offset);
  }

  checkConsumed(): void {
    const left = this.#body.length - this.#offset;
    if (left > 0) throw invalid(`${left} bytes follow the last binary tensor; none are allowed`);
  }
}

function parseHeader(body: Buffer, headerBytes: number | undefined): JsonObject {
  if (headerBytes !== undefined && headerBytes > body.length) {
    throw refused(
      'REQUEST_MALFORMED',
      `Inference-Header-Content-Length is ${headerBytes}, the body has only ${body.length} bytes.`,
    );
  }
  let header: unknown;
  try {
    header = JSON.parse(body.toString('utf8', 0, headerBytes ?? body.length));
  } catch {
    throw refused('REQUEST_MALFORMED', 'The request body is not valid JSON.');
  }
  return object(header, 'the request body');
}

const requestKeys = new Set(['id', 'parameters', 'inputs', 'outputs']);

function checkKeys(header: JsonObject): void {
  for (const key of Object.keys(header)) {
    if (!requestKeys.has(key)) {
      throw invalid(`"${key.slice(0, 40)}" is not a field of an infer request`);
    }
  }
}

function readInputs(
  config: ModelConfig,
  entries: unknown,
  binary: BinaryPart | undefined,
): readonly Tensor[] {
  if (!Array.isArray(entries)) throw invalid('inputs must be an array of tensors');
  const found = new Map<string, Tensor>();
  for (const [index, entry] of entries.entries()) {
    const tensor = readInput(config, object(entry, `inputs[${index}]`), index, binary);
    if (found.has(tensor.name)) throw invalid(`input ${tensor.name} is given twice`);
    found.set(tensor.name, tensor);
  }
  return config.inputs.map((contract) => {
    const tensor = found.get(contract.name);
    if (tensor === undefined) throw invalid(`input ${contract.name} is missing`);
    return tensor;
  });
}

function readInput(
  config: ModelConfig,
  entry: JsonObject,
  index: number,
  binary: BinaryPart | undefined,
): Tensor {
  const contract = config.inputs.find((input) => input.name === entry['name']);
  if (contract === undefined) {
    const known = config.inputs.map((input) => input.name).join(', ');
    const given = JSON.stringify(entry['name'] ?? null).slice(0, 80);
    throw invalid(`inputs[${index}].name is ${given}, ${config.name} takes ${known}`);
  }
  if (entry['datatype'] !== contract.datatype) {
    const given = JSON.stringify(entry['datatype'] ?? null).slice(0, 40);
    throw invalid(`input ${contract.name} has datatype ${given}, must be "${contract.datatype}"`);
  }
  const shape = readShape(contract, entry['shape']);
  return {
    name: contract.name,
    datatype: contract.datatype,
    shape,
    values: readValues(contract, shape, entry, binary),
  };
}

function readValues(
  contract: TensorContract,
  shape: readonly number[],
  entry: JsonObject,
  binary: BinaryPart | undefined,
): Tensor['values'] {
  const parameters = optionalObject(entry['parameters'], `input ${contract.name} parameters`);
  const size = parameters?.['binary_data_size'];
  if (size === undefined) return readJsonValues(contract, shape, entry['data']);
  if (binary === undefined) {
    throw invalid(
      `input ${contract.name} has binary_data_size, but the header Inference-Header-Content-Length is missing`,
    );
  }
  if (entry['data'] !== undefined) {
    throw invalid(`input ${contract.name} has both data and binary_data_size`);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(`input ${contract.name} binary_data_size must be a whole number of bytes`);
  }
  return readBinaryValues(contract, shape, binary.take(size, `input ${contract.name}`));
}

function readShape(contract: TensorContract, given: unknown): readonly number[] {
  const shown = (given === undefined ? 'none' : JSON.stringify(given)).slice(0, 60);
  const wrong = (why: string): Error =>
    invalid(`input ${contract.name} has shape ${shown}; ${why}`);
  if (!Array.isArray(given) || given.length !== contract.shape.length) {
    const names = contract.shape.map((size, axis) => (size === -1 ? `dimension ${axis}` : size));
    throw wrong(`it must be [${names.join(', ')}]`);
  }
  const shape = given.map((dimension: unknown, axis) => {
    const declared = contract.shape[axis];
    const fits =
      typeof dimension === 'number' &&
      Number.isSafeInteger(dimension) &&
      (declared === -1 ? dimension >= 1 : dimension === declared);
    if (!fits) throw wrong(`dimension ${axis} must be ${declared === -1 ? '1 or more' : declared}`);
    return dimension;
  });
  if (elementCount(shape) > maxElements) {
    throw invalid(`input ${contract.name} has more than ${maxElements} elements`);
  }
  return shape;
}

function readWanted(config: ModelConfig, entries: unknown, binaryDefault: boolean): WantedOutput[] {
  if (entries === undefined) {
    return config.outputs.map(({ name }) => ({ name, binary: binaryDefault }));
  }
  if (!Array.isArray(entries)) throw invalid('outputs must be an array of output names');
  if (entries.length > config.outputs.length) {
    throw invalid(`outputs has ${entries.length} entries, ${config.name} has fewer outputs`);
  }
  return entries.map((entry: unknown, index) => {
    const { name, parameters } = object(entry, `outputs[${index}]`);
    if (typeof name !== 'string' || !config.outputs.some((output) => output.name === name)) {
      const known = config.outputs.map((output) => output.name).join(', ');
      const given = JSON.stringify(name ?? null).slice(0, 80);
      throw invalid(`outputs[${index}].name is ${given}, ${config.name} gives ${known}`);
    }
    const own = optionalObject(parameters, `outputs[${index}].parameters`);
    if (own?.['classification'] !== undefined) {
      throw invalid('the classification extension is not served; ask for the tensor itself');
    }
    const binary = own?.['binary_data'];
    return { name, binary: binary === undefined ? binaryDefault : binary === true };
  });
}

function batchRows(config: ModelConfig, inputs: readonly Tensor[]): number {
  if (!config.batchable) return 1;
  const rows = inputs[0]?.shape[0] ?? 1;
  for (const input of inputs) {
    if (input.shape[0] !== rows) {
      throw invalid(`input ${input.name} has ${input.shape[0] ?? 0} rows, the others have ${rows}`);
    }
  }
  return rows;
}

function readId(id: unknown): string | undefined {
  // Clients that always write the field say null for none.
  if (id === undefined || id === null) return undefined;
  if (typeof id !== 'string' || id.length > maxIdLength) {
    throw invalid(`id must be a string of at most ${maxIdLength} characters`);
  }
  return id;
}

function readRoutingKey(key: unknown): string | undefined {
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || key.length === 0 || key.length > maxIdLength) {
    throw invalid(`parameters.routing_key must be a string of 1 to ${maxIdLength} characters`);
  }
  return key;
}

function object(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`${field} must be a JSON object`);
  }
  return value as JsonObject;
}

const optionalObject = (value: unknown, field: string): JsonObject | undefined =>
  value === undefined ? undefined : object(value, field);

const invalid = (sentence: string): Error => refused('INPUT_INVALID', `${sentence}.`);
