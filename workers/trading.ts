// The trading worker: workflows, and the activities of the queues market, orders-<account> and office.
// One process here; on a larger installation the same entry runs once per queue.
import { Context } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import { Runtime, Worker, type NativeConnection } from '@temporalio/worker';
import { createAlertActivities } from '../activities/alerts';
import {
  BooksReader,
  createBrokerActivities,
  createEntryGuard,
  createReconcileActivities,
  createWriteLog,
  WriteGate,
} from '../activities/broker';
import {
  createAlertRecordActivities,
  createLedgerActivities,
  recordTrigger,
} from '../activities/ledger';
import {
  createBandActivities,
  createDayActivities,
  createEntryActivities,
} from '../activities/marketData';
import { createModelClient, type ModelClient } from '../activities/models';
import { tellOutcomes } from '../activities/models/outcomes';
import { createRolloutActivities } from '../activities/models/rollouts';
import { createNewsActivities, NewsReader, type NewsSource } from '../activities/news';
import { createReportActivities } from '../activities/reports';
import { sectorOf } from '../domain/market/sectors';
import { defaultWriteLimits } from '../domain/orders/limiter';
import { istDate, istInstant } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { readSecret } from '../infra/secrets';
import { connectWorker } from '../infra/temporal/connect';
import { marketQueue, officeQueue, ordersQueue } from '../workflows/messages';
import { bundlePath } from './bundle';
import {
  kiteClient,
  webhookEndpoints,
  workerEnvironment,
  type WorkerEnvironment,
} from './environment';
import { heartbeating } from './heartbeat';
import { lastPriceReader } from './lastPrice';
import { marketClockOf } from './marketClock';
import { startOutcomeCourier } from './outcomeCourier';
import { positionWorkflows } from './positionWorkflows';

interface QueuePart {
  readonly taskQueue: string;
  readonly activities: object;
}

/** The account's gate, knowing what was sent before this process was there. */
async function writeGate({ config, pool }: WorkerEnvironment): Promise<WriteGate> {
  const log = createWriteLog(pool, config.account);
  const sent = await log.since(istInstant(istDate(epochMs(Date.now())), '00:00'));
  return new WriteGate(defaultWriteLimits, sent, (...write) => log.note(...write));
}

/** The configured sources, and on paper the exchange's own feed before them. */
function newsReader({ config, kiteRoot, paper }: WorkerEnvironment): NewsReader {
  const exchangeFeed: NewsSource[] =
    kiteRoot === undefined
      ? []
      : [{ name: 'paper exchange', kind: 'feed', url: `${kiteRoot}/paper/news.rss` }];
  return new NewsReader({
    sources: [...exchangeFeed, ...config.feeds],
    loopback: paper,
    postsToken: readSecret('RATCHET_X_BEARER_TOKEN'),
    everyMinMs: paper ? 1_000 : 60_000,
  });
}

const modelClient = ({
  config,
  modelServer,
  modelScoreToken: scoreToken,
}: WorkerEnvironment): ReturnType<typeof createModelClient> =>
  createModelClient(modelServer, {
    deadlineMs: config.models.deadlineMs,
    scoreToken,
    onAbsent: (model, reason) => console.warn(`no score from ${model}: ${reason}`),
  });

/** The queues with what runs on them. */
function queues(
  environment: WorkerEnvironment,
  gate: WriteGate,
  { client, models }: { readonly client: Client; readonly models: ModelClient },
): QueuePart[] {
  const { config, pool, crashPoint } = environment;
  const kite = kiteClient(environment);
  const books = new BooksReader(kite);
  const endpoints = webhookEndpoints(config);
  const news = newsReader(environment);
  const { universe, screener, decision } = config;
  const { calendar } = environment;
  return [
    {
      taskQueue: ordersQueue(config.account),
      activities: {
        ...createBrokerActivities({
          kite,
          books,
          gate,
          guard: createEntryGuard(pool, config.account),
          recordTrigger: (orderId, order) => recordTrigger(pool, orderId, order),
          givenUp: () => Context.current().cancellationSignal,
          crashPoint,
          lastPrice: lastPriceReader(pool, kite),
        }),
        ...createReconcileActivities({ pool, kite, books, positions: positionWorkflows(client) }),
        ...createBandActivities(pool),
      },
    },
    {
      taskQueue: marketQueue,
      activities: {
        ...createDayActivities({
          kite,
          pool,
          models,
          calendar,
          decision,
          marketClock: marketClockOf(environment),
          screener: {
            ...screener,
            universe,
            sectorOf: (tradingsymbol) => sectorOf(tradingsymbol, config.sectors),
            surveillanceFile: screener.surveillanceFile,
          },
        }),
        ...createEntryActivities(kite, pool),
        ...createNewsActivities({ pool, models, news, aggregate: config.sentiment }),
        ...createRolloutActivities({
          url: environment.modelServer,
          adminToken: environment.modelAdminToken,
        }),
      },
    },
    {
      taskQueue: officeQueue,
      activities: {
        ...createLedgerActivities(pool, crashPoint),
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
  const gate = await writeGate(environment);
  const client = new Client({ connection, namespace });
  const models = modelClient(environment);
  const workers = await Promise.all(
    queues(environment, gate, { client, models }).map((part) =>
      createWorker(connection, namespace, part),
    ),
  );
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write('ready\n');
  const stopCourier = startOutcomeCourier(
    () => tellOutcomes(environment.pool, models, Date.now()),
    (line) => console.warn(line),
  );
  await Promise.all(workers.map((worker) => worker.run()));
  await stopCourier();
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
    interceptors: { activity: [heartbeating] },
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
