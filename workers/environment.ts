// What every worker process is told by its environment. Addresses and file names only; the broker's keys
// are read as secrets.
import { KiteConnect, type Connect } from 'kiteconnect';
import { Pool } from 'pg';
import { Fatal } from '../domain/errors';
import { loadConfig, type RatchetConfig } from '../infra/config/config';
import { crashPointOf, type CrashPoint } from '../infra/crashPoint';
import type { VariableName } from '../infra/environment/variables';
import { readSecret, requireSecret } from '../infra/secrets';

export interface WorkerEnvironment {
  readonly config: RatchetConfig;
  readonly pool: Pool;
  readonly kiteRoot: string | undefined;
  readonly tickerRoot: string | undefined;
  readonly paper: boolean;
  readonly modelServer: string;
  readonly modelScoreToken: string | undefined;
  /** For rollouts; without it the model server refuses them in words. */
  readonly modelAdminToken: string;
  readonly reports: string;
  readonly crashPoint: CrashPoint;
}

function variable(name: VariableName): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Fatal({ code: 'ENVIRONMENT', message: `set ${name}` });
  return value;
}

/** @throws Fatal naming the variable that is missing. */
export function workerEnvironment(): WorkerEnvironment {
  return {
    config: loadConfig(process.env['RATCHET_CONFIG']),
    pool: steadyPool(variable('DATABASE_URL')),
    kiteRoot: process.env['RATCHET_KITE_ROOT'],
    tickerRoot: process.env['RATCHET_KITE_TICKER'],
    // Live is a property of the worker: without an exchange of ours, it is Kite itself.
    paper: process.env['RATCHET_KITE_ROOT'] !== undefined,
    modelServer: variable('RATCHET_MODEL_SERVER'),
    modelScoreToken: readSecret('RATCHET_SERVING_SCORE_TOKEN'),
    modelAdminToken: readSecret('RATCHET_SERVING_ADMIN_TOKEN') ?? '',
    reports: variable('RATCHET_REPORTS'),
    crashPoint: crashPointOf(process.env['RATCHET_CRASH_FILE']),
  };
}

/** Idle connections die with the server; the next query opens another, so their end is no error of ours. */
function steadyPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 8 });
  pool.on('error', () => undefined);
  return pool;
}

/** The account's Kite client. */
export const kiteClient = ({ kiteRoot }: WorkerEnvironment): Connect => kiteFor(kiteRoot);

/** A client of Kite itself, or of the exchange at `kiteRoot`. @throws Fatal when a credential is missing. */
export const kiteFor = (kiteRoot: string | undefined): Connect =>
  new KiteConnect({
    api_key: requireSecret('RATCHET_KITE_API_KEY'),
    access_token: requireSecret('RATCHET_KITE_ACCESS_TOKEN'),
    ...(kiteRoot === undefined ? {} : { root: kiteRoot }),
    // A stop without an answer is looked for after half of this again: invariant I4 allows 10 s in all.
    timeout: 5000,
  });

/** The webhooks with their secrets: RATCHET_WEBHOOK_SECRETS, separated by spaces, in the config's order. */
export function webhookEndpoints(config: RatchetConfig): { url: string; secrets: string[] }[] {
  const secrets = (readSecret('RATCHET_WEBHOOK_SECRETS') ?? '').split(/\s+/).filter(Boolean);
  if (secrets.length !== config.webhooks.length) {
    throw new Fatal({
      code: 'WEBHOOK_SECRETS',
      message: `RATCHET_WEBHOOK_SECRETS must hold one secret for each of the ${config.webhooks.length} webhooks`,
    });
  }
  return config.webhooks.map(({ url }, index) => ({ url, secrets: [secrets[index] ?? ''] }));
}
