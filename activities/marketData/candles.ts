// Candles and the feed's state in Postgres.
import type { Pool } from 'pg';
import type { Candle } from '../../domain/market/candle';
import type { TradingSpan } from '../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs, type Paise } from '../../domain/units';
import { readPromise } from './coverage';

interface StockCandle {
  readonly tradingsymbol: string;
  readonly candle: Candle;
}

const columns = 'tradingsymbol, at, open, high, low, close, volume';

/** The candles as one array a column; a candle given twice is there once, with the later values. */
function columnsOf(given: readonly StockCandle[]): readonly unknown[] {
  const rows = [
    ...new Map(given.map((row) => [`${row.tradingsymbol}/${row.candle.at}`, row])).values(),
  ];
  const column = (pick: (candle: Candle) => number): number[] =>
    rows.map(({ candle }) => pick(candle));
  return [
    rows.map((row) => row.tradingsymbol),
    column((c) => c.at),
    column((c) => c.open),
    column((c) => c.high),
    column((c) => c.low),
    column((c) => c.close),
    column((c) => c.volume),
  ];
}

const rowsOf =
  'unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])';

/** Stores candles. A candle stored twice, even within one call, keeps the later values. */
export async function storeCandles(pool: Pool, given: readonly StockCandle[]): Promise<void> {
  if (given.length === 0) return;
  await pool.query(
    `insert into candle (${columns}) select * from ${rowsOf}
     on conflict (tradingsymbol, at) do update set open = excluded.open, high = excluded.high, low = excluded.low,
       close = excluded.close, volume = excluded.volume`,
    [...columnsOf(given)],
  );
}

/**
 * Stores candles of the broker's history where there are none. What is stored is whole and was judged, so it
 * stays.
 */
export async function fillCandles(pool: Pool, given: readonly StockCandle[]): Promise<void> {
  if (given.length === 0) return;
  await pool.query(
    `insert into candle (${columns}, from_history) select *, true from ${rowsOf}
     on conflict (tradingsymbol, at) do nothing`,
    [...columnsOf(given)],
  );
}

interface CandleRow {
  readonly tradingsymbol: string;
  readonly at: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly from_history: boolean;
}

const candleOf = (row: CandleRow): Candle => ({
  at: epochMs(Number(row.at)),
  open: paise(Number(row.open)),
  high: paise(Number(row.high)),
  low: paise(Number(row.low)),
  close: paise(Number(row.close)),
  volume: shares(Number(row.volume)),
});

/** A stock's candles in [from, until), ascending, and which of them were not made from ticks. */
export async function readSourcedCandles(
  pool: Pool,
  tradingsymbol: string,
  { from, until }: TradingSpan,
): Promise<readonly { readonly candle: Candle; readonly fromHistory: boolean }[]> {
  const { rows } = await pool.query<CandleRow>(
    'select * from candle where tradingsymbol = $1 and at >= $2 and at < $3 order by at',
    [tradingsymbol, from, until],
  );
  return rows.map((row) => ({ candle: candleOf(row), fromHistory: row.from_history }));
}

/** Candles of the stocks in [from, until), by stock, ascending. */
export async function readCandles(
  pool: Pool,
  stocks: readonly string[],
  from: EpochMs,
  until: EpochMs,
): Promise<Map<string, Candle[]>> {
  const { rows } = await pool.query<CandleRow>(
    'select * from candle where tradingsymbol = any($1) and at >= $2 and at < $3 order by at',
    [stocks, from, until],
  );
  const byStock = new Map<string, Candle[]>();
  for (const row of rows) {
    const list = byStock.get(row.tradingsymbol) ?? [];
    list.push(candleOf(row));
    byStock.set(row.tradingsymbol, list);
  }
  return byStock;
}

/** Waits until the gateway has promised the minutes before `until`; false when it has not by the deadline. */
export async function candlesComplete(
  pool: Pool,
  account: string,
  until: EpochMs,
  deadlineMs: number,
): Promise<boolean> {
  for (const end = Date.now() + deadlineMs; ;) {
    if ((await readPromise(pool, account)) >= until) return true;
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

/** Last prices that are not older than `since`, market clock. */
export async function latestPrices(
  pool: Pool,
  stocks: readonly string[],
  since: EpochMs,
): Promise<Map<string, Paise>> {
  const { rows } = await pool.query<{ tradingsymbol: string; ltp: string }>(
    'select tradingsymbol, ltp from last_price where tradingsymbol = any($1) and at >= $2',
    [stocks, since],
  );
  return new Map(rows.map(({ tradingsymbol, ltp }) => [tradingsymbol, paise(Number(ltp))]));
}
