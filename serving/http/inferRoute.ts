// The one handler of infer requests. It is called by the hot path on the raw HTTP server and by the Express
// route alike, and it writes to the bare response: Express costs 300 µs of CPU per request, more than
// parsing, scoring and answering together.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeInferResponse } from '../protocol/inferResponse';
import { parseEnvelope, readInferRequest } from '../protocol/inferRequest';
import { refused } from '../protocol/errors';
import type { ModelRegistry } from '../registry/modelRegistry';
import type { ServingLimits } from '../options';
import { readBody } from './readBody';
import { securityHeaders, sendError } from './replies';
import type { TokenGate } from './tokens';

/** Which model an infer request is for. */
export interface InferTarget {
  readonly model: string;
  readonly version?: string | undefined;
}

const inferPath = /^\/v2\/models\/([^/?]+)(?:\/versions\/([^/?]+))?\/infer(?:\?|$)/;

/** The target of an infer URL; undefined for any other path. */
export function matchInferPath(url: string): InferTarget | undefined {
  const match = inferPath.exec(url);
  return match?.[1] === undefined ? undefined : { model: match[1], version: match[2] };
}

export interface InferDependencies {
  readonly registry: ModelRegistry;
  readonly gate: TokenGate;
  readonly limits: ServingLimits;
}

/** Makes the handler; it answers every request itself and never throws. */
export function createInferRoute(
  dependencies: InferDependencies,
): (request: IncomingMessage, response: ServerResponse, target: InferTarget) => void {
  return (request, response, target) => {
    answer(dependencies, request, response, target).catch((error: unknown) => {
      sendError(request, response, error);
    });
  };
}

async function answer(
  { registry, gate, limits }: InferDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  target: InferTarget,
): Promise<void> {
  const deadlineAt = performance.now() + limits.requestTimeoutMs;
  gate.check(request, 'score');
  registry.model(target.model);
  const headerBytes = binaryHeaderLength(request);
  const maxBytes = headerBytes === undefined ? limits.maxJsonBytes : limits.maxBinaryBytes;
  const envelope = parseEnvelope(await readBody(request, maxBytes), headerBytes);
  const loaded = registry.route(target.model, target.version);
  const infer = readInferRequest(loaded.config, envelope);
  const outputs = await loaded.score({ inputs: infer.inputs, rows: infer.rows, deadlineAt });
  const origin = {
    modelName: target.model,
    version: loaded.version,
    variant: target.version === undefined ? 'stable' : 'requested',
  };
  send(response, origin, encodeInferResponse(origin, infer, outputs));
}

function send(
  response: ServerResponse,
  origin: { readonly version: string; readonly variant: string },
  { body, headerBytes }: ReturnType<typeof encodeInferResponse>,
): void {
  if (response.destroyed) return;
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': headerBytes === undefined ? 'application/json' : 'application/octet-stream',
    'Content-Length': Buffer.byteLength(body),
    'X-Model-Version': origin.version,
    'X-Model-Variant': origin.variant,
    ...(headerBytes !== undefined && { 'Inference-Header-Content-Length': headerBytes }),
  });
  response.end(body);
}

function binaryHeaderLength({ headers }: IncomingMessage): number | undefined {
  const given = headers['inference-header-content-length'];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^[0-9]{1,9}$/.test(given)) {
    throw refused('REQUEST_MALFORMED', 'Inference-Header-Content-Length must be a whole number.');
  }
  return Number(given);
}
