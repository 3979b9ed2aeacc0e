// The model server: Open Inference Protocol v2 over HTTP for the ONNX models of one repository folder.
// One http.Server with two fronts: infer requests go to their handler directly, all else to Express.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Fatal } from '../domain/errors';
import { createApp } from './http/app';
import { createInferRoute, matchInferPath } from './http/inferRoute';
import { monitoringRoutes } from './http/monitoringRoutes';
import { rolloutRoutes } from './http/rolloutRoutes';
import { protocolRoutes, type Route } from './http/routes';
import { TokenGate } from './http/tokens';
import { checkExposure, resolveLimits, type ModelServerOptions } from './options';
import { ModelRegistry } from './registry/modelRegistry';
import { ChangeJournal } from './rollout/changeJournal';
import { RolloutBook, type RolloutChange } from './rollout/rolloutBook';
import { ModelRepository } from './repository/modelRepository';

export type { ModelServerOptions, ServingLimits } from './options';

export interface ModelServer {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  readonly registry: ModelRegistry;
  readonly rollouts: RolloutBook;
  /** Refuses new connections, lets accepted requests end, then ends every scorer. */
  readonly close: () => Promise<void>;
}

/**
 * Loads every model of the folder and listens. A model that is refused does not stop the others: the
 * repository index says why and /v2/health/ready answers 503.
 * @throws Fatal for a wrong option, an address in use or an unreadable folder.
 */
export async function startModelServer(options: ModelServerOptions): Promise<ModelServer> {
  checkExposure(options);
  const limits = resolveLimits(options.limits);
  const registry: ModelRegistry = new ModelRegistry(new ModelRepository(options.models), {
    ...limits,
    memoryBudgetBytes: limits.memoryBudgetMiB * 2 ** 20,
    onFault: (loaded) => rollouts.guard(loaded),
    pool: { ...limits, memoryLimitMiB: limits.scorerMemoryMiB },
  });
  const journal = options.state === undefined ? undefined : new ChangeJournal(options.state);
  const rollouts = new RolloutBook(registry, Date.now, (change) => {
    record(journal, change);
  });
  const gate = new TokenGate(options.tokens);
  const infer = createInferRoute({ registry, gate, limits });
  const routes: readonly Route[] = [
    ...protocolRoutes(registry),
    ...rolloutRoutes(rollouts),
    ...monitoringRoutes(registry, () => routes),
  ];
  const app = createApp({ routes, infer, gate, limits });
  const server = createServer({
    requestTimeout: 10_000,
    headersTimeout: 5_000,
    maxHeaderSize: 8_192,
  });
  server.maxConnections = limits.maxConnections;
  let closing = false;
  server.on('request', (request, response) => {
    if (closing) response.setHeader('Connection', 'close');
    const hot = options.hotPath !== false && request.method === 'POST';
    const target = hot ? matchInferPath(request.url ?? '') : undefined;
    if (target !== undefined) infer(request, response, target);
    else app(request, response);
  });
  await registry.loadAll(journal?.stableVersions());
  const url = await listen(server, options).catch(async (error: unknown) => {
    await registry.close();
    throw error;
  });
  const judge = setInterval(() => rollouts.judgeAll(), limits.judgeEveryMs);
  const close = async (): Promise<void> => {
    clearInterval(judge);
    closing = true;
    await closeServer(server, limits.requestTimeoutMs);
    await registry.close();
  };
  return { url, registry, rollouts, close };
}

/** A full disk must not keep the guard from dropping a bad candidate, so it is reported, not thrown. */
function record(journal: ChangeJournal | undefined, change: RolloutChange): void {
  try {
    journal?.append(change);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`change not recorded: ${reason}: ${JSON.stringify(change)}\n`);
  }
}

function listen(server: Server, options: ModelServerOptions): Promise<string> {
  const { host = '127.0.0.1', port = 0 } = options;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE' ? 'is already in use' : `can not be used (${error.code})`;
      const message = `Model server: port ${port} on ${host} ${why}.`;
      reject(new Fatal({ code: 'ADDRESS_UNUSABLE', message }));
    });
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo;
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${address.port}`);
    });
  });
}

/** Ends when every accepted request is answered, or at the time by which it must have been. */
async function closeServer(server: Server, requestTimeoutMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const late = setTimeout(() => server.closeAllConnections(), requestTimeoutMs + 1_000);
  server.closeIdleConnections();
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
