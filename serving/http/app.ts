// Express for every request outside the hot path: the route table, bodies of the declared content type or of none,
// and the protocol's error shape for unknown paths, wrong methods and thrown errors.
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type Response,
} from 'express';
import { refused } from '../protocol/errors';
import type { ServingLimits } from '../options';
import type { createInferRoute } from './inferRoute';
import { readBody } from './readBody';
import { checkContentType, fileType, jsonType } from './entrance';
import { securityHeaders, sendError, sendJson, sendText } from './replies';
import type { Route, RouteCall } from './routes';
import { scopeOf } from './scopes';
import type { TokenGate } from './tokens';

export interface AppDependencies {
  readonly routes: readonly Route[];
  readonly infer: ReturnType<typeof createInferRoute>;
  readonly gate: TokenGate;
  readonly limits: ServingLimits;
}

/** The Express application over the route table. */
export function createApp(dependencies: AppDependencies): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  mountInfer(app, dependencies);
  for (const route of dependencies.routes) mountRoute(app, route, dependencies);
  const served = [...inferPaths, ...dependencies.routes.map(({ path }) => path)].map(patternOf);
  app.use((request) => {
    if (served.some((pattern) => pattern.test(request.path))) {
      throw refused('METHOD_NOT_ALLOWED', `${request.method} is not served on ${request.path}.`);
    }
    throw refused('PATH_UNKNOWN', `There is nothing at ${request.path.slice(0, 120)}.`);
  });
  app.use(onError);
  return app;
}

const inferPaths = ['/v2/models/:model/infer', '/v2/models/:model/versions/:version/infer'];

/** The requests whose path is this one, as Express takes them. */
const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i');

function mountInfer(app: Express, { infer }: AppDependencies): void {
  for (const path of inferPaths) {
    app.post(path, (request: Request<{ model: string; version?: string }>, response) => {
      infer(request, response, request.params);
    });
  }
}

function mountRoute(app: Express, route: Route, { gate, limits }: AppDependencies): void {
  const scope = scopeOf(route);
  const types = route.takesFile === true ? fileType : jsonType;
  app[route.method](route.path, async (request: Request, response: Response) => {
    gate.check(request, scope);
    if (route.method === 'post') checkContentType(request, types);
    const parameters = request.params as Record<string, string>;
    const { status, json, text } = await route.answer(
      route.takesFile === true
        ? { parameters, body: {}, upload: uploadOf(request) }
        : { parameters, body: await jsonOf(route, request, limits.maxJsonBytes) },
    );
    if (text !== undefined) sendText(response, status, text.contentType, text.body);
    else if (json !== undefined) sendJson(response, status, json);
    else response.writeHead(status, { ...securityHeaders, 'Content-Length': 0 }).end();
  });
}

/** Every route that Express serves, as `METHOD path`. */
export function servedRoutes(app: Express): readonly string[] {
  const layers = (app.router as unknown as { stack: readonly Layer[] }).stack;
  return layers.flatMap(({ route }) =>
    Object.keys(route?.methods ?? {}).map(
      (method) => `${method.toUpperCase()} ${route?.path ?? ''}`,
    ),
  );
}

/** A layer of Express's router. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

const uploadOf = (request: Request): NonNullable<RouteCall['upload']> => ({
  body: request,
  contentLength: request.headers['content-length'],
});

const jsonOf = (
  route: Route,
  request: Request,
  maxBytes: number,
): Promise<Record<string, unknown>> =>
  route.method === 'get' ? Promise.resolve({}) : readJson(request, maxBytes);

async function readJson(request: Request, maxBytes: number): Promise<Record<string, unknown>> {
  const text = (await readBody(request, maxBytes)).toString('utf8');
  if (text.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw refused('REQUEST_MALFORMED', 'The request body is not valid JSON.');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw refused('REQUEST_MALFORMED', 'The request body must be a JSON object.');
  }
  return body as Record<string, unknown>;
}

/** Express recognises an error handler by its four parameters. */
const onError: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) {
    next(error);
    return;
  }
  const undecodable = error instanceof URIError;
  sendError(
    request,
    response,
    undecodable ? refused('REQUEST_MALFORMED', 'The path is not valid.') : error,
  );
};
