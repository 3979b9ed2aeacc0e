// Temporal's dev server for a test that brings its own workers.
import { join } from 'node:path';
import { readToolchain } from '../../infra/checkout';
import { freePort } from '../../infra/freePort';
import { startDevServer } from '../../infra/temporal/devServer';

/** @param home a folder for its file and log. */
export const startTestServer = async (
  home: string,
  namespace: string,
): ReturnType<typeof startDevServer> =>
  startDevServer({
    cli: readToolchain().temporal ?? 'temporal',
    databaseFile: join(home, 'temporal.db'),
    logFile: join(home, 'temporal.log'),
    namespace,
    port: await freePort(),
    uiAddress: '127.0.0.1',
    uiPort: await freePort(),
  });
