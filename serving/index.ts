// The model server: Open Inference Protocol v2 over HTTP for the ONNX models of one repository folder. One
// http.Server has two fronts: infer requests go straight to their handler, all others to Express.
import { randomUUID } from 'node:crypto';
import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Fatal } from '../domain/errors';
import { doorOf } from '../domain/web/door';
import { createApp, servedRoutes } from './http/app';
import { admits } from './http/entrance';
import { createInferRoute, matchInferPath } from './http/inferRoute';
import { monitoringRoutes } from './http/monitoringRoutes';
import { rolloutRoutes } from './http/rolloutRoutes';
import { pushRoutes } from './http/pushRoutes';
import { Refusals } from './http/refusals';
import { protocolRoutes, type Route } from './http/routes';
import { TokenGate } from './http/tokens';
import {
  checkExposure,
  resolveLimits,
  type ModelServerOptions,
  type ServingLimits,
} from './options';
import { RequestLog } from './monitoring/requestLog';
import { ModelRegistry } from './registry/modelRegistry';
import { ChangeJournal } from './rollout/changeJournal';
import { connectRecordPool, PostgresRecord } from './rollout/postgresRecord';
import type { ChangeRecord } from './rollout/rolloutChange';
import { RolloutRegistry } from './rollout/rolloutRegistry';
import { trustedKeys } from './repository/manifest';
import { ModelRepository } from './repository/modelRepository';
import { projectKeys } from './repository/projectKeys';
import { PushedVersions } from './repository/pushedVersions';

export type { ModelServerOptions, ServingLimits } from './options';

export interface ModelServer {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  readonly registry: ModelRegistry;
  readonly rollouts: RolloutRegistry;
  /** What its router serves, as `METHOD path`. */
  readonly routes: readonly string[];
  /** Refuses new connections, lets accepted requests end, then ends every scorer. */
  readonly close: () => Promise<void>;
}

/**
 * Loads every model of the folder and listens. A refused model does not stop the others: the repository index
 * gives the reason and /v2/health/ready answers 503.
 * @throws Fatal for a wrong option, an address in use or an unreadable folder.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  checkExposure(options);
  const limits = resolveLimits(options.limits);
  const pushed =
    options.state === undefined
      ? undefined
      : new PushedVersions(join(options.state, 'pushed'), limits.maxPushedMiB * 2 ** 20);
  const trusted = trustedKeys([...projectKeys, ...(options.trusted ?? [])]);
  const repository = new ModelRepository(options.models, trusted, pushed);
  const registry: ModelRegistry = new ModelRegistry(repository, {
    ...limits,
    memoryBudgetBytes: limits.memoryBudgetMiB * 2 ** 20,
    onFault: (loaded) => rollouts.guard(loaded),
    pool: { ...limits, memoryLimitMiB: limits.scorerMemoryMiB, makeScorer: options.makeScorer },
  });
  const { record, log, closeStores } = openStores(options, limits);
  const rollouts = new RolloutRegistry(registry, Date.now, (change) => record?.append(change));
  const say = options.say ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const refusals = new Refusals(
    { tries: limits.failedLogins, everyMs: limits.failedLoginEveryMs },
    say,
  );
  const gate = new TokenGate(options.tokens ?? {}, refusals);
  const door = doorOf(options.host ?? '127.0.0.1', options.names);
  const infer = createInferRoute({ registry, gate, limits, rollouts, log });
  const routes: readonly Route[] = [
    ...protocolRoutes(registry, (model) => rollouts.noteLoaded(model)),
    ...rolloutRoutes(rollouts),
    ...pushRoutes(registry),
    ...monitoringRoutes({ registry, rollouts }, () => routes),
  ];
  const app = createApp({ routes, infer, gate, limits });
  const server = serverFor(options, limits);
  let closing = false;
  server.on('request', (request, response) => {
    if (closing) response.setHeader('Connection', 'close');
    if (!admits({ door, refusals }, request, response)) return;
    const hot = options.hotPath !== false && request.method === 'POST';
    const target = hot ? matchInferPath(request.url ?? '') : undefined;
    if (target !== undefined) infer(request, response, target);
    else app(request, response);
  });
  const stable = await record?.stableVersions();
  await registry.loadAll(stable);
  for (const { name, state, reason = '' } of await registry.index())
    if (state === 'UNAVAILABLE') say(`model ${name} is not served: ${reason}`);
  const url = await listen(server, options).catch(async (error: unknown) => {
    await Promise.all([registry.close(), closeStores()]);
    throw error;
  });
  record?.follow?.((change) => rollouts.follow(change));
  const judge = setInterval(() => rollouts.judgeAll(), limits.judgeEveryMs);
  const close = async (): Promise<void> => {
    clearInterval(judge);
    closing = true;
    await closeServer(server, limits.requestTimeoutMs);
    await registry.close();
    await closeStores();
  };
  return { url, registry, rollouts, routes: servedRoutes(app), close };
}

const serverOptions: ServerOptions = {
  requestTimeout: 10_000,
  headersTimeout: 5_000,
  // Node looks for late headers only this often; its default of 30 s would be the real timeout.
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
};

/** @throws Fatal when the certificate and the key are no pair. */
function serverFor({ tls }: ModelServerOptions, limits: ServingLimits): Server {
  const server = tls === undefined ? createServer(serverOptions) : tlsServer(tls);
  server.maxConnections = limits.maxConnections;
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  return server;
}

function tlsServer(tls: NonNullable<ModelServerOptions['tls']>): Server {
  try {
    return createTlsServer({ ...serverOptions, ...tls });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const message = `Model server: the TLS certificate and its key can not be used: ${why}.`;
    throw new Fatal({ code: 'CONFIG_INVALID', message });
  }
}

interface Stores {
  readonly record: ChangeRecord | undefined;
  readonly log: RequestLog | undefined;
  readonly closeStores: () => Promise<void>;
}

/** The store of changes and sampled requests: Postgres, a file, or none. */
function openStores({ databaseUrl, state }: ModelServerOptions, limits: ServingLimits): Stores {
  if (databaseUrl === undefined) {
    const record = state === undefined ? undefined : new ChangeJournal(state);
    return { record, log: undefined, closeStores: () => Promise.resolve() };
  }
  const pool = connectRecordPool(databaseUrl);
  const server = `${process.pid}-${randomUUID().slice(0, 8)}`;
  const record = new PostgresRecord(pool, server, limits.followEveryMs);
  const { logOneIn, logRetentionMs: retentionMs } = limits;
  const log = new RequestLog(pool, { server, sampleShare: 1 / logOneIn, retentionMs });
  const closeStores = async (): Promise<void> => {
    await Promise.all([record.close(), log.close()]);
    await pool.end();
  };
  return { record, log, closeStores };
}

function listen(server: Server, options: ModelServerOptions): Promise<string> {
  const { host = '127.0.0.1', port = 0, tls } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is already in use' : `can not be used (${error.code})`;
      const message = `Model server: port ${port} on ${host} ${why}.`;
      reject(new Fatal({ code: 'ADDRESS_UNUSABLE', message }));
    });
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve(
        `http${tls === undefined ? '' : 's'}://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
      );
    });
  });
}

/** Resolves when every accepted request is answered, at the latest when the last must have been. */
async function closeServer(server: Server, requestTimeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), requestTimeoutMs + 1_000);
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
