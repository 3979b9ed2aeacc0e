// Every route outside the hot path, in one table: method, path, summary, handler. Express is mounted from it
// and the OpenAPI description is written from it, each with the scope in scopes.ts.
import type { ModelConfig } from '../repository/modelConfig';
import type { ModelRegistry } from '../registry/modelRegistry';
import { refused } from '../protocol/errors';
import type { Readable } from 'node:stream';

/** What a handler may read of its request. */
export interface RouteCall {
  readonly parameters: Readonly<Record<string, string>>;
  /** The parsed JSON body; an empty body reads as `{}`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it arrives, where the route takes a file. */
  readonly upload?: { readonly body: Readable; readonly contentLength: string | undefined };
}

/** `json: undefined` answers with an empty body. */
export interface RouteReply {
  readonly status: number;
  readonly json?: unknown;
  /** Instead of JSON. */
  readonly text?: { readonly contentType: string; readonly body: string };
}

export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  /** Whether the body is one raw file instead of JSON. */
  readonly takesFile?: true;
  readonly answer: (call: RouteCall) => RouteReply | Promise<RouteReply>;
}

/** Name and version that the server reports. */
export const serverIdentity = { name: 'ratchet', version: '0.2.0' };
const extensions = ['model_repository', 'binary_tensor_data', 'statistics', 'model_configuration'];

const ok = (json?: unknown): RouteReply => ({ status: 200, json });

/**
 * The protocol's routes for one registry. @param onLoaded called when a load has changed the serving version.
 */
export function protocolRoutes(
  registry: ModelRegistry,
  onLoaded: (model: string) => void,
): readonly Route[] {
  return [
    ...healthRoutes(registry),
    ...forModelAndVersion('', 'Model metadata', ({ parameters }) => {
      const { model, version } = named(parameters);
      return ok(metadata(registry, model, version));
    }),
    ...forModelAndVersion('/ready', 'Whether the model answers', ({ parameters }) => {
      const { model, version } = named(parameters);
      if (registry.isReady(model, version)) return ok({ name: model, ready: true });
      throw refused('VERSION_NOT_READY', 'Model version not ready');
    }),
    ...forModelAndVersion('/config', 'The declared contract', ({ parameters }) => {
      const { model, version } = named(parameters);
      return ok(configOf(loadedConfig(registry, model, version)));
    }),
    ...repositoryRoutes(registry, onLoaded),
  ];
}

function healthRoutes(registry: ModelRegistry): readonly Route[] {
  return [
    {
      method: 'get',
      path: '/v2/health/live',
      summary: 'Whether the server runs',
      answer: () => ok({ live: true }),
    },
    {
      method: 'get',
      path: '/v2/health/ready',
      summary: 'Whether every model that should serve does',
      answer: () =>
        registry.allReady ? ok({ ready: true }) : { status: 503, json: { ready: false } },
    },
    {
      method: 'get',
      path: '/v2',
      summary: 'Server metadata',
      answer: () => ok({ ...serverIdentity, extensions }),
    },
  ];
}

function repositoryRoutes(
  registry: ModelRegistry,
  onLoaded: (model: string) => void,
): readonly Route[] {
  return [
    {
      method: 'post',
      path: '/v2/repository/index',
      summary: 'Every model of the repository with its versions and states',
      answer: async ({ body }) => {
        const index = await registry.index();
        return ok(body['ready'] === true ? index.filter(({ state }) => state === 'READY') : index);
      },
    },
    {
      method: 'post',
      path: '/v2/repository/models/:model/load',
      summary: 'Load or reload a model; the old version serves until the new one is proven',
      answer: async ({ parameters, body }) => {
        refuseOverrides(body);
        const { model } = named(parameters);
        await registry.load(model);
        onLoaded(model);
        return ok();
      },
    },
    {
      method: 'post',
      path: '/v2/repository/models/:model/unload',
      summary: 'Unload a model once its requests have ended',
      answer: async ({ parameters }) => {
        await registry.unload(named(parameters).model);
        return ok();
      },
    },
  ];
}

/** A route for a model and the same for one of its versions. */
function forModelAndVersion(suffix: string, summary: string, answer: Route['answer']): Route[] {
  return ['', '/versions/:version'].map((part) => ({
    method: 'get',
    path: `/v2/models/:model${part}${suffix}`,
    summary,
    answer,
  }));
}

function named(parameters: RouteCall['parameters']): { model: string; version?: string } {
  const { model = '', version } = parameters as { model?: string; version?: string };
  return version === undefined ? { model } : { model, version };
}

/** A request must not bring its own files or config, which would bypass the repository's digests. */
function refuseOverrides(body: RouteCall['body']): void {
  const given = body['parameters'];
  if (typeof given === 'object' && given !== null && Object.keys(given).length > 0) {
    throw refused('INPUT_INVALID', 'load takes no parameters: put the version in the repository.');
  }
}

function loadedConfig(registry: ModelRegistry, model: string, version?: string): ModelConfig {
  if (version === undefined) return registry.model(model).config;
  return registry.route(model, version).config;
}

function metadata(registry: ModelRegistry, name: string, version?: string): unknown {
  const model = registry.model(name);
  const config = loadedConfig(registry, name, version);
  return {
    name,
    versions: [...model.versions.keys()].sort((left, right) => Number(left) - Number(right)),
    platform: config.platform,
    inputs: config.inputs.map(tensorMetadata),
    outputs: config.outputs.map(tensorMetadata),
    ...(config.labels && { parameters: { labels: config.labels } }),
  };
}

const tensorMetadata = ({ name, datatype, shape }: ModelConfig['inputs'][number]): unknown => ({
  name,
  datatype,
  shape,
});

const configOf = ({ golden, versions, ...config }: ModelConfig): unknown => ({
  ...config,
  versions: Object.fromEntries(versions),
  goldenCases: golden.length,
});
