// Connects to Temporal by its own environment configuration. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, API keys,
// TLS and profile files work unchanged, with the dev server and with Cloud.
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';

/** The namespace, unless Temporal's configuration names another. */
export const defaultNamespace = 'ratchet';

/**
 * A client for starting workflows and talking to them. Close its connection when done.
 * @param environment takes precedence over the process's own.
 */
export async function connectClient(
  environment: Readonly<Record<string, string>> = {},
): Promise<Client> {
  const known = Object.entries({ ...process.env, ...environment }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const { connectionOptions, namespace } = loadClientConnectConfig({
    overrideEnvVars: Object.fromEntries(known),
  });
  const connection = await Connection.connect(connectionOptions);
  return new Client({ connection, namespace: namespace ?? defaultNamespace });
}

/** A worker's connection and namespace. */
export async function connectWorker(): Promise<{
  connection: NativeConnection;
  namespace: string;
}> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await NativeConnection.connect(connectionOptions);
  return { connection, namespace: namespace ?? defaultNamespace };
}
