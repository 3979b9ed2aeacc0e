// A model's declared contract, read from its `config.json`. It is checked against the graph at load and
// against every tensor at scoring, so it is the one place that says what a model takes and gives. Unknown
// keys are refused: a misspelt `max` must not silently mean "no bound".
import { z } from 'zod';
import { datatypeNames, elementCount, type Datatype } from '../protocol/datatypes';
import { refused } from '../protocol/errors';
import type { SignedManifest } from './manifest';

const bound = z.union([z.number(), z.array(z.number()).min(1)]);
const shape = z
  .array(z.union([z.literal(-1), z.int().min(1).max(1_000_000)]))
  .min(1)
  .max(8);
const tensorName = z.string().min(1).max(128);

const inputSchema = z.strictObject({
  name: tensorName,
  datatype: z.enum(datatypeNames),
  shape,
  min: bound.optional(),
  max: bound.optional(),
});
const outputSchema = z.strictObject({ ...inputSchema.shape, sumTo: z.number().optional() });

/** Data as in an infer request: flat, or nested along the shape. */
export type NestedNumbers = readonly (number | boolean | NestedNumbers)[];
const nested: z.ZodType<NestedNumbers> = z.lazy(() =>
  z.array(z.union([z.number(), z.boolean(), nested])),
);

export const goldenSchema = z.strictObject({
  inputs: z.record(tensorName, nested),
  outputs: z.record(tensorName, nested),
  tolerance: z.number().positive().default(1e-5),
});

/** `name`, one lower-case word; it is also the folder's name. */
export const modelNamePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** Versions are positive whole numbers without leading zeros, as in Triton. */
export const versionPattern = /^[1-9][0-9]{0,8}$/;

/** The one runtime served, in Triton's words. */
const modelPlatform = 'onnxruntime_onnx';

const configSchema = z.strictObject({
  name: z.string().regex(modelNamePattern),
  platform: z.literal(modelPlatform),
  description: z.string().max(2_000).optional(),
  versions: z.record(
    z.string().regex(versionPattern),
    z.looseObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      /** First and last date of the market data it was trained on; its answers on these days prove nothing. */
      trained: z.strictObject({ from: z.iso.date(), to: z.iso.date() }).optional(),
      /** Cases of this version alone, instead of the model's. */
      golden: z.array(goldenSchema).max(256).optional(),
    }),
  ),
  inputs: z.array(inputSchema).min(1).max(32),
  outputs: z.array(outputSchema).min(1).max(32),
  golden: z.array(goldenSchema).max(256).default([]),
  labels: z.array(z.string()).optional(),
  /** Scorer processes per version; the server's default when absent. */
  scorers: z.int().min(1).max(16).optional(),
  /** Rows per batch at most. */
  maxBatchRows: z.int().min(1).max(4_096).optional(),
  sanity: z
    .strictObject({
      /** A version that gives the same answer to this many different inputs is out of order. */
      constantWindow: z.int().min(10).max(100_000).optional(),
    })
    .optional(),
});

export interface TensorContract {
  readonly name: string;
  readonly datatype: Datatype;
  /** −1 where the caller chooses; the first −1 is the batch. */
  readonly shape: readonly number[];
  readonly min?: number | readonly number[] | undefined;
  readonly max?: number | readonly number[] | undefined;
  /** Every row adds up to this (class probabilities: 1), within 1e-3. */
  readonly sumTo?: number | undefined;
}

export type GoldenCase = z.infer<typeof goldenSchema>;

/** One version's digest and, where it has its own, its golden cases. */
export interface VersionDeclaration {
  readonly sha256: string;
  readonly golden?: readonly GoldenCase[] | undefined;
  /** True for a version that came over HTTP and lies outside the repository folder. */
  readonly pushed?: boolean | undefined;
  /** Of a pushed version; others have theirs in a file. */
  readonly manifest?: SignedManifest | undefined;
}

export interface ModelConfig {
  readonly name: string;
  readonly platform: typeof modelPlatform;
  readonly description?: string | undefined;
  readonly versions: ReadonlyMap<string, VersionDeclaration>;
  readonly inputs: readonly TensorContract[];
  readonly outputs: readonly TensorContract[];
  readonly golden: readonly GoldenCase[];
  readonly labels?: readonly string[] | undefined;
  readonly scorers?: number | undefined;
  readonly maxBatchRows?: number | undefined;
  readonly constantWindow?: number | undefined;
  /** May requests share a run? Then every tensor's first dimension is free. */
  readonly batchable: boolean;
}

/**
 * Reads and checks `config.json`.
 * @throws Refused MODEL_REFUSED with the first thing wrong, naming its field.
 */
export function parseModelConfig(text: string, folderName: string): ModelConfig {
  const parsed = configSchema.safeParse(parseJson(text, folderName));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue === undefined ? 'config' : issue.path.join('.') || 'config';
    throw refusedConfig(folderName, `${field}: ${issue?.message ?? 'is not valid'}`);
  }
  const { versions, sanity, ...config } = parsed.data;
  if (config.name !== folderName) {
    throw refusedConfig(folderName, `name: is "${config.name}", must equal the folder's name`);
  }
  for (const tensor of [...config.inputs, ...config.outputs]) checkTensor(tensor, folderName);
  return {
    ...config,
    versions: new Map(Object.entries(versions)),
    constantWindow: sanity?.constantWindow,
    batchable: [...config.inputs, ...config.outputs].every((tensor) => tensor.shape[0] === -1),
  };
}

function parseJson(text: string, folderName: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusedConfig(folderName, 'config.json is not JSON');
  }
}

function checkTensor(tensor: TensorContract, folderName: string): void {
  const trailing = tensor.shape.slice(1);
  for (const bounds of [tensor.min, tensor.max]) {
    if (bounds === undefined || typeof bounds === 'number') continue;
    if (trailing.includes(-1) || bounds.length !== elementCount(trailing)) {
      const wanted = trailing.includes(-1) ? 'a fixed shape' : `${elementCount(trailing)} values`;
      throw refusedConfig(folderName, `${tensor.name}: per-element bounds need ${wanted}`);
    }
  }
}

const refusedConfig = (folderName: string, reason: string): Error =>
  refused('MODEL_REFUSED', `Model ${folderName} has a wrong config.json: ${reason}.`);
