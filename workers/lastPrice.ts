import type { Pool } from 'pg';
import type { LastPrice } from '../activities/broker';
import type { BrokerReader } from '../broker/port';
import { epochMs, paise } from '../domain/units';

/** Older than this the feed's price is not believed and the broker is asked, which it allows once a second. */
const ageMaxMs = 5_000;

/** The last price of a stock: the feed's while it is fresh, else the broker's quote. */
export function lastPriceReader(
  pool: Pool,
  broker: BrokerReader,
): (tradingsymbol: string) => Promise<LastPrice> {
  return async (tradingsymbol) => {
    const { rows } = await pool.query<{ ltp: string; host: string }>(
      'select ltp, host from last_price where tradingsymbol = $1',
      [tradingsymbol],
    );
    const [row] = rows;
    const heard =
      row === undefined
        ? undefined
        : { ltp: paise(Number(row.ltp)), at: epochMs(Number(row.host)) };
    if (heard !== undefined && heard.at > Date.now() - ageMaxMs) return heard;
    const quoted = await broker.lastPrices([tradingsymbol]).catch(() => undefined);
    const ltp = quoted?.get(tradingsymbol);
    if (ltp !== undefined) return { ltp, at: epochMs(Date.now()) };
    // Quotes are refused beyond one a second: the last price that traded beats not leaving at all.
    if (heard !== undefined) return heard;
    throw new Error(`there is no last price of ${tradingsymbol}`);
  };
}
