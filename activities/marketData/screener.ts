// Step 2: which stocks to watch, from the exchange's own lists and history, with the reason for every one.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Refused } from '../../domain/errors';
import { warmUpSessions } from '../../domain/indicators';
import type { Candle } from '../../domain/market/candle';
import type { Instrument } from '../../domain/market/instrument';
import {
  screenByHistory,
  screenByQuote,
  type ScreenLimits,
  type ScreenQuote,
  type ScreenRow,
} from '../../domain/market/screen';
import { stockHistory, type StockHistory } from '../../domain/market/stockHistory';
import { surveillanceList, type SurveillanceList } from '../../domain/market/surveillance';
import {
  addDays,
  sessionsBefore,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { epochMs, paiseFromRupees, shares, type Paise } from '../../domain/units';
import { bandOf, quoteRows } from '../broker';
import { storeCandles } from './candles';

export interface ScreenerConfig extends ScreenLimits {
  /** Fixed list of stocks; left out, all listed ones compete. */
  readonly universe: readonly string[] | undefined;
  readonly sectorOf: (tradingsymbol: string) => string;
  /** File with the surveillance list, JSON; without one nobody is left out for it. */
  readonly surveillanceFile: string | undefined;
}

const instrumentRow = z.object({
  instrument_token: z.coerce.number(),
  tradingsymbol: z.string(),
  name: z.coerce.string(),
  tick_size: z.number(),
  instrument_type: z.string(),
  segment: z.string(),
});

/** Underlyings with live futures: the shortable stocks, and the closing auction's. */
async function withFutures(kite: Connect): Promise<Set<string>> {
  const rows = (await kite.getInstruments('NFO')) as readonly unknown[];
  return new Set(
    rows.flatMap((row) => {
      const parsed = instrumentRow.safeParse(row);
      return parsed.success && parsed.data.instrument_type === 'FUT' ? [parsed.data.name] : [];
    }),
  );
}

/** Stocks of the cash segment. The dump's trailing garbage row fails the schema and is dropped. */
async function listedStocks(
  kite: Connect,
  sectorOf: ScreenerConfig['sectorOf'],
): Promise<Instrument[]> {
  const derivatives = await withFutures(kite);
  const rows = (await kite.getInstruments('NSE')) as readonly unknown[];
  return rows.flatMap((row): Instrument[] => {
    const parsed = instrumentRow.safeParse(row);
    if (!parsed.success || parsed.data.instrument_type !== 'EQ' || parsed.data.segment !== 'NSE')
      return [];
    const { instrument_token, tradingsymbol, name, tick_size } = parsed.data;
    return [
      {
        tradingsymbol,
        name,
        instrumentToken: instrument_token,
        tickSize: paiseFromRupees(tick_size),
        hasDerivatives: derivatives.has(tradingsymbol),
        sector: sectorOf(tradingsymbol),
      },
    ];
  });
}

/** Kite quotes at most 500 instruments at once, once a second. */
const quotesAtOnce = 500;
const quoteSpacingMs = 1_100;

async function screenQuotes(kite: Connect, stocks: readonly Instrument[]): Promise<ScreenQuote[]> {
  const found: ScreenQuote[] = [];
  for (let from = 0; from < stocks.length; from += quotesAtOnce) {
    if (from > 0) await sleep(quoteSpacingMs);
    const part = stocks.slice(from, from + quotesAtOnce);
    const names = part.map(({ tradingsymbol }) => `NSE:${tradingsymbol}`);
    const quotes = quoteRows.parse(await kite.getQuote(names));
    for (const stock of part) {
      const quote = quotes[`NSE:${stock.tradingsymbol}`];
      if (quote !== undefined) found.push(screenQuote(stock, quote));
    }
  }
  return found;
}

function screenQuote(stock: Instrument, quote: z.infer<typeof quoteRows>[string]): ScreenQuote {
  const best = (levels: readonly { price: number }[] | undefined): Paise | null => {
    const price = levels?.[0]?.price ?? 0;
    return price > 0 ? paiseFromRupees(price) : null;
  };
  return {
    stock: { ...stock, band: bandOf(quote) },
    lastPrice: paiseFromRupees(quote.last_price),
    volume: quote.volume ?? 0,
    bid: best(quote.depth?.buy),
    ask: best(quote.depth?.sell),
  };
}

/** @throws Refused naming the file and what is wrong with it. */
function readSurveillance(file: string | undefined, date: SessionDate): SurveillanceList | null {
  if (file === undefined) return null;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read';
    throw new Refused({
      code: 'SURVEILLANCE_LIST',
      message: `screener.surveillanceFile ${file} ${why}`,
    });
  }
  return surveillanceList(value, date);
}

/**
 * The screening of a session, every stock with its reason; the history of those looked at is stored.
 * @throws Refused on an unknown stock or a surveillance list that cannot be used.
 */
export async function screenStocks(
  dependencies: WarmUpDependencies & { readonly screener: ScreenerConfig },
  date: SessionDate,
): Promise<readonly ScreenRow[]> {
  const { kite, screener } = dependencies;
  const { universe, surveillanceFile } = screener;
  const surveillance = readSurveillance(surveillanceFile, date);
  const listed = await listedStocks(kite, screener.sectorOf);
  const unknown = universe?.find((name) => !listed.some((one) => one.tradingsymbol === name));
  if (unknown !== undefined)
    throw new Refused({
      code: 'UNIVERSE_UNKNOWN',
      message: `universe: ${unknown} is not a stock of NSE`,
    });
  const chosen = listed.filter(({ tradingsymbol }) => universe?.includes(tradingsymbol) ?? true);
  const quotes = await screenQuotes(kite, chosen);
  const { examined, left } = screenByQuote(quotes, screener, surveillance);
  const stocks = examined.map(({ stock }) => stock);
  const histories = await warmUp(dependencies, stocks, date);
  const ranked = screenByHistory(examined, (name) => histories.get(name) ?? null, screener);
  return [...ranked, ...left];
}

/** Keeps the screening of the day; one made again replaces it. */
export async function storeScreening(
  pool: Pool,
  { account, date }: { readonly account: string; readonly date: SessionDate },
  rows: readonly ScreenRow[],
): Promise<void> {
  await pool.query(
    `with gone as (delete from screening where account = $1 and date = $2 and tradingsymbol <> all($3::text[]))
     insert into screening (account, date, tradingsymbol, rank, watched, reason, stock, figures)
     select $1, $2, * from unnest($3::text[], $4::int[], $5::boolean[], $6::text[], $7::jsonb[], $8::jsonb[])
     on conflict (account, date, tradingsymbol) do update set rank = excluded.rank, watched = excluded.watched,
       reason = excluded.reason, stock = excluded.stock, figures = excluded.figures`,
    [
      ...[account, date],
      rows.map(({ stock }) => stock.tradingsymbol),
      rows.map(({ rank }) => rank),
      rows.map(({ watched }) => watched),
      rows.map(({ reason }) => reason),
      rows.map(({ stock }) => JSON.stringify(stock)),
      rows.map(({ figures }) => JSON.stringify(figures)),
    ],
  );
}

/** Kite allows three historical requests a second. */
const historicalSpacingMs = 345;

export interface WarmUpDependencies {
  readonly kite: Connect;
  readonly pool: Pool;
  readonly calendar: TradingCalendar;
}

/** Stores the minute candles of the sessions before `date`. @returns what they say, by tradingsymbol. */
export async function warmUp(
  { kite, pool, calendar }: WarmUpDependencies,
  stocks: readonly Instrument[],
  date: SessionDate,
): Promise<ReadonlyMap<string, StockHistory | null>> {
  const histories = new Map<string, StockHistory | null>();
  const [from = date] = sessionsBefore(date, warmUpSessions, calendar);
  for (const { instrumentToken, tradingsymbol } of stocks) {
    const started = Date.now();
    const rows = await kite.getHistoricalData(
      instrumentToken,
      'minute',
      `${from} 00:00:00`,
      `${addDays(date, -1)} 23:59:59`,
    );
    const candles = rows.map(candleOf);
    await storeCandles(
      pool,
      candles.map((candle) => ({ tradingsymbol, candle })),
    );
    histories.set(tradingsymbol, stockHistory(candles));
    await sleep(Math.max(0, started + historicalSpacingMs - Date.now()));
  }
  return histories;
}

type HistoricalRow = Awaited<ReturnType<Connect['getHistoricalData']>>[number];

function candleOf(row: HistoricalRow): Candle {
  const price = (rupees: unknown): Paise => paiseFromRupees(Number(rupees));
  return {
    at: epochMs(new Date(row.date).getTime()),
    open: price(row.open),
    high: price(row.high),
    low: price(row.low),
    close: price(row.close),
    volume: shares(row.volume),
  };
}
