// Rollouts on a live server under constant traffic: a good candidate is promoted, bad ones are dropped by
// the guard, and no caller sees any of it. The pure rules are tested in test/domain/rollout.
import { startModelServer, type ModelServer } from '../../serving/index';
import type { Answer } from './support/calls';
import { call, features, scores, sigmoid } from './support/calls';
import { logisticConfig, ModelFolder } from './support/modelFolder';
import { driftingModel, failingModel, nanModel, slowModel } from './support/badModels';
import { logisticModel } from './support/onnxWriter';
import { startTraffic, until, type Traffic } from './support/traffic';

const admin = 'a'.repeat(40);
const headers = { Authorization: `Bearer ${admin}` };
const stableModel = logisticModel([1, 1], 0);
const quick = {
  minSamples: 40,
  minStepMs: 0,
  canaryPercents: [20, 50],
  latencyMinSamples: 100_000,
};
const by = { by: 'tester', reason: 'a test' };

let folder: ModelFolder;
let server: ModelServer;
let traffic: Traffic;
let inferUrl: string;

beforeEach(async () => {
  folder = new ModelFolder();
  folder.add('quality', '1', stableModel, logisticConfig(2));
  server = await startModelServer({
    ...folder.served,
    tokens: { admin },
    limits: {
      judgeEveryMs: 3_600_000,
      cacheEntries: 0,
      runTimeoutMs: 500,
      requestTimeoutMs: 4_000,
    },
  });
  inferUrl = `${server.url}/v2/models/quality/infer`;
  traffic = startTraffic(inferUrl, 6, (index) => features([(index % 41) / 10 - 2, 1]));
});
afterEach(async () => {
  await traffic.stop();
  await server.close();
  folder.remove();
});

const adminCall = (path: string, body?: object): Promise<Answer> =>
  call(`${server.url}/v2/admin/models/quality/${path}`, body ? 'POST' : 'GET', body, headers);
const start = (policy: object = quick): Promise<Answer> =>
  adminCall('rollout', { candidate: '2', policy, ...by });

interface Report {
  readonly phase: { readonly kind: string; readonly reason?: string };
}
const report = async (): Promise<Report> => (await adminCall('rollout')).body as Report;
const ends: readonly string[] = ['promoted', 'rolledBack', 'paused'];
/** Judges once, as the server's timer does, and says whether the rollout is there. @throws when it ended elsewhere. */
const phaseIs = async (kind: string): Promise<boolean> => {
  server.rollouts.judgeAll();
  const { phase } = await report();
  if (phase.kind === kind) return true;
  if (ends.includes(phase.kind)) throw new Error(`It is ${phase.kind}: ${phase.reason ?? ''}`);
  return false;
};
const failed = (): readonly Answer[] => traffic.answers.filter(({ status }) => status !== 200);
const versionOf = ({ headers: got }: Answer): string | null => got.get('x-model-version');

test('a good candidate is mirrored, takes its shares and is promoted; nobody’s request fails', async () => {
  folder.add('quality', '2', logisticModel([1, 1.01], 0), logisticConfig(2));
  expect((await start()).body).toMatchObject({ phase: { kind: 'shadow' }, share: 0 });
  await until(() => phaseIs('promoted'));
  const after = await call(inferUrl, 'POST', features([1, 1]));
  expect(versionOf(after)).toBe('2');
  expect(scores(after)[0]).toBeCloseTo(sigmoid(2.01), 6);
  await traffic.more(20);
  expect(failed()).toEqual([]);
  expect(traffic.answers.some((each) => each.headers.get('x-model-variant') === 'canary')).toBe(
    true,
  );
  const changes = (await adminCall('changes')).body as { change: string; by: string }[];
  expect(changes.map(({ change }) => change)).toEqual([
    'started',
    'canary at 20 %',
    'canary at 50 %',
    'promoted',
  ]);
  expect(changes[0]?.by).toBe('tester');
});

test('after a promotion every answer is the new version’s, and a rollback is at once', async () => {
  folder.add('quality', '2', logisticModel([1, 2], 0), logisticConfig(2));
  await start({ ...quick, maxDrift: 100 });
  await until(() => phaseIs('promoted'));
  const before = traffic.answers.length + 6;
  await traffic.more(60);
  expect(new Set(traffic.answers.slice(before).map(versionOf))).toEqual(new Set(['2']));
  expect((await adminCall('rollback', by)).body).toEqual({ stable: '1' });
  const reply = await call(inferUrl, 'POST', features([1, 1]));
  expect(versionOf(reply)).toBe('1');
  await traffic.more(20);
  expect(failed()).toEqual([]);
});

test('a candidate that answers NaN is dropped by the guard and no caller sees it', async () => {
  folder.add('quality', '2', nanModel, logisticConfig(2));
  await start({ ...quick, canaryPercents: [50], minSamples: 1_000_000 });
  await until(() => phaseIs('rolledBack'));
  expect((await report()).phase.reason).toMatch(/in a row|break its contract|fail/);
  await traffic.more(20);
  expect(failed()).toEqual([]);
});

test('a candidate that fails inside onnxruntime on some inputs is dropped and no caller sees it', async () => {
  folder.add('quality', '2', failingModel, logisticConfig(2));
  await start({ ...quick, canaryPercents: [50], minSamples: 1_000_000 });
  await until(() => phaseIs('rolledBack'));
  expect((await report()).phase.reason).toMatch(/in a row|fail/);
  await traffic.more(20);
  expect(failed()).toEqual([]);
  expect(server.registry.route('quality').counters.failed).toBe(0);
});

test('a candidate ten times slower is dropped for its latency alone', async () => {
  folder.add('quality', '2', slowModel, logisticConfig(2));
  await start({ ...quick, minSamples: 1_000_000, latencyMinSamples: 150 });
  await until(() => phaseIs('rolledBack'));
  expect((await report()).phase.reason).toMatch(/p99 is/);
  expect(failed()).toEqual([]);
});

test('a candidate whose scorer is killed is rolled back; its requests are answered', async () => {
  folder.add('quality', '2', stableModel, logisticConfig(2));
  await start({ ...quick, canaryPercents: [50] });
  await until(() => phaseIs('canary'));
  const [pid] = server.registry.route('quality', '2').scorerPids;
  if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await until(async () => (await report()).phase.kind === 'rolledBack');
  expect((await report()).phase.reason).toMatch(/lost/);
  await traffic.more(20);
  expect(failed()).toEqual([]);
});

test('a candidate that never answers is dropped; callers get the stable answer within their deadline', async () => {
  folder.add('quality', '2', stableModel, logisticConfig(2));
  await start({ ...quick, canaryPercents: [50] });
  await until(() => phaseIs('canary'));
  const [pid] = server.registry.route('quality', '2').scorerPids;
  if (pid !== undefined) process.kill(pid, 'SIGSTOP');
  await until(async () => (await report()).phase.kind === 'rolledBack');
  await traffic.more(20);
  expect(failed()).toEqual([]);
});

test('a candidate whose scores drift is paused, takes no traffic, and goes on when approved', async () => {
  folder.add('quality', '2', driftingModel, logisticConfig(2));
  await start({ ...quick, driftMinSamples: 30 });
  await until(() => phaseIs('paused'));
  expect((await report()).phase.reason).toMatch(/spread differently/);
  const from = traffic.answers.length + 6;
  await traffic.more(40);
  expect(new Set(traffic.answers.slice(from).map(versionOf))).toEqual(new Set(['1']));
  expect((await adminCall('rollout/approve', by)).status).toBe(200);
  expect((await adminCall('rollout/abort', by)).body).toMatchObject({
    phase: { kind: 'rolledBack' },
  });
});

test('a candidate that can not be loaded changes nothing and says why', async () => {
  folder.add('quality', '2', Buffer.from('not a model'), logisticConfig(2));
  expect(await start()).toMatchObject({ status: 422, body: { code: 'MODEL_REFUSED' } });
  await traffic.more(20);
  expect(failed()).toEqual([]);
  expect(server.registry.model('quality').stable).toBe('1');
});

test('wrong rollout calls are refused with a sentence', async () => {
  folder.add('quality', '2', stableModel, logisticConfig(2));
  expect(await adminCall('rollout')).toMatchObject({ status: 409 });
  expect(await adminCall('rollout', { candidate: '2' })).toMatchObject({ status: 400 });
  expect(await adminCall('rollout', { candidate: '1', ...by })).toMatchObject({ status: 409 });
  expect(await adminCall('rollout', { candidate: '7', ...by })).toMatchObject({ status: 404 });
  expect(await adminCall('rollback', by)).toMatchObject({ status: 409 });
  expect((await start({ ...quick, minSamples: 1_000_000 })).status).toBe(200);
  expect(await start()).toMatchObject({ status: 409 });
  expect(await start({ alpha: 3 })).toMatchObject({ status: 409 });
  expect(await adminCall('rollout/approve', by)).toMatchObject({ status: 409 });
  expect((await adminCall('rollout/abort', by)).status).toBe(200);
  expect(await start({ alpha: 3 })).toMatchObject({ status: 400 });
  const open = await call(`${server.url}/v2/admin/models/quality/rollout`, 'GET');
  expect(open.status).toBe(401);
});
