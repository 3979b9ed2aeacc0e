// The modelRollout workflow on a real Temporal server and a real model server under constant traffic: a good
// candidate is promoted by it, a bad one is dropped by the server's guard and the workflow learns of it, and
// an operator decides by updates. The other activities are the webhooks', recorded here.
import { Secret } from '../../domain/secret';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AlertInput } from '../../activities/alerts';
import { createRolloutActivities } from '../../activities/models/rollouts';
import type { DevServer } from '../../infra/temporal/devServer';
import { startTestServer } from '../support/temporalServer';
import { startModelServer, type ModelServer } from '../../serving/index';
import type { modelRollout, ModelRolloutResult } from '../../workflows/modelRollout';
import type { modelWatch } from '../../workflows/modelWatch';
import {
  marketQueue,
  officeQueue,
  rolloutDecisionUpdate,
  rolloutQuery,
  rolloutWorkflowId,
} from '../../workflows/messages';
import { features } from '../serving/support/calls';
import { logisticConfig, ModelFolder } from '../serving/support/modelFolder';
import { logisticModel } from '../serving/support/onnxWriter';
import { startTraffic, until, type Traffic } from '../serving/support/traffic';

const admin = 'a'.repeat(40);
const namespace = 'ratchet';
const policy = {
  canaryPercents: [20, 50],
  minSamples: 40,
  minStepMs: 0,
  latencyMinSamples: 1_000_000,
};
const by = { by: 'tester', reason: 'a test' };

describe('a rollout as a workflow', () => {
  const home = mkdtempSync(join(tmpdir(), 'ratchet-rollout-'));
  const alerts: AlertInput[] = [];
  let temporal: DevServer;
  let connection: Connection;
  let workerConnection: NativeConnection;
  let workers: Worker[] = [];
  let running: Promise<void>[] = [];
  let client: Client;
  let folder: ModelFolder;
  let server: ModelServer;
  let traffic: Traffic;

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    temporal = await startTestServer(home, namespace);
    connection = await Connection.connect({ address: temporal.address });
    client = new Client({ connection, namespace });
    folder = new ModelFolder();
    folder.add('quality', '1', logisticModel([1, 1], 0), logisticConfig(2));
    folder.add('quality', '2', logisticModel([1, 1.01], 0), logisticConfig(2));
    folder.add('quality', '3', logisticModel([1, 1.02], 0), logisticConfig(2));
    const state = join(home, 'state');
    // Bundling the workflows below holds up this process, the server with it.
    const limits = { runTimeoutMs: 15_000, requestTimeoutMs: 30_000 };
    server = await startModelServer({ ...folder.served, state, tokens: { admin }, limits });
    await server.registry.load('quality', '1');
    traffic = startTraffic(`${server.url}/v2/models/quality/infer`, 4, (index) =>
      features([(index % 9_973) / 2_000 - 2, 1]),
    );
    workerConnection = await NativeConnection.connect({ address: temporal.address });
    const alertActivities = {
      recordAlert: (alert: AlertInput): Promise<number> => Promise.resolve(alerts.push(alert) * 0),
      recordDelivery: (): Promise<void> => Promise.resolve(),
    };
    const activities = {
      ...createRolloutActivities({ url: server.url, adminToken: new Secret(admin) }),
      ...alertActivities,
    };
    workers = await Promise.all(
      [marketQueue, officeQueue].map((taskQueue) =>
        Worker.create({
          connection: workerConnection,
          namespace,
          taskQueue,
          workflowsPath: resolve(__dirname, '../../workflows/index.ts'),
          activities,
        }),
      ),
    );
    running = workers.map((worker) => worker.run());
  });

  afterAll(async () => {
    await traffic.stop();
    for (const worker of workers) worker.shutdown();
    await Promise.all(running);
    await workerConnection.close();
    await connection.close();
    await temporal.child.stop();
    await server.close();
    folder.remove();
    rmSync(home, { recursive: true, force: true });
  });

  const start = (
    candidate: string,
    changes: object = {},
  ): Promise<{ result(): Promise<ModelRolloutResult> }> =>
    client.workflow.start<typeof modelRollout>('modelRollout', {
      workflowId: rolloutWorkflowId('quality'),
      taskQueue: officeQueue,
      args: [
        {
          account: 'paper',
          model: 'quality',
          candidate,
          policy: { ...policy, ...changes },
          everyMs: 500,
          ...by,
        },
      ],
    });
  const handle = (): ReturnType<typeof client.workflow.getHandle> =>
    client.workflow.getHandle(rolloutWorkflowId('quality'));
  const phase = async (): Promise<string | undefined> =>
    (await handle().query(rolloutQuery))?.phase.kind;
  const failures = (): readonly unknown[] =>
    traffic.answers.filter(({ status }) => status !== 200).map(({ body }) => body);

  test('a good candidate is promoted with its reasons recorded, and people are told', async () => {
    const { outcome } = await (await start('2')).result();
    expect(outcome).toBe('promoted');
    expect(server.registry.model('quality').stable).toBe('2');
    const changes = server.rollouts.changes('quality');
    expect(changes.map(({ change }) => change)).toEqual(
      expect.arrayContaining(['started', 'canary at 20 %', 'canary at 50 %', 'promoted']),
    );
    const left = changes.find(({ change }) => change === 'canary at 20 %');
    expect(left).toMatchObject({ by: 'modelRollout workflow' });
    expect(left?.reason).toMatch(/answers compared: .* apart on average, 0.00 % opposed/);
    await until(() => alerts.some(({ type }) => type === 'model.promoted'));
    expect(failures()).toEqual([]);
  });

  test('the guard drops a candidate whose scorer is lost, and the workflow says so', async () => {
    const rollout = await start('3', { canaryPercents: [50], minSamples: 1_000_000 });
    await until(async () => (await phase()) === 'shadow');
    const [pid = 0] = server.registry.route('quality', '3').scorerPids;
    process.kill(pid, 'SIGKILL');
    const result = await rollout.result();
    expect(result.outcome).toBe('rolledBack');
    expect(result.reason).toMatch(/lost/);
    expect(server.registry.model('quality').stable).toBe('2');
    await until(() => alerts.some(({ type }) => type === 'model.rolled_back'));
    expect(failures()).toEqual([]);
  });

  test('an operator pauses, approves and aborts by updates; what does not fit is refused', async () => {
    const rollout = await start('3', { minSamples: 1_000_000 });
    await until(async () => (await phase()) === 'shadow');
    const decide = (kind: 'pause' | 'approve' | 'abort', signature = by): Promise<unknown> =>
      handle().executeUpdate(rolloutDecisionUpdate, { args: [{ kind, ...signature }] });
    await expect(decide('approve')).rejects.toThrow();
    await expect(decide('pause', { by: '', reason: '' })).rejects.toThrow();
    expect(await decide('pause')).toMatchObject({ phase: { kind: 'paused' }, share: 0 });
    expect(await decide('approve')).toMatchObject({ phase: { kind: 'shadow' } });
    expect(await decide('abort')).toMatchObject({ phase: { kind: 'rolledBack' } });
    expect(await rollout.result()).toEqual({ outcome: 'rolledBack', reason: 'a test' });
    const recorded = server.rollouts.changes('quality').at(-1);
    expect(recorded).toMatchObject({ by: 'tester', change: 'rolledBack', reason: 'a test' });
  });

  test('a candidate the server refuses ends the workflow with its sentence', async () => {
    await expect((await start('9')).result()).rejects.toMatchObject({
      cause: { cause: { message: expect.stringMatching(/version 9 is not found/) as string } },
    });
  });

  test('the watch tells once of a version that is out, and of nothing while all is well', async () => {
    const watch = await client.workflow.start<typeof modelWatch>('modelWatch', {
      workflowId: 'model-watch-paper',
      taskQueue: officeQueue,
      args: [{ account: 'paper', everyMs: 200 }],
    });
    const toldOf = (type: string): number => alerts.filter((alert) => alert.type === type).length;
    await server.registry.demand('quality', '1');
    server.registry.route('quality', '1').takeOut('the test said so');
    await until(() => toldOf('model.version_out') > 0);
    const { historyLength } = await watch.describe();
    await until(async () => (await watch.describe()).historyLength > historyLength + 20);
    expect(toldOf('model.version_out')).toBe(1);
    expect(toldOf('model.server_unreachable') + toldOf('model.unavailable')).toBe(0);
    await watch.cancel();
  });
});
