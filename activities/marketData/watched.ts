// The stocks the day watches, as the tick gateway needs them.
import type { Pool } from 'pg';
import type { PriceBand } from '../../domain/market/instrument';

interface WatchedRow {
  readonly token: number;
  readonly tradingsymbol: string;
  /** As it was screened last; null: never. */
  readonly band: PriceBand | null;
}

export async function watchedStocks(pool: Pool, account: string): Promise<readonly WatchedRow[]> {
  const { rows } = await pool.query<Omit<WatchedRow, 'token'> & { readonly token: string }>(
    `select w.instrument_token as token, w.tradingsymbol,
       (select stock->'band' from screening s where s.account = w.account and s.tradingsymbol = w.tradingsymbol
        order by date desc limit 1) as band
     from watch w where w.account = $1 order by w.tradingsymbol`,
    [account],
  );
  return rows.map((row) => ({ ...row, token: Number(row.token) }));
}
