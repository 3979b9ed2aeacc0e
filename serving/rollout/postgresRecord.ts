// Changes in Postgres, so that several servers of one set of models agree. Each server writes what it decides
// and follows what others wrote, in the order of the table. Writing never delays a decision: changes wait
// here while the database is away, and a server alone still drops a bad candidate.
import { Pool } from 'pg';
import { z } from 'zod';
import { Fatal } from '../../domain/errors';
import { hasEnded, type Rollout } from '../../domain/rollout/rollout';
import { epochMs } from '../../domain/units';
import type { ChangeRecord, RolloutChange } from './rolloutChange';

const rowSchema = z.object({
  id: z.coerce.number(),
  at: z.coerce.number(),
  model: z.string(),
  candidate: z.string(),
  changed_by: z.string(),
  change: z.string(),
  reason: z.string(),
  stable: z.string(),
  rollout: z.custom<Rollout>().nullable(),
});
const columns = 'id, at, model, candidate, changed_by, change, reason, stable, rollout';
const latest = `select distinct on (model) ${columns} from model_change order by model, id desc`;

const retryMs = 1_000;

export class PostgresRecord implements ChangeRecord {
  readonly #pool: Pool;
  readonly #server: string;
  readonly #pollMs: number;
  readonly #waiting: RolloutChange[] = [];
  #writing: Promise<void> = Promise.resolve();
  #lastId = 0;
  #closing = false;
  #poll: NodeJS.Timeout | undefined;
  #following: Promise<void> = Promise.resolve();

  /** @param server names this process in the table. */
  constructor(pool: Pool, server: string, pollMs: number) {
    this.#pool = pool;
    this.#server = server;
    this.#pollMs = pollMs;
  }

  append(change: RolloutChange): void {
    this.#waiting.push(change);
    if (this.#waiting.length === 1) this.#writing = this.#writeAll();
  }

  async stableVersions(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#rows(latest).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : 'it can not be read';
      const message = `Model server: the database does not hold model_change (${why}).`;
      throw new Fatal({ code: 'RECORD_UNREADABLE', message });
    });
    return new Map(rows.map(({ model, stable }) => [model, stable]));
  }

  /** Begins with the rollouts under way, so that a server that starts later joins them. */
  follow(onChange: (change: RolloutChange) => Promise<void>): void {
    const join = async (): Promise<void> => {
      const rows = await this.#rows(latest);
      this.#lastId = Math.max(0, ...rows.map(({ id }) => id));
      for (const row of rows) {
        if (row.rollout !== null && !hasEnded(row.rollout)) await tell(onChange, row);
      }
    };
    const next = async (): Promise<void> => {
      const sql = `select ${columns} from model_change where id > $1 and server <> $2 order by id`;
      for (const row of await this.#rows(sql, [this.#lastId, this.#server])) {
        this.#lastId = row.id;
        await tell(onChange, row);
      }
    };
    let read = join;
    const look = async (): Promise<void> => {
      try {
        await read();
        read = next;
      } catch (error) {
        complain('following other servers', error);
      }
      if (this.#closing) return;
      this.#poll = setTimeout(() => {
        this.#following = look();
      }, this.#pollMs);
    };
    this.#following = look();
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearTimeout(this.#poll);
    await this.#following;
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    for (let change = this.#waiting[0]; change !== undefined; change = this.#waiting[0]) {
      try {
        await this.#write(change);
        this.#waiting.shift();
      } catch (error) {
        complain('recording a change', error);
        if (this.#closing) return;
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    }
  }

  /** The lock makes ids visible in their order: a reader never sees 8 before 7. */
  async #write(change: RolloutChange): Promise<void> {
    const { at, model, candidate, by, reason, stable, rollout } = change;
    const client = await this.#pool.connect();
    try {
      await client.query('begin');
      await client.query(`select pg_advisory_xact_lock(hashtext('model_change'))`);
      await client.query(
        `insert into model_change (at, model, candidate, changed_by, change, reason, stable, rollout, server)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [at, model, candidate, by, change.change, reason, stable, rollout ?? null, this.#server],
      );
      await client.query('commit');
    } catch (error) {
      await client.query('rollback').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async #rows(sql: string, values: unknown[] = []): Promise<z.infer<typeof rowSchema>[]> {
    const { rows } = await this.#pool.query(sql, values);
    return rows.map((row) => rowSchema.parse(row));
  }
}

async function tell(
  onChange: (change: RolloutChange) => Promise<void>,
  row: z.infer<typeof rowSchema>,
): Promise<void> {
  const { at, model, candidate, changed_by: by, change, reason, stable, rollout } = row;
  const told = { at: epochMs(at), model, candidate, by, change, reason, stable };
  await onChange({ ...told, rollout: rollout ?? undefined }).catch((error: unknown) => {
    complain(`following ${model} to ${change}`, error);
  });
}

function complain(doing: string, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`model server, ${doing}: ${reason}\n`);
}

/** A pool that survives lost connections. */
export function connectRecordPool(databaseUrl: string): Pool {
  const pool = new Pool({ connectionString: databaseUrl, max: 3, connectionTimeoutMillis: 5_000 });
  // An idle connection reports to the pool, one in use to its client. Without a listener either would end the
  // server.
  pool.on('error', (error) => complain('database connection', error));
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
  });
  return pool;
}
