// The trading worker: workflows, and the activities of the queues market, orders-<account> and office.
// One process here; on a larger installation the same entry runs once per queue.
import { Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { createAlertActivities } from '../activities/alerts';
import { BooksReader, createBrokerActivities, WriteGate } from '../activities/broker';
import { createAlertRecordActivities, createLedgerActivities } from '../activities/ledger';
import { createBandActivities, createDayActivities } from '../activities/marketData';
import { createModelClient } from '../activities/models';
import { createRolloutActivities } from '../activities/models/rollouts';
import { createNewsActivities } from '../activities/news';
import { createReportActivities } from '../activities/reports';
import { defaultWriteLimits } from '../domain/orders/limiter';
import { connectWorker } from '../infra/temporal/connect';
import { marketQueue, officeQueue, ordersQueue } from '../workflows/messages';
import { bundlePath } from './bundle';
import {
  kiteClient,
  webhookEndpoints,
  workerEnvironment,
  type WorkerEnvironment,
} from './environment';
import { lastPriceReader } from './lastPrice';
import { marketClockOf } from './marketClock';
import { sectorOf } from './sectors';

interface QueuePart {
  readonly taskQueue: string;
  readonly activities: object;
}

/** The queues with what runs on them. */
function queues(environment: WorkerEnvironment): QueuePart[] {
  const { config, pool } = environment;
  const kite = kiteClient(environment);
  const books = new BooksReader(kite);
  const models = createModelClient(environment.modelServer, {
    deadlineMs: config.models.deadlineMs,
    scoreToken: environment.modelScoreToken,
    onAbsent: (model, reason) => console.warn(`no score from ${model}: ${reason}`),
  });
  const endpoints = webhookEndpoints(config);
  const paperFeed =
    environment.kiteRoot === undefined
      ? []
      : [{ name: 'paper exchange', url: `${environment.kiteRoot}/paper/news.rss` }];
  const { universe, screener, decision } = config;
  return [
    {
      taskQueue: ordersQueue(config.account),
      activities: {
        ...createBrokerActivities({
          kite,
          books,
          gate: new WriteGate(defaultWriteLimits),
          lastPrice: lastPriceReader(pool, kite),
        }),
        ...createBandActivities(pool),
      },
    },
    {
      taskQueue: marketQueue,
      activities: {
        ...createDayActivities({
          kite,
          pool,
          books,
          models,
          decision,
          marketClock: marketClockOf(environment),
          screener: { universe, ...screener, sectorOf },
        }),
        ...createRolloutActivities({
          url: environment.modelServer,
          adminToken: environment.modelAdminToken,
        }),
        ...createNewsActivities({ pool, models, feeds: [...paperFeed, ...config.feeds] }),
      },
    },
    {
      taskQueue: officeQueue,
      activities: {
        ...createLedgerActivities(pool),
        ...createAlertRecordActivities(pool, endpoints.length),
        ...createAlertActivities({ endpoints, loopbackDevelopment: environment.paper }),
        ...createReportActivities(pool, environment.reports),
      },
    },
  ];
}

async function main(): Promise<void> {
  Runtime.install({ shutdownSignals: [] });
  const environment = workerEnvironment();
  const { connection, namespace } = await connectWorker();
  const workers = await Promise.all(
    queues(environment).map((part) => createWorker(connection, namespace, part)),
  );
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write('ready\n');
  await Promise.all(workers.map((worker) => worker.run()));
  await connection.close();
  await environment.pool.end();
}

const createWorker = (
  connection: NativeConnection,
  namespace: string,
  { taskQueue, activities }: QueuePart,
): Promise<Worker> =>
  Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: { codePath: bundlePath },
    activities,
    maxCachedWorkflows: 200,
    maxConcurrentActivityTaskExecutions: 40,
    // A killed worker's cached workflows move on after a second, not after ten.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: '5s',
    shutdownForceTime: '10s',
  });

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
