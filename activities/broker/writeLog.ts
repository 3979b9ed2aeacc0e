// The account's writes to the broker, logged as they leave, so that a restarted limiter knows what has
// been sent. The log does not delay the order and may lose its last half second to a power cut; the
// broker's own limit has room for that.
import type { Pool } from 'pg';
import type { WriteKind } from '../../domain/orders/limiter';
import { epochMs, type EpochMs } from '../../domain/units';

export interface WriteLog {
  note(kind: WriteKind, tag: string, at: EpochMs): void;
  /** Instants of the writes since `from`, oldest first. */
  since(from: EpochMs): Promise<readonly EpochMs[]>;
}

export const createWriteLog = (pool: Pool, account: string): WriteLog => ({
  note: (kind, tag, at) =>
    void pool
      .query('insert into broker_write (account, host, kind, tag) values ($1, $2, $3, $4)', [
        account,
        at,
        kind,
        tag,
      ])
      // The write itself goes out: our log being away must not hold a stop back.
      .catch(() => undefined),
  since: async (from) => {
    const { rows } = await pool.query<{ host: string }>(
      'select host from broker_write where account = $1 and host >= $2 order by host',
      [account, from],
    );
    return rows.map((row) => epochMs(Number(row.host)));
  },
});
