// The trading worker: workflows, and the activities of the queues market, orders-<account> and office. Here
// one process runs all queues; a larger installation runs this entry once per queue.
import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Runtime, Worker } from '@temporalio/worker';
import { createAlertActivities, createAlertRecordActivities } from '../activities/alerts';
import {
  BooksReader,
  createBrokerActivities,
  createEndOfDayActivities,
  createEntryGuard,
  createReconcileActivities,
  createWriteLog,
  guardedBySession,
  WriteGate,
  type SessionWatch,
} from '../activities/broker';
import { createLedgerActivities, recordTrigger } from '../activities/ledger';
import { claimEntry } from '../activities/ledger/approvals';
import { claimRecords } from '../activities/ledger/accountMode';
import {
  compareDay,
  createBandActivities,
  createDayActivities,
  createEntryActivities,
  withKeptLists,
} from '../activities/marketData';
import type { ModelClient } from '../activities/models';
import { tellOutcomes } from '../activities/models/outcomes';
import { createRolloutActivities } from '../activities/models/rollouts';
import { createNewsActivities } from '../activities/news';
import { createReportActivities } from '../activities/reports';
import { brokerCapabilities, openBroker } from '../broker';
import type { Broker } from '../broker/port';
import { sectorOf } from '../domain/market/sectors';
import { istDate, istInstant } from '../domain/session/sessionClock';
import { epochMs } from '../domain/units';
import { guardOutput } from '../infra/secrets';
import { openLiveVoters, type OpenedVoters } from '../infra/strategies/open';
import { connectWorker, workerConverter, type WorkerConnection } from '../infra/temporal/connect';
import { marketQueue, officeQueue, ordersQueue } from '../workflows/messages';
import { accountReadiness } from './accountReadiness';
import { beginDay } from './beginDay';
import { bundlePath } from './bundle';
import { addressRefused } from './addressRefused';
import { workerEnvironment, type WorkerEnvironment } from './environment';
import { followDirectHold, type DirectHold } from './directHold';
import { tellDay } from './haltEntries';
import { foreignMessages, refusingForeign } from './foreignMessages';
import { heartbeating } from './heartbeat';
import { startLoginReminder } from './loginReminder';
import { lastPriceReader } from './lastPrice';
import { holdLease } from './holdLease';
import { marketClockOf } from './marketClock';
import { startOutcomeCourier } from './outcomeCourier';
import { watchSession } from './watchSession';
import { configuredChannels, modelClient, newsReader } from './outside';
import { positionWorkflows } from './positionWorkflows';
import { processAlerts, raiseAlert } from './raiseAlert';
import { tellRecovery } from './tellRecovery';
import { watchStalls } from './watchStalls';
import { watchWorkflows } from './watchWorkflows';
import { startTelegramChat } from './telegramChat';

interface QueuePart {
  readonly taskQueue: string;
  readonly activities: object;
}

/** The account's write gate, which knows what was sent before this process started. */
async function writeGate({ config, pool }: WorkerEnvironment): Promise<WriteGate> {
  const log = createWriteLog(pool, config.account);
  const sent = await log.since(istInstant(istDate(epochMs(Date.now())), '00:00'));
  return new WriteGate(brokerCapabilities.writes, sent, (...write) => log.note(...write));
}

/** What is done about a broker that takes no orders from here. */
function onAddressRefused(
  { config: { account }, pool }: WorkerEnvironment,
  client: Client,
): (brokerSaid: string) => void {
  const told = addressRefused({
    account,
    pool,
    raise: (alert) => raiseAlert(client, alert),
    tellDay: (reason) => tellDay({ account, pool, client }, reason),
    warn: (line) => console.warn(line),
  });
  return (brokerSaid) => void told(brokerSaid);
}

/** What the queues share. */
interface Clients {
  readonly client: Client;
  readonly models: ModelClient;
  readonly broker: Broker;
  readonly watch: SessionWatch;
  readonly hold: DirectHold;
  readonly opened: OpenedVoters;
}

/** Everything that sends orders, in the one process that may. */
function ordersActivities(
  environment: WorkerEnvironment,
  gate: WriteGate,
  { client, broker, books, watch, hold }: Clients & { readonly books: BooksReader },
): object {
  const { config, pool, crashPoint, installation } = environment;
  const lastPrice = lastPriceReader(pool, broker);
  return {
    ...createBrokerActivities({
      broker,
      books,
      gate,
      guard: guardedBySession(
        createEntryGuard(pool, {
          account: config.account,
          limits: config.risk,
          longProduct: config.longProduct,
          lastPrice,
        }),
        watch,
      ),
      claimEntry: (intentId) => claimEntry(pool, config.account, intentId),
      recordTrigger: (orderId, order) => recordTrigger(pool, orderId, order),
      addressRefused: onAddressRefused(environment, client),
      isHeld: hold.isOn,
      givenUp: () => Context.current().cancellationSignal,
      crashPoint,
      lastPrice,
    }),
    ...createReconcileActivities({
      pool,
      broker,
      books,
      installation,
      positions: positionWorkflows(client),
    }),
    ...createEndOfDayActivities({ pool, broker, books }),
    ...createBandActivities(pool),
  };
}

/** The queues with what runs on them. */
function queues(environment: WorkerEnvironment, gate: WriteGate, clients: Clients): QueuePart[] {
  const { config, pool, crashPoint } = environment;
  const { models, broker, watch, opened } = clients;
  const books = new BooksReader(broker);
  const listing = withKeptLists(broker);
  const channels = configuredChannels(environment);
  const news = newsReader(environment);
  const { universe, screener } = config;
  const { calendar } = environment;
  return [
    {
      taskQueue: ordersQueue(config.account),
      activities: ordersActivities(environment, gate, { ...clients, books }),
    },
    {
      taskQueue: marketQueue,
      activities: {
        ...accountReadiness(environment, { broker: listing, books, watch, channels }),
        ...createDayActivities({
          broker: listing,
          pool,
          models,
          calendar,
          ...opened,
          mode: environment.broker.mode,
          marketClock: marketClockOf(environment),
          installation: environment.installation,
          screener: {
            ...screener,
            universe,
            sectorOf: (tradingsymbol) => sectorOf(tradingsymbol, config.sectors),
            surveillanceFile: screener.surveillanceFile,
          },
        }),
        ...createEntryActivities(broker, pool),
        ...createNewsActivities({
          pool,
          models,
          news,
          aggregate: config.sentiment,
          listing: () => listing.listing(),
        }),
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
        ...createAlertRecordActivities(pool, channels),
        ...createAlertActivities(pool, channels),
        ...createReportActivities(
          pool,
          environment.reports,
          (account, date) => compareDay({ pool, broker, calendar }, { account, date }),
          (line) => console.log(line),
        ),
      },
    },
  ];
}

async function main(): Promise<void> {
  Runtime.install({ shutdownSignals: [] });
  const environment = workerEnvironment();
  const { config, broker: place, pool } = environment;
  await claimRecords(pool, config.account, place.mode);
  const lease = await holdLease(environment, (why) => {
    console.error(why);
    process.exit(1);
  });
  const temporal = await connectWorker();
  const { connection, client } = temporal;
  const gate = await writeGate(environment);
  const models = modelClient(environment);
  const rawBroker = openBroker(place.credentials, place.address);
  const raise = processAlerts(client, config.account, 'worker');
  const dataConverter = workerConverter(temporal.namespace, foreignMessages(raise));
  const watch = watchSession({ reader: rawBroker, place, raise });
  const broker = watch.watched(rawBroker);
  const opened = await openLiveVoters(config);
  const stopStalls = watchStalls('worker', raise);
  tellRecovery(environment, lease, raise);
  const stopWatching = watchWorkflows({
    account: config.account,
    mode: place.mode,
    pool,
    client,
    raise,
    startAgain: (date, terms) =>
      beginDay(client, { account: config.account, date, ...terms }, 'ALLOW_DUPLICATE'),
  });
  const hold = followDirectHold(pool, config.account);
  const workers = await Promise.all(
    queues(environment, gate, { client, models, broker, watch, hold, opened }).map((part) =>
      createWorker(temporal, dataConverter, part),
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
  const stopReminder = startLoginReminder(environment, watch, raise);
  const stopChat = startTelegramChat(environment, { client, broker });
  await Promise.all(workers.map((worker) => worker.run()));
  stopWatching();
  stopReminder();
  await Promise.all([stopCourier(), stopChat?.()]);
  watch.stop();
  hold.stop();
  stopStalls();
  await lease.giveBack();
  await connection.close();
  await pool.end();
}

const createWorker = (
  { connection, namespace }: WorkerConnection,
  dataConverter: DataConverter,
  { taskQueue, activities }: QueuePart,
): Promise<Worker> =>
  Worker.create({
    connection,
    namespace,
    dataConverter,
    taskQueue,
    workflowBundle: { codePath: bundlePath },
    activities,
    interceptors: { activity: [refusingForeign, heartbeating] },
    maxCachedWorkflows: 200,
    maxConcurrentActivityTaskExecutions: 40,
    // The cached workflows of a killed worker move to another after one second instead of ten.
    stickyQueueScheduleToStartTimeout: '1s',
    // What waits for the gate is given up after the grace time and never sent. A write that has left by then has its
    // answer, or no hope of one, five seconds later (broker/kite/client.ts): nothing is left half-sent.
    shutdownGraceTime: '5s',
    shutdownForceTime: '13s',
  });

// Files that others can read are made by nobody of ours (infra/privateFiles.ts).
process.umask(0o077);
guardOutput([process.stdout, process.stderr]);

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
