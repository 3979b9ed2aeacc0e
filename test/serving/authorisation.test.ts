// Goal: whatever the server's router serves is in the matrix below, and every kind of caller gets just what the matrix
// says. Method: the routes come from the router of a live server, and each is called with every token.
import { startModelServer, type ModelServer } from '../../serving/index';
import { call } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';

const tokens = { score: 's'.repeat(40), outcomes: 'o'.repeat(40), admin: 'a'.repeat(40) };

type CallerName = 'nobody' | 'stranger' | keyof typeof tokens;
const bearers: Readonly<Record<CallerName, string | undefined>> = {
  nobody: undefined,
  stranger: 'x'.repeat(40),
  ...tokens,
};

const everybody: readonly CallerName[] = ['nobody', 'stranger', 'score', 'outcomes', 'admin'];
const scorers: readonly CallerName[] = ['score', 'outcomes', 'admin'];
const teller: readonly CallerName[] = ['outcomes'];
const operator: readonly CallerName[] = ['admin'];

const matrix: Readonly<Record<string, readonly CallerName[]>> = {
  'GET /v2/health/live': everybody,
  'GET /v2/health/ready': everybody,
  'GET /v2/openapi.json': everybody,
  'GET /v2': scorers,
  'GET /v2/status': scorers,
  'GET /status': scorers,
  'GET /metrics': scorers,
  'GET /v2/models/:model': scorers,
  'GET /v2/models/:model/versions/:version': scorers,
  'GET /v2/models/:model/ready': scorers,
  'GET /v2/models/:model/versions/:version/ready': scorers,
  'GET /v2/models/:model/config': scorers,
  'GET /v2/models/:model/versions/:version/config': scorers,
  'GET /v2/models/:model/stats': scorers,
  'GET /v2/models/:model/versions/:version/stats': scorers,
  'POST /v2/models/:model/infer': scorers,
  'POST /v2/models/:model/versions/:version/infer': scorers,
  'POST /v2/repository/index': scorers,
  'POST /v2/models/:model/outcomes': teller,
  'POST /v2/repository/models/:model/load': operator,
  'POST /v2/repository/models/:model/unload': operator,
  'POST /v2/admin/models/:model/versions/:version': operator,
  'POST /v2/admin/models/:model/versions/:version/file': operator,
  'GET /v2/admin/models/:model/rollout': operator,
  'POST /v2/admin/models/:model/rollout': operator,
  'GET /v2/admin/models/:model/changes': operator,
  'POST /v2/admin/models/:model/rollback': operator,
  'POST /v2/admin/models/:model/rollout/judged': operator,
  'POST /v2/admin/models/:model/rollout/pause': operator,
  'POST /v2/admin/models/:model/rollout/approve': operator,
  'POST /v2/admin/models/:model/rollout/promote': operator,
  'POST /v2/admin/models/:model/rollout/abort': operator,
};

const folder = new ModelFolder();
let server: ModelServer;
const lines: string[] = [];

beforeAll(async () => {
  folder.add('quality', '1', logisticModel([1], 0), logisticConfig(1));
  server = await startModelServer({
    ...folder.served,
    tokens,
    limits: { failedLogins: 10_000 },
    say: (line) => lines.push(line),
  });
});
afterAll(async () => {
  await server.close();
  folder.remove();
});

test('the router serves what the matrix lists, and nothing else', () => {
  expect([...server.routes].sort()).toEqual(Object.keys(matrix).sort());
});

const places = Object.keys(matrix).filter((route) => !route.endsWith('/unload'));

test.each(places)('%s answers just its callers, and says whom it turned away', async (route) => {
  const [method = '', path = ''] = route.split(' ');
  const url = server.url + path.replace(':model', 'quality').replace(':version', '1');
  for (const [caller, bearer] of Object.entries(bearers)) {
    const headers: Record<string, string> = bearer ? { Authorization: `Bearer ${bearer}` } : {};
    lines.length = 0;
    const { status } = await call(url, method, undefined, headers);
    const isAllowed = matrix[route]?.includes(caller as CallerName) === true;
    const refusal = bearer === undefined ? 401 : 403;
    if (isAllowed) expect([caller, 401, 403, 429]).not.toContain(status);
    else expect([caller, status]).toEqual([caller, refusal]);
    const code = bearer === undefined ? 'TOKEN_MISSING' : 'TOKEN_REFUSED';
    const told = `refused ${refusal} ${code}: ${method} "${new URL(url).pathname}" from `;
    expect(lines).toEqual(isAllowed ? [] : [expect.stringContaining(told)]);
    if (bearer !== undefined) expect(lines.join('\n')).not.toContain(bearer);
  }
});

test('without its token a scope is off, except that scoring is open', async () => {
  const open = await startModelServer({ ...folder.served, say: () => undefined });
  try {
    const at = (path: string, method: string): Promise<{ status: number; body: unknown }> =>
      call(`${open.url}${path}`, method, undefined, { Authorization: `Bearer ${tokens.admin}` });
    expect((await at('/v2/status', 'GET')).status).toBe(200);
    for (const [path, scope] of [
      ['/v2/models/quality/outcomes', 'outcomes'],
      ['/v2/admin/models/quality/rollback', 'admin'],
    ] as const) {
      const error = `${scope} routes are off: start the server with a token for them.`;
      expect(await at(path, 'POST')).toMatchObject({ status: 403, body: { error } });
    }
  } finally {
    await open.close();
  }
});

test('an address that keeps trying is asked to wait and fills no log, and a right token still passes', async () => {
  const told: string[] = [];
  const limits = { failedLogins: 5, failedLoginEveryMs: 3_600_000 };
  const strict = await startModelServer({
    ...folder.served,
    tokens,
    limits,
    say: (line) => told.push(line),
  });
  try {
    const as = (bearer: string): Promise<number> =>
      call(`${strict.url}/v2/status`, 'GET', undefined, { Authorization: `Bearer ${bearer}` }).then(
        ({ status }) => status,
      );
    const statuses = [];
    for (let count = 0; count < 8; count += 1) statuses.push(await as(`wrong-${count}`));
    expect(statuses).toEqual([403, 403, 403, 403, 403, 429, 429, 429]);
    expect(told).toHaveLength(5);
    expect(await as(tokens.score)).toBe(200);
  } finally {
    await strict.close();
  }
});
