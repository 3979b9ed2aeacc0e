// Goal: on a real Temporal server the end of a day comes whatever the comparison with the broker does: alerts with
// both numbers where they differ, none where it fails or is lost, and the report and the day's end always.
// Method: the real workflow of a day whose instants have passed, on activities that answer what a case wants.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { AlertInput } from '../../activities/alerts';
import type { EndOfDayActivities } from '../../activities/broker';
import type { EndOfDay } from '../../domain/endOfDay';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istInstant } from '../../domain/session/sessionClock';
import { planSession } from '../../domain/session/sessionPlan';
import { epochMs, paise } from '../../domain/units';
import { startDay } from '../../cli/startDay';
import { loadConfig } from '../../infra/config/config';
import type { DevServer } from '../../infra/temporal/devServer';
import { startTestServer } from '../support/temporalServer';
import { marketQueue, officeQueue, ordersQueue } from '../../workflows/messages';
import { eventually } from '../support/ratchet';

const namespace = 'ratchet';
const date = '2026-11-20';

const agreeing: EndOfDay = {
  findings: 0,
  charges: {
    kind: 'compared',
    orders: 2,
    ours: paise(8_268),
    brokers: paise(8_268),
    differing: [],
    agrees: true,
  },
  cash: {
    kind: 'compared',
    moved: { ours: paise(500), brokers: paise(500) },
    free: { ours: paise(100_500), brokers: paise(100_500) },
    paidIn: paise(0),
    settling: paise(500),
    obstacles: [],
    agrees: true,
  },
};
const differing: EndOfDay = {
  ...agreeing,
  charges: { ...agreeing.charges, brokers: paise(9_000), agrees: false } as EndOfDay['charges'],
  cash: {
    ...agreeing.cash,
    free: { ours: paise(100_500), brokers: paise(50_000) },
    agrees: false,
  } as EndOfDay['cash'],
};

describe('the end of a day on a real Temporal server', () => {
  const home = mkdtempSync(join(tmpdir(), 'ratchet-end-'));
  const raised: AlertInput[] = [];
  let compare: EndOfDayActivities['compareWithBroker'];
  let reports = 0;
  /** Ends the activity that answers nobody. */
  let release = (): void => undefined;
  let temporal: DevServer;
  let connection: Connection;
  let workerConnection: NativeConnection;
  let workers: Worker[] = [];
  let running: Promise<unknown>;

  const nothing = (): Promise<void> => Promise.resolve();
  const activities = {
    // The market's clock stands after the session: every instant of the plan has passed.
    awaitSession: () => Promise.resolve({ proven: true }),
    readiness: () => Promise.resolve([]),
    openSession: () => {
      const [marketAt, hostAt] = [istInstant(date, '16:00'), epochMs(Date.now())];
      return {
        plan: planSession(date, { marketAt, hostAt, speed: 1 }, nseCalendar),
        cash: paise(100_000),
        modificationsMax: null,
        entriesHalted: false,
        calendarEnds: null,
      };
    },
    openLedger: nothing,
    reconcile: () => ({ findings: [], adoptable: [] }),
    screen: () => [],
    analyseBar: () => ({ fresh: true, candidates: [], skipped: 0 }),
    compareWithBroker: (...day: Parameters<typeof compare>) => compare(...day),
    writeReport: () => {
      reports += 1;
      return { path: 'report.html', trades: 1, pnlAfterCharges: '₹0.00' };
    },
    recordAlert: (alert: AlertInput) => {
      raised.push(alert);
      return [];
    },
  };

  beforeAll(async () => {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
    temporal = await startTestServer(home, namespace);
    connection = await Connection.connect({ address: temporal.address });
    workerConnection = await NativeConnection.connect({ address: temporal.address });
    const workflowsPath = resolve(__dirname, '../../workflows/index.ts');
    workers = await Promise.all(
      [ordersQueue('paper'), marketQueue, officeQueue].map((taskQueue) =>
        Worker.create({
          connection: workerConnection,
          namespace,
          taskQueue,
          activities,
          ...(taskQueue === marketQueue ? {} : { workflowsPath }),
        }),
      ),
    );
    running = Promise.allSettled(workers.map((worker) => worker.run()));
  });

  afterAll(async () => {
    release();
    for (const worker of workers) worker.shutdown();
    await running;
    await workerConnection.close();
    await connection.close();
    await temporal.child.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test.each<[string, EndOfDayActivities['compareWithBroker'], readonly string[]]>([
    ['agrees', () => Promise.resolve(agreeing), []],
    ['differs', () => Promise.resolve(differing), ['cash.differ', 'charges.differ']],
    ['has nothing to compare', () => Promise.resolve(null), []],
    ['fails', () => Promise.reject(new Error('the database is down')), []],
    [
      'is lost with its worker',
      () =>
        new Promise((resolve) => {
          const before = release;
          release = () => {
            before();
            resolve(null);
          };
        }),
      [],
    ],
  ])('it %s, and the day ends with its report', async (name, comparison, expected) => {
    compare = comparison;
    reports = 0;
    const client = new Client({ connection, namespace });
    const config = { ...loadConfig(undefined), account: 'paper' };
    const day = `${date}-${name.replaceAll(' ', '-')}`;
    const handle = await startDay(client, config, day, { speed: 1 });
    await expect(handle.result()).resolves.toEqual({ report: 'report.html', trades: 1 });
    expect(reports).toBe(1);
    const told = await eventually(() => {
      const ofDay = raised.filter(({ id }) => id.includes(day));
      const missing = ['day.ended', ...expected].filter(
        (type) => !ofDay.some((alert) => alert.type === type),
      );
      return missing.length === 0 ? ofDay : undefined;
    });
    const differ = told.filter(({ type }) => type.endsWith('.differ'));
    expect(differ.map(({ type }) => type).sort()).toEqual([...expected].sort());
    for (const { type, body } of differ)
      expect(body).toMatchObject(
        type === 'charges.differ'
          ? { ours: '₹82.68', brokers: '₹90.00' }
          : { ours: '₹1,005.00', brokers: '₹500.00' },
      );
  });
});
