// The Temporal dev server as a child: a database file per run folder, loopback only, and the search
// attributes by which the UI lists positions.
import { randomUUID } from 'node:crypto';
import { startChild, untilReady, type Child } from '../supervisor/childProcess';
import { machineEnvironment } from '../environment/programEnvironment';
import { Connection } from '@temporalio/client';
import { searchAttributeTypes } from './searchAttributes';

/** A started dev server. */
export interface DevServer {
  readonly child: Child;
  readonly address: string;
}

export interface DevServerOptions {
  readonly cli: string;
  readonly databaseFile: string;
  readonly logFile: string;
  readonly namespace: string;
  readonly port: number;
  /** Where the web UI listens. */
  readonly uiAddress: string;
  readonly uiPort: number;
}

/** @throws Error with the log's end when the server does not come up. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { port, uiPort } = options;
  const address = `127.0.0.1:${port}`;
  const child = await startChild({
    name: 'Temporal',
    command: options.cli,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
      ...['--ui-ip', options.uiAddress, '--ui-port', String(uiPort)],
      // Its HTTP API answers every page in the user's browser, so it answers to a name that is nobody's.
      ...['--dynamic-config-value', `frontend.httpAllowedHosts=["${randomUUID()}.invalid"]`],
      ...['--namespace', options.namespace, '--db-filename', options.databaseFile],
      // Without these two settings every step waits for the disk twice (68 ms against 32 ms measured).
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'],
      ...pollRates,
      ...suggestion(),
      ...['--log-level', 'warn', '--log-format', 'json'],
      ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => [
        '--search-attribute',
        `${name}=${type}`,
      ]),
    ],
    logFile: options.logFile,
    env: machineEnvironment(process.env),
  });
  try {
    await untilReady(child, options.logFile, () => askNamespace(address, options.namespace));
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { child, address };
}

/**
 * The server looks for new tasks twenty times a second and shard, and a dev server has one shard: under load
 * every task would wait for the next look (docs/reliability.md, Latency). Clusters have hundreds of shards.
 */
const pollRates = ['transfer', 'timer'].flatMap((queue) => [
  '--dynamic-config-value',
  `history.${queue}ProcessorMaxPollRPS=1000`,
]);

/** Tests make histories continue as new after a few hundred events instead of thousands. */
function suggestion(): string[] {
  const events = process.env['RATCHET_SUGGEST_CONTINUE_AS_NEW'];
  return events === undefined
    ? []
    : ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${Number(events)}`];
}

/** The server is ready when the namespace answers, not when the port is open. */
async function askNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: 2000 });
  try {
    await connection.workflowService.describeNamespace({ namespace });
    await connection.workflowService.countWorkflowExecutions({ namespace });
  } finally {
    await connection.close();
  }
}
