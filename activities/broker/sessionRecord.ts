// Our record of a lost session, by which commands say that positions are not known. It is written until the
// database has it, since a session may be lost while the database is away.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { SessionLoss } from '../../domain/brokerSession';
import { epochMs } from '../../domain/units';

/** What the account's session was lost for, and since when; null while it is not. */
export async function recordedLoss(pool: Pool, account: string): Promise<SessionLoss | null> {
  const { rows } = await pool.query<{ since_host: string; why: string }>(
    'select since_host, why from session_lost where account = $1',
    [account],
  );
  const [row] = rows;
  return row === undefined ? null : { since: epochMs(Number(row.since_host)), why: row.why };
}

const againMs = 1_000;

/** Keeps the record as it was last told. */
export class SessionRecord {
  readonly #pool: Pool;
  readonly #account: string;
  #wanted: SessionLoss | null = null;
  #writing: Promise<void> | undefined;

  constructor(pool: Pool, account: string) {
    this.#pool = pool;
    this.#account = account;
  }

  /** @returns when the record says so. */
  keep(loss: SessionLoss | null): Promise<void> {
    this.#wanted = loss;
    this.#writing ??= this.#write().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #write(): Promise<void> {
    for (;;) {
      const wanted = this.#wanted;
      const done = await this.#set(wanted).catch((error: unknown) => {
        console.error(`the session's state could not be recorded: ${String(error)}`);
        return false;
      });
      if (done && wanted === this.#wanted) return;
      // A process that ends does not wait for it.
      if (!done) await sleep(againMs, undefined, { ref: false });
    }
  }

  /** What was lost before stays lost since then. */
  async #set(loss: SessionLoss | null): Promise<true> {
    if (loss === null)
      await this.#pool.query('delete from session_lost where account = $1', [this.#account]);
    else
      await this.#pool.query(
        'insert into session_lost (account, since_host, why) values ($1, $2, $3) on conflict do nothing',
        [this.#account, loss.since, loss.why],
      );
    return true;
  }
}
