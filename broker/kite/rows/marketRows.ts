// The market: the list of stocks, quotes and candles.
import { z } from 'zod';
import type { Candle } from '../../../domain/market/candle';
import type { Paise } from '../../../domain/units';
import type { ListedStock, StockQuote } from '../../port';
import { price, quantityOrNone, text, tradedPrice, zonedInstant } from './values';
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

const levels = z.array(z.object({ price })).optional();

const best = (side: z.infer<typeof levels>): Paise | null => {
  const [first] = side ?? [];
  return first !== undefined && first.price > 0 ? first.price : null;
};

export const quoteShape = z.record(
  z.string(),
  z
    .object({
      last_price: price,
      volume: quantityOrNone.optional(),
      lower_circuit_limit: price,
      upper_circuit_limit: price,
      depth: z.object({ buy: levels, sell: levels }).optional(),
    })
    .transform((row): StockQuote => ({
      lastPrice: row.last_price,
      volume: row.volume ?? 0,
      band: { lower: row.lower_circuit_limit, upper: row.upper_circuit_limit },
      bid: best(row.depth?.buy),
      ask: best(row.depth?.sell),
    })),
);

export const lastPriceShape = z.record(z.string(), z.object({ last_price: price }));

export const candleShape = z
  .object({
    date: zonedInstant,
    open: tradedPrice,
    high: tradedPrice,
    low: tradedPrice,
    close: tradedPrice,
    volume: quantityOrNone,
  })
  .transform(({ date, ...candle }): Candle => ({ at: date, ...candle }));
