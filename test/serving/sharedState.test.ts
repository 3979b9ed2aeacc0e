// Two servers of one set of models agree through Postgres: each applies what the other decides, a candidate
// that one guard drops is dropped by both, and an absent database delays neither.
import type { Pool } from 'pg';
import { startModelServer, type ModelServer } from '../../serving/index';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../support/database';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { logisticModel } from './support/onnxWriter';
import { until } from './support/traffic';

const begin = {
  model: 'quality',
  candidate: '2',
  policy: { canaryPercents: [50], minSamples: 1_000_000 },
  by: 'tester',
  reason: 'trial',
  conductor: 'workflow',
} as const;

(hasPostgres ? describe : describe.skip)('servers that share a database', () => {
  let databaseUrl = '';
  let pool: Pool;
  let folder: ModelFolder;
  let servers: ModelServer[] = [];

  const start = async (): Promise<ModelServer> => {
    const server = await startModelServer({
      ...folder.served,
      databaseUrl,
      limits: { followEveryMs: 50, cacheEntries: 0, logOneIn: 1 },
    });
    servers.push(server);
    return server;
  };
  const phaseOf = (server: ModelServer): string | undefined =>
    server.registry.model('quality').rollout?.phase.kind;
  const stableOf = (server: ModelServer): string | undefined =>
    server.registry.model('quality').stable;

  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
    databaseUrl = opened.databases.serving;
  });
  beforeEach(async () => {
    await unguarded(database, 'truncate model_change, model_request');
    folder = new ModelFolder();
    folder.add('quality', '1', logisticModel([1, 2], 0), logisticConfig(2));
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
    folder.remove();
  });

  test('a rollout begun on one is followed by the other to its promotion and back', async () => {
    const [first, second] = [await start(), await start()];
    folder.add('quality', '2', logisticModel([2, 2], 0), logisticConfig(2));
    await first.rollouts.start(begin);
    await until(() => phaseOf(second) === 'shadow');
    const verdict = { kind: 'pass', reason: 'good' } as const;
    first.rollouts.act('quality', { kind: 'judged', verdict, reason: 'good' }, 'workflow');
    await until(() => phaseOf(second) === 'canary');
    const { salt } = first.registry.model('quality').rollout ?? {};
    expect(second.registry.model('quality').rollout?.salt).toBe(salt);
    second.rollouts.act('quality', { kind: 'promote', reason: 'enough' }, 'operator');
    await until(() => stableOf(first) === '2');
    first.rollouts.rollback('quality', 'operator', 'second thoughts');
    await until(() => stableOf(second) === '1');
    const { rows } = await pool.query<{ changed_by: string; change: string }>(
      'select changed_by, change from model_change order by id',
    );
    expect(rows.map(({ changed_by, change }) => `${changed_by}: ${change}`)).toEqual([
      'tester: started',
      'workflow: canary at 50 %',
      'operator: promoted',
      'operator: rolled back',
    ]);
  });

  test('a candidate one guard drops is dropped on the other', async () => {
    const [first, second] = [await start(), await start()];
    folder.add('quality', '2', logisticModel([2, 2], 0), logisticConfig(2));
    await first.rollouts.start(begin);
    await until(() => phaseOf(second) === 'shadow');
    const [pid = 0] = second.registry.route('quality', '2').scorerPids;
    process.kill(pid, 'SIGKILL');
    await until(() => phaseOf(first) === undefined);
    const { phase } = first.rollouts.report('quality');
    expect(phase.kind === 'rolledBack' && phase.reason).toMatch(/lost/);
  });

  test('a server started late or again joins the rollout under way and the recorded version', async () => {
    const first = await start();
    folder.add('quality', '2', logisticModel([2, 2], 0), logisticConfig(2));
    await first.rollouts.start(begin);
    await until(async () => (await pool.query('select 1 from model_change')).rowCount === 1);
    const second = await start();
    expect(stableOf(second)).toBe('1');
    await until(() => phaseOf(second) === 'shadow');
    second.rollouts.act('quality', { kind: 'promote', reason: 'enough' }, 'operator');
    await until(() => stableOf(first) === '2');
    const third = await start();
    expect(stableOf(third)).toBe('2');
  });

  test('the request log holds what was asked and answered, and nothing that names the caller', async () => {
    const server = await start();
    const headers = { 'x-routing-key': 'secret-caller', authorization: 'Bearer secret-token' };
    const body = { ...features([1, 0.5]), id: 'secret-id' };
    const answer = await call(`${server.url}/v2/models/quality/infer`, 'POST', body, headers);
    expect(scores(answer)[0]).toBeCloseTo(sigmoid(2), 6);
    await until(async () => (await pool.query('select 1 from model_request')).rowCount === 1);
    const { rows } = await pool.query<Record<string, unknown>>('select * from model_request');
    expect(rows[0]).toMatchObject({
      model: 'quality',
      version: '1',
      variant: 'stable',
      batch_rows: 1,
      inputs: [{ name: 'features', shape: [1, 2], data: [1, 0.5] }],
    });
    expect(JSON.stringify(rows)).not.toContain('secret');
  });

  test('without the database requests are answered and a bad candidate is dropped all the same', async () => {
    const server = await start();
    folder.add('quality', '2', logisticModel([2, 2], 0), logisticConfig(2));
    await server.rollouts.start(begin);
    await until(async () => (await pool.query('select 1 from model_change')).rowCount === 1);
    await unguarded(database, 'alter table model_change rename to model_change_away');
    const [pid = 0] = server.registry.route('quality', '2').scorerPids;
    process.kill(pid, 'SIGKILL');
    await until(() => phaseOf(server) === undefined);
    const answer = await call(`${server.url}/v2/models/quality/infer`, 'POST', features([1, 1]));
    expect(answer.status).toBe(200);
    await unguarded(database, 'alter table model_change_away rename to model_change');
    await until(async () => (await pool.query('select 1 from model_change')).rowCount === 2);
  });
});
