// Process entry of the model server (`ratchet serve`). It prints one JSON line with the URL once every model
// was tried. On SIGTERM or SIGINT it ends after the accepted requests are answered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fatal } from '../domain/errors';
import { namedDatabase } from '../infra/postgres/databases';
import { readPrivateFile, readSecret } from '../infra/secrets';
import { ownPublicKey, readPublicKey } from '../infra/signingKey';
import type { ServingTokens } from './http/tokens';
import { startModelServer, type ModelServerOptions } from './index';
import { checkoutRoot, shippedModels } from './repository/checkoutRoot';

/**
 * Options from the command line and, for tokens, from RATCHET_SERVING_SCORE_TOKEN, RATCHET_SERVING_OUTCOME_TOKEN and
 * RATCHET_SERVING_ADMIN_TOKEN, each also with _FILE. A token in an argument would show in the process list.
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
  const databaseUrl = namedDatabase('serving', environment);
  return {
    models: values.models ?? shippedModels(),
    state: values.state ?? join(checkoutRoot(), '.ratchet', 'serving'),
    trusted: [...ownPublicKey(), ...values.trust.map((file) => readPublicKey('--trust', file))],
    ...(databaseUrl !== undefined && { databaseUrl }),
    host: values.host,
    port,
    names: values.name,
    tokens: tokensFrom(environment),
    ...tlsFrom(values),
  };
}

function tokensFrom(environment: NodeJS.ProcessEnv): ServingTokens {
  const score = readSecret('RATCHET_SERVING_SCORE_TOKEN', environment)?.reveal();
  const outcomes = readSecret('RATCHET_SERVING_OUTCOME_TOKEN', environment)?.reveal();
  const admin = readSecret('RATCHET_SERVING_ADMIN_TOKEN', environment)?.reveal();
  return {
    ...(score !== undefined && { score }),
    ...(outcomes !== undefined && { outcomes }),
    ...(admin !== undefined && { admin }),
  };
}

type Flags = ReturnType<typeof parse>['values'];

function tlsFrom({ tls, 'tls-key': key }: Flags): Pick<ModelServerOptions, 'tls'> {
  if (tls === undefined && key === undefined) return {};
  if (tls === undefined || key === undefined) {
    throw wrong('--tls and --tls-key belong together, one of them is missing');
  }
  return { tls: { cert: certificateIn(tls), key: readPrivateFile('--tls-key', key) } };
}

function certificateIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw wrong(`--tls names "${file}", which can not be read`);
  }
}

function parse(argv: readonly string[]): {
  values: {
    models?: string | undefined;
    state?: string | undefined;
    host: string;
    port: string;
    name: string[];
    trust: string[];
    tls?: string | undefined;
    'tls-key'?: string | undefined;
  };
} {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        models: { type: 'string' },
        state: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '0' },
        name: { type: 'string', multiple: true, default: [] },
        trust: { type: 'string', multiple: true, default: [] },
        tls: { type: 'string' },
        'tls-key': { type: 'string' },
      },
    });
  } catch (error) {
    throw wrong((error as Error).message.replace(/\.$/, ''));
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
