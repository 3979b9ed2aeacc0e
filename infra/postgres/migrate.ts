import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import { Client } from 'pg';
import { checkout } from '../checkout';
import { grantPrivileges } from './roles';

/**
 * Brings a database to the current schema, and the roles to what they may do with it. It is idempotent and may run
 * from several processes.
 * @param databaseUrl the owner's.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  await runner({
    databaseUrl,
    dir: join(checkout, 'infra', 'postgres', 'migrations'),
    direction: 'up',
    migrationsTable: 'schema_migration',
    log: () => undefined,
  });
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await grantPrivileges(client);
  } finally {
    await client.end();
  }
}
