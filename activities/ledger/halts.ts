// The record of the kill switch. Each entry reads it before it is sent, so a halt holds whatever else is
// running.
import type { Pool } from 'pg';
import { epochMs, type EpochMs } from '../../domain/units';

/** A halt of entries, or its end. */
export interface HaltRecord {
  readonly halted: boolean;
  readonly reason: string;
  /** A person with the machine, or a process of ours. */
  readonly who: string;
}

/** Records the account's halt, or its end. The newest row counts. */
export async function recordHalt(
  pool: Pool,
  account: string,
  { halted, reason, who }: HaltRecord,
): Promise<void> {
  for (let isRecorded = false; !isRecorded;) {
    const { rowCount } = await pool.query(
      `insert into halt (account, host, halted, reason, who)
       select $1, greatest($2::bigint, max(host) + 1), $3, $4, $5 from halt where account = $1
       on conflict do nothing`,
      [account, Date.now(), halted, reason, who],
    );
    // A halt is recorded whatever is written at the same time. Its end is not: the halt beside it stays.
    isRecorded = rowCount === 1 || !halted;
  }
}

/** Is the account halted, why, by whom and since when (host clock)? The newest row says. */
export async function latestHalt(
  pool: Pool,
  account: string,
): Promise<HaltRecord & { readonly since: EpochMs }> {
  const { rows } = await pool.query<Omit<HaltRecord, 'who'> & { who: string | null; host: string }>(
    'select halted, reason, who, host from halt where account = $1 order by host desc limit 1',
    [account],
  );
  const [row] = rows;
  return row === undefined
    ? { halted: false, reason: '', who: '', since: epochMs(0) }
    : {
        halted: row.halted,
        reason: row.reason,
        who: row.who ?? '',
        since: epochMs(Number(row.host)),
      };
}

/** When entries were last allowed again, host clock; 0 where they never were halted and allowed. */
export async function resumedAt(pool: Pool, account: string): Promise<number> {
  const { rows } = await pool.query<{ host: string | null }>(
    'select max(host) as host from halt where account = $1 and not halted',
    [account],
  );
  return Number(rows[0]?.host ?? 0);
}

/** Directions of the account's intents since `from` (epoch ms), by intent id. */
export async function intentDirections(
  pool: Pool,
  account: string,
  from: number,
): Promise<ReadonlyMap<string, 'LONG' | 'SHORT'>> {
  const { rows } = await pool.query<{ intent_id: string; direction: 'LONG' | 'SHORT' }>(
    'select intent_id, direction from intent where account = $1 and created_host >= $2',
    [account, from],
  );
  return new Map(rows.map((row) => [row.intent_id, row.direction]));
}
