// The feed's coverage in Postgres: which minutes each watched stock misses, and how many ticks did not count.
import type { Pool } from 'pg';
import type { Holes } from '../../domain/market/feedCoverage';
import type { TickFault } from '../../domain/market/tickDate';
import type { SessionDate } from '../../domain/session/calendar';
import { epochMs, type EpochMs } from '../../domain/units';

export interface AccountDay {
  readonly account: string;
  readonly date: SessionDate;
}

/** Stores the holes of these stocks. */
export async function storeHoles(
  pool: Pool,
  { account, date }: AccountDay,
  holes: ReadonlyMap<string, Holes>,
): Promise<void> {
  await pool.query(
    `insert into candle_coverage (account, date, tradingsymbol, holes)
     select $1, $2, * from unnest($3::text[], $4::jsonb[])
     on conflict (account, date, tradingsymbol) do update set holes = excluded.holes`,
    [account, date, [...holes.keys()], [...holes.values()].map((one) => JSON.stringify(one))],
  );
}

/** The holes of every stock that was watched on the day; a stock that was not is absent. */
export async function readHoles(
  pool: Pool,
  { account, date }: AccountDay,
): Promise<ReadonlyMap<string, Holes>> {
  const { rows } = await pool.query<{ tradingsymbol: string; holes: Holes }>(
    'select tradingsymbol, holes from candle_coverage where account = $1 and date = $2',
    [account, date],
  );
  return new Map(rows.map(({ tradingsymbol, holes }) => [tradingsymbol, holes]));
}

/** Until when the account's candles were promised; 0 when they never were. */
export async function readPromise(pool: Pool, account: string): Promise<EpochMs> {
  const { rows } = await pool.query<{ complete_until: string }>(
    'select complete_until from feed where account = $1',
    [account],
  );
  return epochMs(Number(rows[0]?.complete_until ?? 0));
}

/** Adds to the day's counts. */
export async function countTickFaults(
  pool: Pool,
  { account, date }: AccountDay,
  counts: ReadonlyMap<TickFault, number>,
): Promise<void> {
  await pool.query(
    `insert into tick_fault (account, date, fault, ticks)
     select $1, $2, * from unnest($3::text[], $4::bigint[])
     on conflict (account, date, fault) do update set ticks = tick_fault.ticks + excluded.ticks`,
    [account, date, [...counts.keys()], [...counts.values()]],
  );
}
