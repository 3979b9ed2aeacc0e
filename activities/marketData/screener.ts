// Step 2: which stocks to watch, from the exchange's own lists; and the history their indicators need.
import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import { z } from 'zod';
import { Refused } from '../../domain/errors';
import { warmUpSessions } from '../../domain/indicators';
import type { Instrument } from '../../domain/market/instrument';
import { screened, type ScreenedStock, type ScreenLimits } from '../../domain/market/screen';
import { addDays, sessionsBefore, type SessionDate } from '../../domain/session/calendar';
import { epochMs, paiseFromRupees, shares, type Paise } from '../../domain/units';
import { quoteRows } from '../broker';
import { storeCandles } from './candles';

export interface ScreenerConfig extends ScreenLimits {
  /** Fixed list of stocks; left out, the most traded are taken. */
  readonly universe: readonly string[] | undefined;
  readonly sectorOf: (tradingsymbol: string) => string;
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

/** The stocks to watch, most valuable turnover first where nothing is configured. @throws Refused on an unknown stock. */
export async function screenStocks(
  kite: Connect,
  config: ScreenerConfig,
): Promise<readonly ScreenedStock[]> {
  const listed = await listedStocks(kite, config.sectorOf);
  const unknown = config.universe?.find(
    (symbol) => !listed.some((stock) => stock.tradingsymbol === symbol),
  );
  if (unknown !== undefined)
    throw new Refused({
      code: 'UNIVERSE_UNKNOWN',
      message: `universe: ${unknown} is not a stock of NSE`,
    });
  const chosen = listed
    .filter((stock) => config.universe?.includes(stock.tradingsymbol) ?? true)
    .slice(0, 500);
  const quotes = quoteRows.parse(
    await kite.getQuote(chosen.map((stock) => `NSE:${stock.tradingsymbol}`)),
  );
  const rows = chosen.flatMap((stock) => {
    const quote = quotes[`NSE:${stock.tradingsymbol}`];
    if (quote === undefined) return [];
    const band = {
      lower: paiseFromRupees(quote.lower_circuit_limit),
      upper: paiseFromRupees(quote.upper_circuit_limit),
    };
    const lastPrice = paiseFromRupees(quote.last_price);
    return [{ stock: { ...stock, band }, lastPrice, volume: quote.volume ?? 0 }];
  });
  return screened(rows, config);
}

/** Kite allows three historical requests a second. */
const historicalSpacingMs = 345;

/** Stores the minute candles of the sessions before `date`. */
export async function warmUp(
  { kite, pool }: { kite: Connect; pool: Pool },
  stocks: readonly Instrument[],
  date: SessionDate,
): Promise<void> {
  const [from = date] = sessionsBefore(date, warmUpSessions);
  for (const { instrumentToken, tradingsymbol } of stocks) {
    const started = Date.now();
    const rows = await kite.getHistoricalData(
      instrumentToken,
      'minute',
      `${from} 09:15:00`,
      `${addDays(date, -1)} 15:30:00`,
    );
    const price = (rupees: unknown): Paise => paiseFromRupees(Number(rupees));
    await storeCandles(
      pool,
      rows.map((row) => ({
        tradingsymbol,
        candle: {
          at: epochMs(new Date(row.date).getTime()),
          open: price(row.open),
          high: price(row.high),
          low: price(row.low),
          close: price(row.close),
          volume: shares(row.volume),
        },
      })),
    );
    await new Promise((resolve) =>
      setTimeout(resolve, Math.max(0, started + historicalSpacingMs - Date.now())),
    );
  }
}
