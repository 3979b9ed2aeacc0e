// Last prices and the feed's promise, as the tick gateway stores them.
import type { Pool } from 'pg';
import type { EpochMs, Paise } from '../../domain/units';

export interface LastTick {
  readonly ltp: Paise;
  /** Market clock. */
  readonly at: EpochMs;
}

/** @param host when they were heard, host clock. */
export async function storeLastPrices(
  pool: Pool,
  prices: ReadonlyMap<string, LastTick>,
  host: EpochMs,
): Promise<void> {
  if (prices.size === 0) return;
  await pool.query(
    `insert into last_price (tradingsymbol, ltp, at, host) select *, $4::bigint from unnest($1::text[], $2::bigint[], $3::bigint[])
     on conflict (tradingsymbol) do update set ltp = excluded.ltp, at = excluded.at, host = excluded.host`,
    [
      [...prices.keys()],
      [...prices.values()].map((price) => price.ltp),
      [...prices.values()].map((price) => price.at),
      host,
    ],
  );
}

/** Promises the minutes before `promised`. Their candles and holes are stored before. */
export async function storePromise(
  pool: Pool,
  {
    account,
    lastTickAt,
    promised,
    host,
  }: {
    readonly account: string;
    readonly lastTickAt: EpochMs;
    readonly promised: EpochMs;
    readonly host: EpochMs;
  },
): Promise<void> {
  await pool.query(
    `insert into feed (account, last_tick_at, complete_until, last_tick_host) values ($1, $2, $3, $4)
     on conflict (account) do update set last_tick_at = excluded.last_tick_at, complete_until = excluded.complete_until, last_tick_host = excluded.last_tick_host`,
    [account, lastTickAt, promised, host],
  );
}
