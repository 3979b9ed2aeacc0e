// Who may call what: every route of the server with the scope its caller needs, in one table. A route that has no
// row here is not mounted: the server refuses to start.
import { Fatal } from '../../domain/errors';

/**
 * What a route requires of its caller. An `open` route reports only whether the server is alive. `outcomes` is
 * scoring whose outcomes count.
 */
export type Scope = 'open' | 'score' | 'outcomes' | 'admin';

const scopes: Readonly<Record<string, Scope>> = {
  'GET /v2/health/live': 'open',
  'GET /v2/health/ready': 'open',
  'GET /v2/openapi.json': 'open',
  'GET /v2': 'score',
  'GET /v2/status': 'score',
  'GET /status': 'score',
  'GET /metrics': 'score',
  'GET /v2/models/:model': 'score',
  'GET /v2/models/:model/versions/:version': 'score',
  'GET /v2/models/:model/ready': 'score',
  'GET /v2/models/:model/versions/:version/ready': 'score',
  'GET /v2/models/:model/config': 'score',
  'GET /v2/models/:model/versions/:version/config': 'score',
  'GET /v2/models/:model/stats': 'score',
  'GET /v2/models/:model/versions/:version/stats': 'score',
  'POST /v2/models/:model/infer': 'score',
  'POST /v2/models/:model/versions/:version/infer': 'score',
  'POST /v2/repository/index': 'score',
  'POST /v2/models/:model/outcomes': 'outcomes',
  'POST /v2/repository/models/:model/load': 'admin',
  'POST /v2/repository/models/:model/unload': 'admin',
  'POST /v2/admin/models/:model/versions/:version': 'admin',
  'POST /v2/admin/models/:model/versions/:version/file': 'admin',
  'GET /v2/admin/models/:model/rollout': 'admin',
  'POST /v2/admin/models/:model/rollout': 'admin',
  'GET /v2/admin/models/:model/changes': 'admin',
  'POST /v2/admin/models/:model/rollback': 'admin',
  'POST /v2/admin/models/:model/rollout/judged': 'admin',
  'POST /v2/admin/models/:model/rollout/pause': 'admin',
  'POST /v2/admin/models/:model/rollout/approve': 'admin',
  'POST /v2/admin/models/:model/rollout/promote': 'admin',
  'POST /v2/admin/models/:model/rollout/abort': 'admin',
};

/** @throws Fatal ROUTE_WITHOUT_SCOPE for a route that is not in the table. */
export function scopeOf({ method, path }: { method: 'get' | 'post'; path: string }): Scope {
  const scope = scopes[`${method.toUpperCase()} ${path}`];
  if (scope !== undefined) return scope;
  throw new Fatal({
    code: 'ROUTE_WITHOUT_SCOPE',
    message: `The route ${method.toUpperCase()} ${path} has no scope in serving/http/scopes.ts.`,
  });
}
