// Writes an infer response: JSON, or a JSON header followed by the binary tensors asked for. The JSON is
// assembled by hand, because the outputs are typed arrays and this runs once per request.
import { isBigIntArray, type Tensor, type TensorValues } from './datatypes';
import type { InferRequest, WantedOutput } from './inferRequest';

/** What an answer contains besides its tensors. */
export interface AnswerOrigin {
  readonly modelName: string;
  readonly version: string;
  /** `stable`, `canary`, `requested`, … : why this version answered. */
  readonly variant: string;
  /** True when an A/B test waits to be told how this answer turns out. */
  readonly outcomeWanted: boolean;
}

export interface EncodedAnswer {
  readonly body: Buffer | string;
  /** Set when binary tensors follow the JSON: the JSON's length in bytes. */
  readonly headerBytes?: number;
}

/** Encodes the wanted outputs of one request. */
export function encodeInferResponse(
  origin: AnswerOrigin,
  request: InferRequest,
  outputs: readonly Tensor[],
): EncodedAnswer {
  const binaries: Buffer[] = [];
  const entries = request.wanted.map((wanted) => encodeOutput(wanted, outputs, binaries));
  const id = request.id === undefined ? '' : `"id":${JSON.stringify(request.id)},`;
  const outcome = origin.outcomeWanted ? ',"outcome_wanted":true' : '';
  const json =
    `{${id}"model_name":"${origin.modelName}","model_version":"${origin.version}",` +
    `"parameters":{"variant":"${origin.variant}"${outcome}},"outputs":[${entries.join(',')}]}`;
  if (binaries.length === 0) return { body: json };
  const header = Buffer.from(json);
  return { body: Buffer.concat([header, ...binaries]), headerBytes: header.length };
}

function encodeOutput(
  wanted: WantedOutput,
  outputs: readonly Tensor[],
  binaries: Buffer[],
): string {
  const tensor = outputs.find((output) => output.name === wanted.name);
  if (tensor === undefined) return 'null';
  const start = `{"name":${JSON.stringify(tensor.name)},"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(',')}]`;
  if (!wanted.binary) return `${start},"data":${encodeNumbers(tensor)}}`;
  const { buffer, byteOffset, byteLength } = tensor.values;
  binaries.push(Buffer.from(buffer, byteOffset, byteLength));
  return `${start},"parameters":{"binary_data_size":${byteLength}}}`;
}

function encodeNumbers({ datatype, values }: Tensor): string {
  if (datatype === 'BOOL') return `[${Array.from(values as Uint8Array, Boolean).join(',')}]`;
  return `[${joinNumbers(values)}]`;
}

function joinNumbers(values: TensorValues): string {
  return isBigIntArray(values) ? values.join(',') : values.join(',');
}
