import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import { checkout } from '../checkout';

/** Brings a database to the current schema. It is idempotent and may run from several processes. */
export async function migrate(databaseUrl: string): Promise<void> {
  await runner({
    databaseUrl,
    dir: join(checkout, 'infra', 'postgres', 'migrations'),
    direction: 'up',
    migrationsTable: 'schema_migration',
    log: () => undefined,
  });
}
