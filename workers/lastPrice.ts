import type { Pool } from 'pg';
import type { LastPrice } from '../activities/broker';
import type { BrokerReader } from '../broker/port';
import { offeredPrice } from '../domain/market/offeredPrice';
import { epochMs, paise } from '../domain/units';

/** Older prices of the feed are not used. The broker is asked instead, which it allows once a second. */
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
    const quotes = await broker.quotes([tradingsymbol]).catch(() => undefined);
    const quote = quotes?.get(tradingsymbol);
    const ltp = quote === undefined ? null : offeredPrice(quote);
    if (ltp !== null) return { ltp, at: epochMs(Date.now()) };
    // The broker refuses more than one quote a second. The last known price is better than not leaving at all.
    if (heard !== undefined) return heard;
    throw new Error(`there is no last price of ${tradingsymbol}`);
  };
}
