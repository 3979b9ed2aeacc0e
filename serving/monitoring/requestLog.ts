// A sample of requests and answers in Postgres, to look back at what a model answered. The hot path only
// draws a number and keeps a reference to the few that are drawn. A timer copies, caps and writes their
// tensors. When the database is slow or away, entries are dropped and counted. The log never costs a request.
import type { Pool } from 'pg';
import type { Tensor } from '../protocol/datatypes';

export interface RequestLogOptions {
  readonly server: string;
  /** Share of the requests kept, 0…1. */
  readonly sampleShare: number;
  readonly retentionMs: number;
}

export interface LoggedRequest {
  readonly model: string;
  readonly version: string;
  readonly variant: string;
  readonly durationMs: number;
  readonly rows: number;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

const flushEveryMs = 1_000;
const cleanEveryMs = 60_000;
const maxWaiting = 1_000;
/** Elements kept of one tensor. */
const maxElements = 256;

export class RequestLog {
  readonly #pool: Pool;
  readonly #options: RequestLogOptions;
  readonly #flushTimer: NodeJS.Timeout;
  readonly #cleanTimer: NodeJS.Timeout;
  #waiting: { readonly at: number; readonly entry: LoggedRequest }[] = [];
  #writing: Promise<void> | undefined;
  #dropped = 0;

  constructor(pool: Pool, options: RequestLogOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#flushTimer = setInterval(() => void this.flush(), flushEveryMs);
    this.#cleanTimer = setInterval(() => void this.clean(), cleanEveryMs);
  }

  /** Entries lost because the database could not keep up. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Is this request one of the sample? */
  draws(): boolean {
    return Math.random() < this.#options.sampleShare;
  }

  add(entry: LoggedRequest): void {
    if (this.#waiting.length >= maxWaiting) this.#dropped += 1;
    else this.#waiting.push({ at: Date.now(), entry });
  }

  /** Writes the waiting entries; one write at a time. */
  async flush(): Promise<void> {
    await this.#writing;
    const entries = this.#waiting;
    if (entries.length === 0) return;
    this.#waiting = [];
    this.#writing = this.#write(entries).catch(() => {
      this.#dropped += entries.length;
    });
    await this.#writing;
  }

  /** Removes what is older than the retention. */
  async clean(): Promise<void> {
    const oldest = Date.now() - this.#options.retentionMs;
    await this.#pool
      .query('delete from model_request where at < $1', [oldest])
      .catch(() => undefined);
  }

  async close(): Promise<void> {
    clearInterval(this.#flushTimer);
    clearInterval(this.#cleanTimer);
    await this.flush();
  }

  async #write(entries: readonly { at: number; entry: LoggedRequest }[]): Promise<void> {
    const rows = entries.map(({ at, entry }) => ({
      at,
      server: this.#options.server,
      model: entry.model,
      version: entry.version,
      variant: entry.variant,
      duration_ms: entry.durationMs,
      batch_rows: entry.rows,
      inputs: entry.inputs.map(capped),
      outputs: entry.outputs.map(capped),
    }));
    await this.#pool.query(
      `insert into model_request
         (at, server, model, version, variant, duration_ms, batch_rows, inputs, outputs)
       select at, server, model, version, variant, duration_ms, batch_rows, inputs, outputs
       from json_to_recordset($1) as entry(at bigint, server text, model text, version text,
         variant text, duration_ms double precision, batch_rows integer, inputs jsonb, outputs jsonb)`,
      [JSON.stringify(rows)],
    );
  }
}

const capped = ({ name, shape, values }: Tensor): object => ({
  name,
  shape,
  data: Array.from(values.subarray(0, maxElements) as Float32Array, (value) =>
    typeof value === 'bigint' ? Number(value) : value,
  ),
});
