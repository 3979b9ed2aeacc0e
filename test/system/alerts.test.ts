// Goal: on a real Temporal server and database, a dead receiver keeps no alert from a healthy one, a gone one
// is told to the others, and people list and send again with `ratchet alerts`. A chat's /halt stops entries.
import { Secret } from '../../domain/secret';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ApplicationFailure } from '@temporalio/common';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Pool } from 'pg';
import {
  createAlertActivities,
  createAlertRecordActivities,
  type AlertChannel,
  type AlertInput,
} from '../../activities/alerts';
import {
  alertOf,
  alertsSince,
  failedChannels,
  type RecordedAlert,
} from '../../activities/alerts/recordedAlerts';
import { webhookChannel } from '../../activities/alerts/webhookChannel';
import { latestHalt } from '../../activities/ledger/halts';
import { fixedCredentials, openBroker } from '../../broker';
import type { DevServer } from '../../infra/temporal/devServer';
import { workerConverter } from '../../infra/temporal/connect';
import { refusedByThrowing } from '../../infra/temporal/payloadCodec';
import { ensurePayloadKeys, payloadKeysIn } from '../../infra/temporal/payloadKeys';
import { startTestServer } from '../support/temporalServer';
import { raiseAlert } from '../../workers/raiseAlert';
import { answerTo } from '../../workers/telegramChat';
import { officeQueue } from '../../workflows/messages';
import { startBench } from '../exchange/support';
import { hasPostgres, useDatabase } from '../support/database';
import { type CommandResult, eventually, sourceRatchet } from '../support/ratchet';
import { WebhookReceiver } from '../support/webhookReceiver';

const namespace = 'ratchet';
const account = 'test';
const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const alertNamed = (id: string): AlertInput => ({
  ...{ id, account, type: 'day.halted', body: { reason: 'a test' } },
  timestamp: new Date().toISOString(),
});

/** Waits until the expectations hold. */
const holds = (expectations: () => unknown): Promise<boolean> =>
  eventually(async () => {
    await expectations();
    return true;
  }, 30_000);

(hasPostgres ? describe : describe.skip)('alerts on a real Temporal server', () => {
  const home = mkdtempSync(join(tmpdir(), 'ratchet-alerts-'));
  const dead = new WebhookReceiver(secret);
  const healthy = new WebhookReceiver(secret);
  let channels: readonly AlertChannel[];
  let gone = false;
  let temporal: DevServer;
  let connection: Connection;
  let workerConnection: NativeConnection;
  let worker: Worker;
  let running: Promise<void>;
  let client: Client;
  let pool: Pool;
  let databaseUrl: string;

  useDatabase((made, { url }) => {
    pool = made;
    databaseUrl = url;
  });

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    temporal = await startTestServer(home, namespace);
    connection = await Connection.connect({ address: temporal.address });
    const keys = { RATCHET_PAYLOAD_KEYS: ensurePayloadKeys(payloadKeysIn(home)) };
    const dataConverter = workerConverter(namespace, refusedByThrowing, keys);
    client = new Client({ connection, namespace, dataConverter });
    const webhook = async (receiver: WebhookReceiver): Promise<AlertChannel> =>
      webhookChannel(
        { url: await receiver.listen(), secrets: [new Secret(secret)] },
        { loopbackDevelopment: true },
      );
    const leaving: AlertChannel = {
      name: 'leaving',
      takes: () => gone,
      send: () => Promise.reject(ApplicationFailure.nonRetryable('answered 410', 'EndpointGone')),
    };
    channels = [await webhook(dead), await webhook(healthy), leaving];
    workerConnection = await NativeConnection.connect({ address: temporal.address });
    worker = await Worker.create({
      connection: workerConnection,
      namespace,
      taskQueue: officeQueue,
      dataConverter,
      workflowsPath: resolve(__dirname, '../../workflows/index.ts'),
      activities: {
        ...createAlertRecordActivities(pool, channels),
        ...createAlertActivities(pool, channels),
      },
    });
    running = worker.run();
  });

  afterAll(async () => {
    worker.shutdown();
    await running;
    await workerConnection.close();
    await connection.close();
    await temporal.child.stop();
    await Promise.all([dead.close(), healthy.close()]);
    rmSync(home, { recursive: true, force: true });
  });

  const idsAt = (receiver: WebhookReceiver): readonly string[] =>
    receiver.received.map(({ id }) => id);
  const states = async (id: string): Promise<readonly string[]> =>
    ((await alertOf(pool, account, id))?.deliveries ?? []).map(({ state }) => state).sort();
  const alerts = (...args: string[]): Promise<CommandResult> =>
    sourceRatchet(['alerts', ...args], {
      ...process.env,
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: namespace,
      RATCHET_PAYLOAD_KEYS: payloadKeysIn(home),
    });

  test('a dead receiver keeps nothing from a healthy one; it is listed, and sent again', async () => {
    dead.out = true;
    await raiseAlert(client, alertNamed('one'));
    await raiseAlert(client, alertNamed('one'));
    await holds(async () => {
      const alert = await alertOf(pool, account, 'one');
      expect(idsAt(healthy)).toEqual(['one']);
      expect(alert?.deliveries.some(({ state }) => state === 'delivered')).toBe(true);
      expect(alert === undefined ? [] : failedChannels(alert)).toEqual([channels[0]?.name]);
    });
    const { stdout } = await alerts('list', '--failed', '--account', account);
    expect(stdout).toContain('The endpoint answered 503.');
    // It comes back only after it was sent again: else the delivery's own retry might be first.
    const resent = await alerts('resend', '--failed', '--account', account);
    expect(resent.stdout).toMatch(/^sent again to 127\.0\.0\.1#\w{6}: one\n$/);
    dead.out = false;
    await holds(async () => {
      expect(idsAt(dead)).toContain('one');
      expect(await states('one')).toEqual(['delivered', 'delivered']);
    });
    expect(idsAt(healthy)).toEqual(['one']);
    const left = await alerts('list', '--failed', '--account', account, '--json');
    expect(JSON.parse(left.stdout)).toEqual([]);
  });

  test('one alert is sent again to every channel, under its own id', async () => {
    await alerts('resend', 'one', '--account', account);
    await holds(() => expect(idsAt(healthy)).toEqual(['one', 'one']));
  });

  test.each([
    [['resend', '--account', account], /either the id of one alert or --failed/],
    [['resend', 'one', '--failed', '--account', account], /either the id of one alert or --failed/],
    [['resend', 'nothing', '--account', account], /account test has no alert "nothing"/],
    [['list', '--since', 'yesterday'], /--since must be a date or an instant/],
  ])('%j is refused in one sentence', async (args, reason) => {
    const { stderr } = await alerts(...args);
    expect(stderr).toMatch(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('a receiver that is gone is told to the others once, and left alone', async () => {
    gone = true;
    await raiseAlert(client, alertNamed('two'));
    const goneAlerts = async (): Promise<readonly RecordedAlert[]> =>
      (await alertsSince(pool, account, 0)).filter(({ type }) => type === 'alerts.channel_gone');
    await holds(async () => {
      expect(await states('two')).toEqual(['delivered', 'delivered', 'gone']);
      expect(healthy.received.map(({ type }) => type)).toContain('alerts.channel_gone');
    });
    await raiseAlert(client, alertNamed('three'));
    await holds(async () =>
      expect(await states('three')).toEqual(['delivered', 'delivered', 'gone']),
    );
    expect(await goneAlerts()).toHaveLength(1);
    const three = await alertOf(pool, account, 'three');
    expect(three?.deliveries.find(({ channel }) => channel === 'leaving')?.failures).toBe(0);
    gone = false;
  });

  test('/halt of the chat writes the row that entries read, and names a day that does not answer', async () => {
    await pool.query(
      `insert into session (account, date, plan) values ($1, '2026-11-27', '{}') on conflict do nothing`,
      [account],
    );
    const bench = await startBench();
    const broker = openBroker(fixedCredentials(bench.paper), { rest: bench.paper.rest });
    const parts = { account, pool, client, broker, mode: 'paper', chatId: 1 };
    try {
      const answer = await answerTo(parts, { kind: 'halt', reason: 'too wild' });
      expect(answer).toMatch(/^Entries are halted\./);
      expect(answer).toMatch(/No answer from the day workflow/);
      const halt = await latestHalt(pool, account);
      expect(halt).toMatchObject({
        halted: true,
        reason: 'by Telegram: too wild',
        who: 'Telegram',
      });
      expect(await answerTo(parts, { kind: 'resume' })).toContain('ratchet resume');
      expect((await latestHalt(pool, account)).halted).toBe(true);
      const status = await answerTo(parts, { kind: 'status' });
      expect(status).toContain('Entries: HALTED (by Telegram: too wild)');
      expect(await answerTo(parts, { kind: 'positions' })).toBe('No position is open.');
    } finally {
      await bench.paper.close();
    }
  });
});
