// Step 2 of the day (docs/trading-day.md): which stocks to watch, from the exchange's lists and history, each
// with its reason.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { BrokerReader } from '../../broker/port';
import { Refused } from '../../domain/errors';
import { candleWindowMs, warmUpSessions } from '../../domain/indicators';
import type { Instrument } from '../../domain/market/instrument';
import { scaleRefusal } from '../../domain/market/scaleChange';
import {
  screenByHistory,
  screenByQuote,
  type ScreenLimits,
  type ScreenQuote,
  type ScreenRow,
  type ScreenedStock,
} from '../../domain/market/screen';
import {
  sessionSummaries,
  stockHistory,
  type StockHistory,
} from '../../domain/market/stockHistory';
import { surveillanceList, type SurveillanceList } from '../../domain/market/surveillance';
import {
  addDays,
  sessionsBefore,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';
import { readCandles, storeCandles } from './candles';

export interface ScreenerConfig extends ScreenLimits {
  /** A fixed list of stocks; absent, every listed stock competes. */
  readonly universe: readonly string[] | undefined;
  readonly sectorOf: (tradingsymbol: string) => string;
  /** JSON file with the surveillance list; absent, no stock is excluded by it. */
  readonly surveillanceFile: string | undefined;
}

/** Stocks of the cash segment, with what else is known of them. */
async function listedStocks(
  broker: BrokerReader,
  sectorOf: ScreenerConfig['sectorOf'],
): Promise<readonly Instrument[]> {
  const derivatives = await broker.underlyings();
  const listing = await broker.listing();
  return listing.map((stock) => ({
    ...stock,
    hasDerivatives: derivatives.has(stock.tradingsymbol),
    sector: sectorOf(stock.tradingsymbol),
  }));
}

async function screenQuotes(
  broker: BrokerReader,
  stocks: readonly Instrument[],
): Promise<ScreenQuote[]> {
  const { quotesAtOnce, quotesEveryMs } = broker.capabilities.reads;
  const found: ScreenQuote[] = [];
  for (let from = 0; from < stocks.length; from += quotesAtOnce) {
    if (from > 0) await sleep(quotesEveryMs);
    const part = stocks.slice(from, from + quotesAtOnce);
    const quotes = await broker.quotes(part.map(({ tradingsymbol }) => tradingsymbol));
    for (const stock of part) {
      const quote = quotes.get(stock.tradingsymbol);
      if (quote === undefined) continue;
      const { band, ...rest } = quote;
      found.push({ ...rest, stock: { ...stock, band } });
    }
  }
  return found;
}

/** @throws Refused naming the file and what is wrong with it. */
export function readSurveillance(
  file: string | undefined,
  date: SessionDate,
): SurveillanceList | null {
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
 * Screens a session: every stock with its reason. The history of the examined stocks is stored.
 * @throws Refused on an unknown stock or an unusable surveillance list.
 */
export async function screenStocks(
  dependencies: WarmUpDependencies & { readonly screener: ScreenerConfig },
  date: SessionDate,
): Promise<readonly ScreenRow[]> {
  const { broker, screener } = dependencies;
  const { universe, surveillanceFile } = screener;
  const surveillance = readSurveillance(surveillanceFile, date);
  const listed = await listedStocks(broker, screener.sectorOf);
  const unknown = universe?.find((name) => !listed.some((one) => one.tradingsymbol === name));
  if (unknown !== undefined)
    throw new Refused({
      code: 'UNIVERSE_UNKNOWN',
      message: `universe: ${unknown} is not a stock of NSE`,
    });
  const chosen = listed.filter(({ tradingsymbol }) => universe?.includes(tradingsymbol) ?? true);
  const quotes = await screenQuotes(broker, chosen);
  const { examined, left } = screenByQuote(quotes, screener, surveillance);
  const stocks = examined.map(({ stock }) => stock);
  const histories = await warmUp(dependencies, stocks, date);
  const ranked = screenByHistory(
    examined,
    (name) => histories.get(name) ?? null,
    screener,
    await storedScales(dependencies.pool, stocks, date),
  );
  return [...ranked, ...left];
}

/** Stores the screening of the day. A new one replaces the old. */
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

export interface WarmUpDependencies {
  readonly broker: BrokerReader;
  readonly pool: Pool;
  readonly calendar: TradingCalendar;
}

/** Stores the minute candles of the sessions before `date`. @returns the histories by tradingsymbol. */
export async function warmUp(
  { broker, pool, calendar }: WarmUpDependencies,
  stocks: readonly Instrument[],
  date: SessionDate,
): Promise<ReadonlyMap<string, StockHistory | null>> {
  const histories = new Map<string, StockHistory | null>();
  const [from = date] = sessionsBefore(date, warmUpSessions, calendar);
  for (const { instrumentToken, tradingsymbol } of stocks) {
    const started = Date.now();
    const candles = await broker.history({
      instrumentToken,
      from: istInstant(from, '00:00'),
      to: istInstant(addDays(date, -1), '23:59'),
    });
    await storeCandles(
      pool,
      candles.map((candle) => ({ tradingsymbol, candle })),
    );
    histories.set(tradingsymbol, stockHistory(sessionSummaries(candles)));
    await sleep(Math.max(0, started + broker.capabilities.reads.historyEveryMs - Date.now()));
  }
  return histories;
}

/**
 * Of which scale the stored candles are. They are what is analysed, and may begin before the history just read: minutes
 * that were written down before a split know nothing of it.
 */
async function storedScales(
  pool: Pool,
  stocks: readonly ScreenedStock[],
  date: SessionDate,
): Promise<(stock: ScreenedStock) => string | null> {
  const until = istInstant(date, '00:00');
  const names = stocks.map(({ tradingsymbol }) => tradingsymbol);
  const stored = await readCandles(pool, names, epochMs(until - candleWindowMs), until);
  return ({ tradingsymbol, band }) =>
    scaleRefusal(sessionSummaries(stored.get(tradingsymbol) ?? []), band);
}
