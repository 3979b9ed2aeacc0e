import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import { paise, paiseFromRupees, type Paise } from '../domain/units';

/** Older than this the feed's price is not believed and the broker is asked, which it allows once a second. */
const ageMaxMs = 5_000;

/** The last price of a stock: the feed's while it is fresh, else the broker's quote. */
export function lastPriceReader(
  pool: Pool,
  kite: Connect,
): (tradingsymbol: string) => Promise<Paise> {
  return async (tradingsymbol) => {
    const { rows } = await pool.query<{ ltp: string; host: string }>(
      'select ltp, host from last_price where tradingsymbol = $1',
      [tradingsymbol],
    );
    const [row] = rows;
    if (row !== undefined && Number(row.host) > Date.now() - ageMaxMs)
      return paise(Number(row.ltp));
    const key = `NSE:${tradingsymbol}`;
    const quoted = await kite.getLTP([key]).catch(() => undefined);
    const price = quoted?.[key]?.last_price;
    if (price !== undefined && price > 0) return paiseFromRupees(price);
    // Quotes are refused beyond one a second: the last price that traded beats not leaving at all.
    if (row !== undefined) return paise(Number(row.ltp));
    throw new Error(`there is no last price of ${tradingsymbol}`);
  };
}
