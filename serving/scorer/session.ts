// What a scorer does with a frame: it holds one onnxruntime session, loads a model into it, and runs it. The
// graph is read here and not in the server: a file of 64 MiB can hold millions of fields, and walking them
// takes a second.
import { InferenceSession, Tensor as RuntimeTensor } from '../../infra/onnxruntime';
import { Refused } from '../../domain/errors';
import { checkGraph } from '../graph/graphCheck';
import { datatypeOfRuntime, datatypes, type Tensor } from '../protocol/datatypes';
import { decodeTensors, encodeFrame, encodeTensorFrame, frameKinds, type Frame } from './frames';

/** What a scorer reports once its session is ready. */
export interface ScorerReady {
  readonly inputs: readonly RuntimeSignature[];
  readonly outputs: readonly RuntimeSignature[];
  readonly loadMs: number;
  readonly residentBytes: number;
}

/** A tensor as the graph declares it; −1 for a free dimension. */
export interface RuntimeSignature {
  readonly name: string;
  /** Protocol datatype, or onnxruntime's own word where the server does not serve that type. */
  readonly datatype: string;
  readonly shape: readonly number[];
}

let session: InferenceSession | undefined;

/** The frame to send back. It never throws. */
export async function answerFrame(frame: Frame): Promise<Buffer> {
  try {
    if (frame.kind === frameKinds.load) return await load(frame);
    return await run(frame);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const kind = error instanceof Refused ? frameKinds.refused : frameKinds.failed;
    return encodeFrame(kind, frame.sequence, Buffer.from(reason.slice(0, 2_000)));
  }
}

async function load(frame: Frame): Promise<Buffer> {
  const started = performance.now();
  checkGraph(frame.payload);
  session = await InferenceSession.create(frame.payload, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    // Otherwise onnxruntime chooses by the bytes between its own format and the one that was checked.
    extra: { session: { load_model_format: 'ONNX' } },
  });
  const ready: ScorerReady = {
    inputs: session.inputMetadata.map(signature),
    outputs: session.outputMetadata.map(signature),
    loadMs: performance.now() - started,
    residentBytes: process.memoryUsage().rss,
  };
  return encodeFrame(frameKinds.ready, frame.sequence, Buffer.from(JSON.stringify(ready)));
}

function signature(metadata: InferenceSession.ValueMetadata): RuntimeSignature {
  if (!metadata.isTensor) return { name: metadata.name, datatype: 'not a tensor', shape: [] };
  return {
    name: metadata.name,
    datatype: datatypeOfRuntime(metadata.type) ?? metadata.type,
    shape: metadata.shape.map((dimension) => (typeof dimension === 'number' ? dimension : -1)),
  };
}

async function run(frame: Frame): Promise<Buffer> {
  if (session === undefined) throw new Error('no model is loaded');
  const feeds: Record<string, RuntimeTensor> = {};
  for (const tensor of decodeTensors(frame.payload).tensors) feeds[tensor.name] = toRuntime(tensor);
  const started = performance.now();
  const results = await session.run(feeds);
  const runMs = performance.now() - started;
  const outputs = session.outputNames.map((name) => fromRuntime(name, results[name]));
  return encodeTensorFrame(
    frameKinds.result,
    frame.sequence,
    runMs,
    outputs.map((output) => ({ ...output, parts: [output.values] })),
  );
}

const toRuntime = ({ datatype, values, shape }: Tensor): RuntimeTensor =>
  new RuntimeTensor(datatypes[datatype].runtimeName as 'float32', values as Float32Array, shape);

function fromRuntime(name: string, tensor: RuntimeTensor | undefined): Tensor {
  const datatype = tensor === undefined ? undefined : datatypeOfRuntime(tensor.type);
  if (tensor === undefined || datatype === undefined)
    throw new Error(`output ${name} is not served`);
  return { name, datatype, shape: tensor.dims, values: tensor.data as Tensor['values'] };
}
