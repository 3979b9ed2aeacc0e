// Connects to Temporal by its own environment configuration. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, API keys,
// TLS and profile files work unchanged, with the dev server and with Cloud. What goes there is encrypted with
// the installation's payload keys.
import { Client, Connection, type ClientOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { DataConverter, PayloadCodec } from '@temporalio/common';
import { Fatal } from '../../domain/errors';
import {
  payloadCodec,
  refusedByMark,
  refusedByThrowing,
  type CodecOptions,
  type Refusal,
} from './payloadCodec';
import { openKeyring, type Keyring } from './payloadKeys';
import { stampedMessages } from './stampedMessages';

/** The namespace, unless Temporal's configuration names another. */
export const defaultNamespace = 'ratchet';

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws Fatal where no file of keys is named, or it is none. */
function keyringOf(environment: Variables): Keyring {
  const file = environment['RATCHET_PAYLOAD_KEYS'];
  if (file === undefined || file === '')
    throw new Fatal({
      code: 'ENVIRONMENT',
      message: 'set RATCHET_PAYLOAD_KEYS to the file of the payload keys that the workers use',
    });
  return openKeyring(file);
}

const converter = (options: CodecOptions): DataConverter => ({
  failureConverterPath: require.resolve('./failures'),
  payloadCodecs: [payloadCodec(options)],
});

const talking = (keyring: Keyring, namespace: string): ClientOptions => ({
  namespace,
  dataConverter: converter({ keyring, namespace, onRefused: refusedByThrowing }),
  interceptors: { workflow: [stampedMessages] },
});

/**
 * A client for starting workflows and talking to them. Close its connection when done.
 * @param environment takes precedence over the process's own.
 */
export async function connectClient(
  environment: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const variables = { ...process.env, ...environment };
  const known = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const { connectionOptions, namespace = defaultNamespace } = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(known),
  });
  const keyring = keyringOf(variables);
  const connection = await Connection.connect(connectionOptions);
  return new Client({ connection, ...talking(keyring, namespace) });
}

/** For a person who looks at payloads: what is not ours is marked as such. */
export const readingCodec = (environment: Variables): PayloadCodec =>
  payloadCodec({
    keyring: keyringOf(environment),
    namespace: environment['TEMPORAL_NAMESPACE'] ?? defaultNamespace,
    onRefused: refusedByMark(() => undefined),
  });

/** What a worker process talks to Temporal with. */
export interface WorkerConnection {
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** For the process's own messages. */
  readonly client: Client;
}

export async function connectWorker(): Promise<WorkerConnection> {
  const { connectionOptions, namespace = defaultNamespace } = loadClientConnectConfig();
  const keyring = keyringOf(process.env);
  const connection = await NativeConnection.connect(connectionOptions);
  return {
    connection,
    namespace,
    client: new Client({ connection, ...talking(keyring, namespace) }),
  };
}

/** For workers, and for replay. @param tell learns of every payload that is not ours. */
export const workerConverter = (
  namespace: string,
  tell: (refusal: Refusal) => void,
  environment: Variables = process.env,
): DataConverter =>
  converter({ keyring: keyringOf(environment), namespace, onRefused: refusedByMark(tell) });
