// The one handler of infer requests. The hot path on the raw HTTP server and the Express route both call it.
// It writes to the bare response, because Express costs 300 µs of CPU per request, more than parsing, scoring
// and answering together.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeInferResponse } from '../protocol/inferResponse';
import { parseEnvelope, readInferRequest } from '../protocol/inferRequest';
import type { Tensor } from '../protocol/datatypes';
import { codeOf, refused } from '../protocol/errors';
import type { LoadedVersion } from '../registry/loadedVersion';
import type { ModelRegistry } from '../registry/modelRegistry';
import type { Routed, Variant } from '../registry/routing';
import { modelFaults } from '../registry/versionCounters';
import type { ScoringJob } from '../scorer/scorerPool';
import type { RequestLog } from '../monitoring/requestLog';
import type { ServingLimits } from '../options';
import { middleOf, scoreOf } from '../registry/sanityWatch';
import type { RolloutRegistry } from '../rollout/rolloutRegistry';
import { checkContentType, inferTypes } from './entrance';
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
  readonly rollouts: Pick<RolloutRegistry, 'running'>;
  readonly log?: RequestLog | undefined;
}

/** Makes the handler. It answers every request itself and never throws. */
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
  dependencies: InferDependencies,
  request: IncomingMessage,
  response: ServerResponse,
  target: InferTarget,
): Promise<void> {
  const { registry, gate, limits, log, rollouts } = dependencies;
  const startedAt = performance.now();
  const deadlineAt = startedAt + limits.requestTimeoutMs;
  const caller = gate.check(request, 'score');
  checkContentType(request, inferTypes);
  registry.model(target.model);
  const headerBytes = binaryHeaderLength(request);
  const maxBytes = headerBytes === undefined ? limits.maxJsonBytes : limits.maxBinaryBytes;
  const envelope = parseEnvelope(await readBody(request, maxBytes), headerBytes);
  const key = headerKey(request) ?? envelope.routingKey;
  const choice = chooseVersion(registry, target, key);
  const routed = choice instanceof Promise ? await choice : choice;
  const infer = readInferRequest(routed.loaded.config, envelope);
  const job = { inputs: infer.inputs, rows: infer.rows, deadlineAt };
  const { outputs, loaded, variant } = await scoreOrStandIn(routed, job);
  const outcomeWanted =
    caller.tellsOutcomes &&
    key !== undefined &&
    rollouts.running(target.model)?.noteAnswer(key, variant) === true;
  const origin = { modelName: target.model, version: loaded.version, variant, outcomeWanted };
  send(response, origin, encodeInferResponse(origin, infer, outputs));
  if (routed.mirror !== undefined) mirror(dependencies, routed.mirror, job, outputs);
  if (log?.draws() === true) {
    const durationMs = performance.now() - startedAt;
    const { inputs, rows } = infer;
    log.add({
      model: target.model,
      version: loaded.version,
      variant,
      durationMs,
      rows,
      inputs,
      outputs,
    });
  }
}

/** A version asked for by number is loaded on demand while the caller waits. */
function chooseVersion(
  registry: ModelRegistry,
  { model, version }: InferTarget,
  key: string | undefined,
): Routed | Promise<Routed> {
  if (version === undefined) return registry.routeByKey(model, key);
  return registry.demand(model, version).then((loaded) => ({ loaded, variant: 'requested' }));
}

/** When a canary fails, the stable version answers within the same deadline, so the caller loses nothing. */
async function scoreOrStandIn(
  { loaded, variant, standIn }: Routed,
  job: ScoringJob,
): Promise<{ outputs: readonly Tensor[]; loaded: LoadedVersion; variant: Variant }> {
  try {
    return { outputs: await loaded.score(job), loaded, variant };
  } catch (error) {
    if (standIn === undefined || !modelFaults.has(codeOf(error))) throw error;
    return { outputs: await standIn.score(job), loaded: standIn, variant: 'fallback' };
  }
}

/** Sends the shadow a copy after the answer has left. Under load these copies are dropped first. */
function mirror(
  { limits, rollouts }: InferDependencies,
  shadow: LoadedVersion,
  job: ScoringJob,
  answered: readonly Tensor[],
): void {
  if (shadow.queuedRows + job.rows > limits.maxBatchRows) return;
  const deadlineAt = performance.now() + limits.requestTimeoutMs;
  const { name, outputs: contracts } = shadow.config;
  const [contract] = contracts;
  shadow.score({ ...job, deadlineAt }).then(
    (outputs) => {
      if (contract === undefined) return;
      const live = rollouts.running(name);
      live?.noteAgreement(scoreOf(answered), scoreOf(outputs), middleOf(contract));
    },
    () => {
      // The shadow counts its own failure, which is evidence and not an error of the request.
    },
  );
}

/** Names and values in turn. Node writes a list as it is, but copies and checks an object. */
const fixedHeaders = Object.entries(securityHeaders).flat();

function headerKey({ headers }: IncomingMessage): string | undefined {
  const key = headers['x-routing-key'];
  return typeof key === 'string' && key !== '' ? key.slice(0, 256) : undefined;
}

function send(
  response: ServerResponse,
  origin: { readonly version: string; readonly variant: string },
  { body, headerBytes }: ReturnType<typeof encodeInferResponse>,
): void {
  if (response.destroyed) return;
  const headers = [
    ...fixedHeaders,
    'Content-Type',
    headerBytes === undefined ? 'application/json' : 'application/octet-stream',
    'Content-Length',
    String(Buffer.byteLength(body)),
    'X-Model-Version',
    origin.version,
    'X-Model-Variant',
    origin.variant,
  ];
  if (headerBytes !== undefined) {
    headers.push('Inference-Header-Content-Length', String(headerBytes));
  }
  response.writeHead(200, headers).end(body);
}

function binaryHeaderLength({ headers }: IncomingMessage): number | undefined {
  const given = headers['inference-header-content-length'];
  if (given === undefined) return undefined;
  if (typeof given !== 'string' || !/^[0-9]{1,9}$/.test(given)) {
    throw refused('REQUEST_MALFORMED', 'Inference-Header-Content-Length must be a whole number.');
  }
  return Number(given);
}
