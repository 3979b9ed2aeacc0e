// Process entry of the model server (`ratchet serve`). It prints one JSON line with the URL once every model
// was tried. On SIGTERM or SIGINT it ends after the accepted requests are answered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fatal } from '../domain/errors';
import { startModelServer, type ModelServerOptions } from './index';
import { checkoutRoot, shippedModels } from './repository/checkoutRoot';

/**
 * Options from the command line and, for tokens, from RATCHET_SERVING_SCORE_TOKEN(_FILE) and
 * RATCHET_SERVING_ADMIN_TOKEN(_FILE). A token in an argument would show in the process list.
 * @throws Fatal naming the wrong option.
 */
export function readOptions(
  argv: readonly string[],
  environment: NodeJS.ProcessEnv,
): ModelServerOptions {
  const { values } = parse(argv);
  const port = Number(values.port);
  if (!/^[0-9]{1,5}$/.test(values.port) || port > 65_535) {
    throw wrong(`--port is "${values.port}", must be a number from 0 to 65535`);
  }
  const score = readToken(environment, 'RATCHET_SERVING_SCORE_TOKEN');
  const admin = readToken(environment, 'RATCHET_SERVING_ADMIN_TOKEN');
  const databaseUrl = environment['RATCHET_SERVING_DATABASE_URL'];
  return {
    models: values.models ?? shippedModels(),
    state: values.state ?? join(checkoutRoot(), '.ratchet', 'serving'),
    ...(databaseUrl !== undefined && { databaseUrl }),
    host: values.host,
    port,
    tokens: { ...(score !== undefined && { score }), ...(admin !== undefined && { admin }) },
  };
}

function parse(argv: readonly string[]): {
  values: { models?: string | undefined; state?: string | undefined; host: string; port: string };
} {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        models: { type: 'string' },
        state: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '0' },
      },
    });
  } catch (error) {
    throw wrong((error as Error).message.replace(/\.$/, ''));
  }
}

function readToken(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const path = environment[`${name}_FILE`];
  if (path === undefined) return environment[name];
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw wrong(`${name}_FILE names a file that can not be read`);
  }
}

const wrong = (sentence: string): Error =>
  new Fatal({ code: 'CONFIG_INVALID', message: `serve: ${sentence}.` });

async function main(): Promise<void> {
  const server = await startModelServer(readOptions(process.argv.slice(2), process.env));
  process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
  let closing: Promise<void> | undefined;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      closing ??= server.close().then(() => process.exit(0));
    });
  }
}

if (require.main === module) {
  // Files that others can read are made by nobody of ours (infra/privateFiles.ts).
  process.umask(0o077);
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
