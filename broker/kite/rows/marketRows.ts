// The market: the list of stocks, quotes and candles.
import { z } from 'zod';
import type { Candle } from '../../../domain/market/candle';
import type { DayPrices, Depth, DepthLevel } from '../../../domain/market/depth';
import type { ListedStock, StockQuote } from '../../port';
import { count, price, text, traded, tradedPrice, zonedInstant } from './values';
import type { RowKind } from './sifted';

/** The client leaves numbers of this list as text. */
const token = z.coerce.number().int().positive();

/** The list ends with a garbage row, which has no segment and is left out. */
export const stockRows: RowKind<ListedStock> = {
  what: 'the list of stocks',
  row: z
    .object({
      instrument_token: token,
      tradingsymbol: text,
      name: z.coerce.string(),
      tick_size: tradedPrice,
    })
    .transform((row) => ({
      tradingsymbol: row.tradingsymbol,
      name: row.name,
      instrumentToken: row.instrument_token,
      tickSize: row.tick_size,
    })),
  concernsUs: ({ segment, instrument_type: type }) => segment === 'NSE' && type === 'EQ',
};

/** Names of the underlyings of live stock futures. */
export const futureRows: RowKind<string> = {
  what: 'the list of derivatives',
  row: z.object({ name: text }).transform(({ name }) => name),
  concernsUs: ({ instrument_type: type }) => type === 'FUT',
};

const levels = z
  .array(z.object({ price, quantity: count, orders: count }))
  .default([])
  // Kite fills both sides up to five levels with empty ones.
  .transform((side): readonly DepthLevel[] => side.filter((level) => level.price > 0));

/** Both sides as quotes and the feed have them; empty where there is nobody, or no depth is told. */
export const depthShape = z
  .object({ buy: levels, sell: levels })
  .default({ buy: [], sell: [] })
  .transform(({ buy, sell }): Depth => ({ bids: buy, asks: sell }));

export const dayShape = z
  .object({ open: price, high: price, low: price, close: price })
  .transform(({ close, ...day }): DayPrices => ({ ...day, previousClose: close }));

const isBand = (lower: number, upper: number): boolean => lower > 0 && lower <= upper;

/** One stock's quote. */
export const quoteRow = z
  .object({
    last_price: price,
    volume: traded.optional(),
    lower_circuit_limit: price,
    upper_circuit_limit: price,
    depth: depthShape,
    ohlc: dayShape.optional(),
  })
  .refine((row) => isBand(row.lower_circuit_limit, row.upper_circuit_limit), {
    path: ['lower_circuit_limit'],
    message: 'must be above 0 and at most upper_circuit_limit',
  })
  .transform((row): StockQuote => ({
    lastPrice: row.last_price,
    volume: row.volume ?? 0,
    band: { lower: row.lower_circuit_limit, upper: row.upper_circuit_limit },
    bid: row.depth.bids[0]?.price ?? null,
    ask: row.depth.asks[0]?.price ?? null,
    depth: row.depth,
    day: row.ohlc ?? null,
  }));

export const candleShape = z
  .object({
    date: zonedInstant,
    open: tradedPrice,
    high: tradedPrice,
    low: tradedPrice,
    close: tradedPrice,
    volume: traded,
  })
  .refine(
    ({ open, high, low, close }) => high >= Math.max(open, close) && low <= Math.min(open, close),
    {
      path: ['high'],
      message: 'and low must enclose open and close',
    },
  )
  .transform(({ date, ...candle }): Candle => ({ at: date, ...candle }));
