// What the environment tells every worker process: addresses and file names. The broker's keys are read as
// secrets.
import { Pool } from 'pg';
import { openBroker, type BrokerCredentials } from '../broker';
import type { Broker } from '../broker/port';
import { Fatal } from '../domain/errors';
import type { TradingCalendar } from '../domain/session/calendar';
import { readCalendar } from '../infra/config/sections/calendar';
import { loadConfig, type RatchetConfig } from '../infra/config/config';
import { crashPointOf, type CrashPoint } from '../infra/crashPoint';
import type { VariableName } from '../infra/environment/variables';
import { readSecret, requireSecret } from '../infra/secrets';

export interface WorkerEnvironment {
  readonly config: RatchetConfig;
  readonly calendar: TradingCalendar;
  readonly pool: Pool;
  readonly brokerUrl: string | undefined;
  readonly tickerUrl: string | undefined;
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
  const config = loadConfig(process.env['RATCHET_CONFIG']);
  return {
    config,
    calendar: readCalendar(config.calendar),
    pool: steadyPool(variable('DATABASE_URL')),
    brokerUrl: process.env['RATCHET_KITE_ROOT'],
    tickerUrl: process.env['RATCHET_KITE_TICKER'],
    // Live is a property of the worker: without an exchange of ours, it is Kite itself.
    paper: process.env['RATCHET_KITE_ROOT'] !== undefined,
    modelServer: variable('RATCHET_MODEL_SERVER'),
    modelScoreToken: readSecret('RATCHET_SERVING_SCORE_TOKEN'),
    modelAdminToken: readSecret('RATCHET_SERVING_ADMIN_TOKEN') ?? '',
    reports: variable('RATCHET_REPORTS'),
    crashPoint: crashPointOf(process.env['RATCHET_CRASH_FILE']),
  };
}

/**
 * Idle connections end with the database server, and the next query opens another, so that end is no error.
 */
function steadyPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 8 });
  pool.on('error', () => undefined);
  return pool;
}

/** The account's session at the broker. @throws Fatal naming the credential that is missing. */
export const brokerCredentials = (): BrokerCredentials => ({
  apiKey: requireSecret('RATCHET_KITE_API_KEY'),
  accessToken: requireSecret('RATCHET_KITE_ACCESS_TOKEN'),
});

/** The broker itself, or the exchange at `rest`. @throws Fatal when a credential is missing. */
export const brokerAt = (rest: string | undefined): Broker =>
  openBroker(brokerCredentials(), { rest });
