// Express for every request outside the hot path: the route table, JSON bodies whatever their content type,
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
import { securityHeaders, sendError, sendJson, sendText } from './replies';
import type { Route, RouteCall } from './routes';
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
  for (const path of new Set(dependencies.routes.map((route) => route.path))) {
    app.all(path, (request) => {
      throw refused('METHOD_NOT_ALLOWED', `${request.method} is not served on ${request.path}.`);
    });
  }
  app.use((request) => {
    throw refused('PATH_UNKNOWN', `There is nothing at ${request.path.slice(0, 120)}.`);
  });
  app.use(onError);
  return app;
}

function mountInfer(app: Express, { infer }: AppDependencies): void {
  for (const path of ['/v2/models/:model/infer', '/v2/models/:model/versions/:version/infer']) {
    app.post(path, (request: Request<{ model: string; version?: string }>, response) => {
      infer(request, response, request.params);
    });
    app.all(path, (request) => {
      throw refused('METHOD_NOT_ALLOWED', `${request.method} is not served on ${request.path}.`);
    });
  }
}

function mountRoute(app: Express, route: Route, { gate, limits }: AppDependencies): void {
  app[route.method](route.path, async (request: Request, response: Response) => {
    gate.check(request, route.scope);
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
