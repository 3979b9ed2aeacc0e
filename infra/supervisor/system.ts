// Starts and stops a whole system on this machine: Postgres, Temporal, an exchange of our own unless it is live,
// model server, trading worker, tick gateway. Each is a child with a log file. A child that falls is started
// again, and all are stopped by their own ids. A paper exchange that falls ends the system: its clock goes on, and a
// run's journal brings its books back with the next `up`.
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Child } from './childProcess';
import { ratchetHome, readToolchain } from '../checkout';
import { clusterFolder, stateHome } from '../accountFolder';
import { installationIn } from '../installation';
import { freePort } from '../freePort';
import { createDatabase, startCluster } from '../postgres/cluster';
import { migrate } from '../postgres/migrate';
import { connectClient, defaultNamespace } from '../temporal/connect';
import { startDevServer } from '../temporal/devServer';
import { keepRotated, logFileOf } from './logs';
import { databaseOf, logFolder, reportFolder, stateFolder } from './places';
import { startExchange, startShadow } from './ownExchange';
import type { Environment, Parts, SystemOptions } from './parts';
import { resumableRun } from './resumableRun';
import { launchSupervised, pidsOf, supervise } from './supervised';
import { killedSystem, lockRun, newRunFolder, writeRunning, type RunningSystem } from './runFolder';

export interface System {
  readonly running: RunningSystem;
  readonly folder: string;
  /** Says a line, and keeps it in the supervisor's log. */
  readonly say: (line: string) => void;
  /** Settles with the name of a child that ended by itself and could not be started again. */
  readonly childEnded: Promise<string>;
  stop(): Promise<void>;
}

/** Starts everything; on any failure stops what had started. @throws Error in one sentence. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const unlock = lockRun();
  const { config } = options;
  const killed = killedSystem(config);
  const resumed = options.resumes === true ? resumableRun(killed, options.date) : undefined;
  const folder = resumed?.folder ?? newRunFolder();
  const logs = logFolder({ ...options, folder });
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  const say = loggedTo(logFileOf(logs, 'supervisor'), options.say);
  const stopRotating = keepRotated(logs, say);
  const children: Child[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const child of children.toReversed()) await child.stop();
    stopRotating();
    unlock();
  };
  try {
    const isRecovery = config.mode === 'paper' ? resumed !== undefined : killed !== undefined;
    if (resumed !== undefined) say(`going on with the run in ${folder}, which was killed`);
    const exchange = resumed?.exchange ?? options.exchange;
    const own = { say, folder, logs, children, isRecovery, resumed, exchange };
    const running = await startParts({ ...options, ...own });
    const childEnded = new Promise<string>((resolve) => {
      for (const child of children) void child.ended.then(() => !stopping && resolve(child.name));
    });
    return { running, folder, say, childEnded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Says a line, and writes it down with its time. */
const loggedTo =
  (file: string, say: SystemOptions['say']): SystemOptions['say'] =>
  (line) => {
    say(line);
    appendFileSync(file, `${new Date().toISOString()} ${line}\n`, { mode: 0o600 });
  };

const serverAddress = z.object({ url: z.string() });

const token = (): string => randomBytes(16).toString('hex');

/** The environment of every program of a run. Secrets are passed only here. */
function baseEnvironment(parts: Parts): Environment {
  const { config, configFile } = parts;
  return {
    RATCHET_MODE: config.mode,
    RATCHET_SERVING_ADMIN_TOKEN: process.env['RATCHET_SERVING_ADMIN_TOKEN'] ?? token(),
    RATCHET_REPORTS: reportFolder(parts),
    RATCHET_INSTALLATION: installationIn(config.mode === 'paper' ? ratchetHome : stateHome()),
    ...(configFile !== undefined && { RATCHET_CONFIG: configFile }),
    ...(parts.isRecovery && { RATCHET_RECOVERED: String(Date.now()) }),
  };
}

/**
 * Ends what an interrupted session of the world left running, before a worker takes it up, since its orders
 * are in no book any more. Delivery positions are adopted from our records.
 */
async function endUnfinished(
  environment: Readonly<Record<string, string>>,
  say: (line: string) => void,
): Promise<void> {
  const client = await connectClient(environment);
  try {
    const query = `ExecutionStatus = 'Running' and WorkflowType in ('tradingDay', 'position')`;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      await client.workflow.getHandle(workflowId, runId).terminate('its session is over');
      say(`${workflowId} of an interrupted session has been ended`);
    }
  } finally {
    await client.connection.close();
  }
}

async function startParts(parts: Parts): Promise<RunningSystem> {
  const { say, config, folder, children } = parts;
  mkdirSync(stateFolder(parts), { recursive: true, mode: 0o700 });
  const base = baseEnvironment(parts);
  const paper = config.mode === 'paper' ? await startExchange(parts, base) : null;
  const databaseUrl = process.env['DATABASE_URL'] ?? (await startPostgres(parts));
  await migrate(databaseUrl);
  say('✓ Postgres');
  const temporal = await startTemporal(parts);
  say(`✓ Temporal, its UI at ${temporal.ui}`);
  if (parts.world !== undefined) await endUnfinished(temporal.environment, say);
  const exchange =
    config.mode === 'shadow'
      ? await startShadow(parts, { ...base, ...temporal.environment })
      : paper;
  const modelPort = String(await freePort());
  const modelLine = await launchSupervised(parts, {
    name: 'model server',
    script: 'serving/main.js',
    args: ['--state', join(stateFolder(parts), 'serving'), '--port', modelPort],
    env: { ...base, RATCHET_SERVING_DATABASE_URL: databaseUrl },
  });
  const models = serverAddress.parse(JSON.parse(modelLine));
  say(`✓ model server at ${models.url}`);
  const environment = {
    ...base,
    ...temporal.environment,
    ...exchange?.environment,
    DATABASE_URL: databaseUrl,
    RATCHET_MODEL_SERVER: models.url,
  };
  const ours = { args: [], env: environment };
  await Promise.all([
    launchSupervised(parts, { name: 'worker', script: 'workers/trading.js', ...ours }),
    launchSupervised(parts, { name: 'gateway', script: 'workers/gateway.js', ...ours }),
  ]);
  say('✓ trading worker and tick gateway');
  const running: RunningSystem = {
    supervisor: process.pid,
    processes: pidsOf(children),
    account: config.account,
    mode: config.mode,
    date: parts.date,
    folder,
    logs: parts.logs,
    temporalUi: temporal.ui,
    exchange: exchange?.rest ?? null,
    exchangeArguments: config.mode === 'paper' && parts.world === undefined ? parts.exchange : null,
    modelServer: models.url,
    environment,
  };
  writeRunning(running);
  return running;
}

async function startPostgres(parts: Parts): Promise<string> {
  const { postgres } = readToolchain();
  if (postgres === null)
    throw new Error('set-up used DATABASE_URL, which is no longer set: run `npm run setup` again');
  const options = {
    binaries: postgres,
    folder: parts.config.mode === 'paper' ? join(ratchetHome, 'postgres') : clusterFolder(),
    logFile: logFileOf(parts.logs, 'Postgres'),
    durable: true,
    port: await freePort(),
  };
  const cluster = await startCluster(options);
  supervise(parts, cluster.child, async () => (await startCluster(options)).child);
  const database = databaseOf(parts);
  await createDatabase(cluster, database);
  return cluster.url(database);
}

async function startTemporal(
  parts: Parts,
): Promise<{ ui: string; environment: Record<string, string> }> {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (address !== undefined) return { ui: `the cluster at ${address}`, environment: {} };
  const { temporal } = readToolchain();
  if (temporal === null)
    throw new Error(
      'set-up used TEMPORAL_ADDRESS, which is no longer set: run `npm run setup` again',
    );
  const options = {
    cli: temporal,
    databaseFile: join(stateFolder(parts), 'temporal.db'),
    logFile: logFileOf(parts.logs, 'Temporal'),
    namespace: defaultNamespace,
    port: await freePort(),
    uiPort: await freePort(parts.uiPort),
  };
  const server = await startDevServer(options);
  supervise(parts, server.child, async () => (await startDevServer(options)).child);
  return {
    ui: server.ui,
    environment: { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: defaultNamespace },
  };
}
