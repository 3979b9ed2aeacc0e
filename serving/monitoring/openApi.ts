// The OpenAPI description, written from the route table, so it lists exactly what is served.
import { serverIdentity, type Route } from '../http/routes';
import { scopeOf } from '../http/scopes';

const inferBody = {
  type: 'object',
  required: ['inputs'],
  additionalProperties: false,
  properties: {
    id: { type: 'string' },
    parameters: { type: 'object' },
    inputs: {
      type: 'array',
      items: {
        type: 'object',
        required: ['name', 'shape', 'datatype'],
        properties: {
          name: { type: 'string' },
          shape: { type: 'array', items: { type: 'integer' } },
          datatype: { type: 'string' },
          parameters: { type: 'object' },
          data: { type: 'array', items: {} },
        },
      },
    },
    outputs: { type: 'array', items: { type: 'object' } },
  },
};

const errorAnswer = {
  description: 'Refused or failed; one sentence says why.',
  content: {
    'application/json': {
      schema: {
        type: 'object',
        required: ['error'],
        properties: { error: { type: 'string' }, code: { type: 'string' } },
      },
    },
  },
};

/**
 * OpenAPI 3.1 for the table and for the two infer paths, which are not in the table because they are the hot
 * path.
 */
export function openApiDocument(routes: readonly Route[]): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of [...routes, ...inferRoutes]) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: `${serverIdentity.name} model server`, version: serverIdentity.version },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    paths,
  };
}

type Described = Pick<Route, 'method' | 'path' | 'summary'> & { readonly body?: unknown };

const inferRoutes: readonly Described[] = ['', '/versions/:version'].map((part) => ({
  method: 'post',
  path: `/v2/models/:model${part}/infer`,
  summary: 'Score: JSON, or JSON header and binary tensors',
  body: inferBody,
}));

function operation({ method, path, summary, body }: Described): unknown {
  const scope = scopeOf({ method, path });
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name);
  return {
    summary,
    ...(scope !== 'open' && { security: [{ bearer: [] }], 'x-scope': scope }),
    parameters: names.map((name) => ({
      name,
      in: 'path',
      required: true,
      schema: { type: 'string' },
    })),
    ...(body !== undefined && {
      requestBody: { content: { 'application/json': { schema: body } } },
    }),
    responses: { 200: { description: 'Done.' }, default: errorAnswer },
  };
}
