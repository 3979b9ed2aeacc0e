// Starts and stops a whole system on this machine: Postgres, Temporal, paper exchange, model server,
// trading worker, tick gateway. Each is a child with a log file; all are stopped by their own ids.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Child } from '../infra/childProcess';
import { startChild, untilReady } from '../infra/childProcess';
import { compiled, ratchetHome, readToolchain } from '../infra/checkout';
import type { RatchetConfig } from '../infra/config/config';
import { createDatabase, startCluster } from '../infra/postgres/cluster';
import { migrate } from '../infra/postgres/migrate';
import { defaultNamespace } from '../infra/temporal/connect';
import { startDevServer } from '../infra/temporal/devServer';
import { lockRun, newRunFolder, writeRunning, type RunningSystem } from './runFolder';

export interface SystemOptions {
  readonly config: RatchetConfig;
  readonly configFile: string | undefined;
  readonly date: string;
  /** Arguments of the paper exchange: source, speed, cash. */
  readonly exchange: readonly string[];
  readonly uiPort: number | undefined;
  readonly say: (line: string) => void;
}

export interface System {
  readonly running: RunningSystem;
  readonly folder: string;
  /** Settles with the name of a child that ended by itself. */
  readonly childEnded: Promise<string>;
  stop(): Promise<void>;
}

/** Starts everything; on any failure stops what had started. @throws Error in one sentence. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const unlock = lockRun();
  const folder = newRunFolder();
  const children: Child[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const child of children.toReversed()) await child.stop();
    unlock();
  };
  try {
    const running = await startParts(options, folder, children);
    const childEnded = new Promise<string>((resolve) => {
      for (const child of children) void child.ended.then(() => !stopping && resolve(child.name));
    });
    return { running, folder, childEnded, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const exchangeAddress = z.object({ rest: z.string(), ticker: z.string() });
const serverAddress = z.object({ url: z.string() });

const token = (): string => randomBytes(16).toString('hex');

/** Starts one of our own programs and waits for its first line. */
type StartProgram = (
  name: string,
  script: string,
  args: readonly string[],
  env: Record<string, string>,
) => Promise<string>;

function programStarter(folder: string, children: Child[]): StartProgram {
  return async (name, script, args, env) => {
    const logFile = join(folder, `${name.replace(' ', '-')}.log`);
    const child = await startChild({
      name,
      command: process.execPath,
      args: ['--enable-source-maps', join(compiled, script), ...args],
      logFile,
      // Kite's client parses times in the process's zone; a proxy must not see loopback traffic.
      env: {
        ...process.env,
        TZ: 'Asia/Kolkata',
        NO_PROXY: '127.0.0.1,localhost',
        no_proxy: '127.0.0.1,localhost',
        ...env,
      },
    });
    children.push(child);
    return untilReady(child, logFile, () => Promise.resolve(firstLine(logFile)));
  };
}

/** What every program of a run is told; secrets only by environment. */
function baseEnvironment(options: SystemOptions, folder: string): Record<string, string> {
  return {
    RATCHET_KITE_API_KEY: process.env['RATCHET_KITE_API_KEY'] ?? token(),
    RATCHET_KITE_API_SECRET: process.env['RATCHET_KITE_API_SECRET'] ?? token(),
    RATCHET_KITE_ACCESS_TOKEN: process.env['RATCHET_KITE_ACCESS_TOKEN'] ?? token(),
    RATCHET_SERVING_ADMIN_TOKEN: process.env['RATCHET_SERVING_ADMIN_TOKEN'] ?? token(),
    RATCHET_REPORTS: folder,
    ...(options.configFile === undefined ? {} : { RATCHET_CONFIG: options.configFile }),
  };
}

async function startParts(
  options: SystemOptions,
  folder: string,
  children: Child[],
): Promise<RunningSystem> {
  const { say, config } = options;
  const base = baseEnvironment(options, folder);
  const start = programStarter(folder, children);
  // The exchange first: wrong dates and missing data show before anything slow has started.
  const journal = ['--journal', join(folder, 'exchange-journal.jsonl')];
  const exchangeLine = await start(
    'paper exchange',
    'infra/paper-exchange/main.js',
    ['--date', options.date, '--held', '--no-credentials', ...options.exchange, ...journal],
    base,
  );
  const exchange = exchangeAddress.parse(JSON.parse(exchangeLine));
  say(`✓ paper exchange at ${exchange.rest}`);
  const databaseUrl = process.env['DATABASE_URL'] ?? (await startPostgres(folder, children));
  await migrate(databaseUrl);
  say('✓ Postgres');
  const temporal = await startTemporal(options, folder, children);
  say(`✓ Temporal, its UI at ${temporal.ui}`);
  const models = serverAddress.parse(
    JSON.parse(
      await start('model server', 'serving/main.js', ['--state', join(folder, 'serving')], {
        ...base,
        RATCHET_SERVING_DATABASE_URL: databaseUrl,
      }),
    ),
  );
  say(`✓ model server at ${models.url}`);
  const environment = {
    ...base,
    ...temporal.environment,
    DATABASE_URL: databaseUrl,
    RATCHET_KITE_ROOT: exchange.rest,
    RATCHET_KITE_TICKER: exchange.ticker,
    RATCHET_MODEL_SERVER: models.url,
  };
  await Promise.all([
    start('worker', 'workers/trading.js', [], environment),
    start('gateway', 'workers/gateway.js', [], environment),
  ]);
  say('✓ trading worker and tick gateway');
  const running: RunningSystem = {
    supervisor: process.pid,
    children: children.map((child) => child.pid),
    account: config.account,
    date: options.date,
    temporalUi: temporal.ui,
    exchange: exchange.rest,
    modelServer: models.url,
    environment,
  };
  writeRunning(running);
  return running;
}

/** @throws Error while the child has not printed its line. */
function firstLine(logFile: string): string {
  const line = readFileSync(logFile, 'utf8')
    .split('\n')
    .find((text) => text.startsWith('{') || text === 'ready');
  if (line === undefined) throw new Error('has not said that it is ready');
  return line;
}

async function startPostgres(folder: string, children: Child[]): Promise<string> {
  const { postgres } = readToolchain();
  if (postgres === null)
    throw new Error('set-up used DATABASE_URL, which is no longer set: run `npm run setup` again');
  const cluster = await startCluster({
    binaries: postgres,
    folder: join(ratchetHome, 'postgres'),
    logFile: join(folder, 'postgres.log'),
    durable: true,
  });
  children.push(cluster.child);
  const database = `ratchet_${basename(folder).replaceAll('-', '_').toLowerCase()}`;
  await createDatabase(cluster, database);
  return cluster.url(database);
}

async function startTemporal(
  { uiPort }: SystemOptions,
  folder: string,
  children: Child[],
): Promise<{ ui: string; environment: Record<string, string> }> {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (address !== undefined) return { ui: `the cluster at ${address}`, environment: {} };
  const { temporal } = readToolchain();
  if (temporal === null)
    throw new Error(
      'set-up used TEMPORAL_ADDRESS, which is no longer set: run `npm run setup` again',
    );
  const server = await startDevServer({
    cli: temporal,
    databaseFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    namespace: defaultNamespace,
    ...(uiPort === undefined ? {} : { uiPort }),
  });
  children.push(server.child);
  return {
    ui: server.ui,
    environment: { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: defaultNamespace },
  };
}
