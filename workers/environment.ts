// What the environment tells every worker process: addresses, file names, and which broker is meant.
import { Pool } from 'pg';
import { Fatal } from '../domain/errors';
import type { Secret } from '../domain/secret';
import type { InstallationId } from '../domain/position';
import type { TradingCalendar } from '../domain/session/calendar';
import { readCalendar } from '../infra/config/sections/calendar';
import { loadConfig, type RatchetConfig } from '../infra/config/config';
import { crashPointOf, type CrashPoint } from '../infra/crashPoint';
import type { VariableName } from '../infra/environment/variables';
import { secureAddress } from '../infra/postgres/secureAddress';
import { keptAddress, readSecret } from '../infra/secrets';
import { brokerPlace, type BrokerPlace } from './brokerPlace';

export interface WorkerEnvironment {
  readonly config: RatchetConfig;
  readonly calendar: TradingCalendar;
  readonly pool: Pool;
  readonly broker: BrokerPlace;
  readonly modelServer: string;
  readonly modelScoreToken: Secret | undefined;
  /** For rollouts; without it the model server refuses them in words. */
  readonly modelAdminToken: Secret | undefined;
  readonly reports: string;
  readonly installation: InstallationId;
  readonly crashPoint: CrashPoint;
  /** Names a start after an end that nobody wanted; undefined for any other. */
  readonly recovered: string | undefined;
}

function variable(name: VariableName): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Fatal({ code: 'ENVIRONMENT', message: `set ${name}` });
  return value;
}

/** @throws Fatal when it is missing, or would go to another machine without TLS. */
export const ownDatabase = (): string =>
  secureAddress('DATABASE_URL', variable('DATABASE_URL'), process.env['PGHOST']);

/** @throws Fatal naming the variable that is missing. */
export function workerEnvironment(): WorkerEnvironment {
  const config = loadConfig(process.env['RATCHET_CONFIG']);
  return {
    config,
    calendar: readCalendar(config.calendar),
    pool: steadyPool(keptAddress(ownDatabase())),
    broker: brokerPlace(config, process.env),
    modelServer: variable('RATCHET_MODEL_SERVER'),
    modelScoreToken:
      readSecret('RATCHET_SERVING_OUTCOME_TOKEN') ?? readSecret('RATCHET_SERVING_SCORE_TOKEN'),
    modelAdminToken: readSecret('RATCHET_SERVING_ADMIN_TOKEN'),
    reports: variable('RATCHET_REPORTS'),
    installation: variable('RATCHET_INSTALLATION'),
    crashPoint: crashPointOf(process.env['RATCHET_CRASH_FILE']),
    recovered: process.env['RATCHET_RECOVERED'],
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
