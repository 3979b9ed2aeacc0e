// Starts and stops a whole system on this machine: Postgres, Temporal, an exchange of our own unless it is live,
// model server, trading worker, tick gateway. Each is a child with a log file. A child that falls is started
// again, and all are stopped by their own ids. A paper exchange that falls ends the system: its clock goes on, and a
// run's journal brings its books back with the next `up`.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { z } from 'zod';
import type { Child } from './childProcess';
import { ratchetHome, readToolchain } from '../checkout';
import { clusterFolder, stateHome } from '../accountFolder';
import { installationFolder, installationIn } from '../installation';
import { newToken, readSecret } from '../secrets';
import { ensureSigningKey } from '../signingKey';
import { freePort } from '../freePort';
import { privateHome } from '../privateFiles';
import { openDatabase, startCluster } from '../postgres/cluster';
import { databaseEnvironment, namedDatabases, type Databases } from '../postgres/databases';
import { migrate } from '../postgres/migrate';
import { connectClient, defaultNamespace } from '../temporal/connect';
import { takeOver } from '../temporal/takeOver';
import type { LoopbackServer } from '../net/loopbackServer';
import { hiddenAddress, openUiDoor } from '../temporal/uiDoor';
import { startDevServer } from '../temporal/devServer';
import { ensurePayloadKeys, payloadKeysOf } from '../temporal/payloadKeys';
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
  for (const home of [ratchetHome, stateHome()]) privateHome(home);
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
  const doors: LoopbackServer[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const door of doors) await door.close();
    for (const child of children.toReversed()) await child.stop();
    stopRotating();
    unlock();
  };
  try {
    const isRecovery = config.mode === 'paper' ? resumed !== undefined : killed !== undefined;
    if (resumed !== undefined) say(`going on with the run in ${folder}, which was killed`);
    const exchange = resumed?.exchange ?? options.exchange;
    const own = { say, folder, logs, children, doors, isRecovery, resumed, exchange };
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

const servingTokenNames = [
  'RATCHET_SERVING_SCORE_TOKEN',
  'RATCHET_SERVING_OUTCOME_TOKEN',
  'RATCHET_SERVING_ADMIN_TOKEN',
] as const;

/** Those that are set, and the others made up: nothing of the model server is open to every process here. */
const servingTokens = (): Environment =>
  Object.fromEntries(
    servingTokenNames.map((name) => [name, readSecret(name)?.reveal() ?? newToken()]),
  );

/** What the programs of a run are told; each gets of it what it reads. */
function baseEnvironment(parts: Parts): Environment {
  const { config, configFile } = parts;
  const { mode } = config;
  return {
    RATCHET_MODE: mode,
    ...servingTokens(),
    RATCHET_REPORTS: reportFolder(parts),
    RATCHET_INSTALLATION: installationIn(installationFolder(mode)),
    RATCHET_PAYLOAD_KEYS: ensurePayloadKeys(payloadKeysOf(mode)),
    ...(configFile !== undefined && { RATCHET_CONFIG: configFile }),
    ...(parts.isRecovery && { RATCHET_RECOVERED: String(Date.now()) }),
  };
}

/**
 * Ends what an interrupted session of the world left running, before a worker takes it up, since its orders
 * are in no book any more. Delivery positions are adopted from our records.
 */
async function endUnfinished(client: Client, say: (line: string) => void): Promise<void> {
  const query = `ExecutionStatus = 'Running' and WorkflowType in ('tradingDay', 'position')`;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    await client.workflow.getHandle(workflowId, runId).terminate('its session is over');
    say(`${workflowId} of an interrupted session has been ended`);
  }
}

/** What is in Temporal from before, before a worker sees it. */
async function settleBefore(parts: Parts, environment: Environment): Promise<void> {
  const client = await connectClient(environment);
  try {
    if (parts.world !== undefined) await endUnfinished(client, parts.say);
    const { say, config } = parts;
    const ownServer = process.env['TEMPORAL_ADDRESS'] === undefined;
    await takeOver(client, { account: config.account, ownServer, say });
  } finally {
    await client.connection.close();
  }
}

async function startParts(parts: Parts): Promise<RunningSystem> {
  const { say, config, folder, children } = parts;
  mkdirSync(stateFolder(parts), { recursive: true, mode: 0o700 });
  const base = baseEnvironment(parts);
  const paper = config.mode === 'paper' ? await startExchange(parts, base) : null;
  const databases = namedDatabases(process.env) ?? (await startPostgres(parts));
  await migrate(databases.owner);
  say('✓ Postgres');
  const temporal = await startTemporal(parts);
  say(`✓ Temporal, its UI at ${temporal.ui}`);
  await settleBefore(parts, { ...base, ...temporal.environment });
  const exchange =
    config.mode === 'shadow'
      ? await startShadow(parts, { ...base, ...temporal.environment })
      : paper;
  // The model server trusts its public half.
  ensureSigningKey();
  const modelPort = String(await freePort());
  const modelLine = await launchSupervised(parts, {
    name: 'model server',
    script: 'serving/main.js',
    args: ['--state', join(stateFolder(parts), 'serving'), '--port', modelPort],
    env: { ...base, RATCHET_SERVING_DATABASE_URL: databases.serving },
  });
  const models = serverAddress.parse(JSON.parse(modelLine));
  say(`✓ model server at ${models.url}`);
  const environment = {
    ...base,
    ...temporal.environment,
    ...exchange?.environment,
    ...databaseEnvironment(databases),
    RATCHET_MODEL_SERVER: models.url,
  };
  const ours = { args: [], env: environment };
  await Promise.all([
    launchSupervised(parts, { name: 'worker', script: 'workers/trading.js', ...ours }),
    launchSupervised(parts, { name: 'gateway', script: 'workers/gateway.js', ...ours }),
  ]);
  say('✓ trading worker and tick gateway');
  return writeRunning({
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
  });
}

async function startPostgres(parts: Parts): Promise<Databases> {
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
  return openDatabase(cluster, databaseOf(parts));
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
    uiAddress: hiddenAddress(),
    uiPort: await freePort(),
  };
  const uiPort = await freePort(parts.uiPort);
  const server = await startDevServer(options);
  supervise(parts, server.child, async () => (await startDevServer(options)).child);
  parts.doors.push(await openUiDoor(uiPort, { host: options.uiAddress, port: options.uiPort }));
  return {
    ui: `http://127.0.0.1:${uiPort}/namespaces/${defaultNamespace}/workflows`,
    environment: { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: defaultNamespace },
  };
}
