// Goal: the screening asks the broker no more than it allows, judges every listed stock, and leaves a row with
// its reason for each; what it cannot use it refuses in a sentence. The broker is a stand-in that keeps count.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import {
  screenStocks,
  storeScreening,
  type ScreenerConfig,
} from '../../../activities/marketData/screener';
import type { ScreenRow } from '../../../domain/market/screen';
import { loadConfig } from '../../../infra/config/config';
import { hasPostgres, useDatabase } from '../../support/database';

const date = '2026-11-20';
const named = ['LIQUID', 'QUIET', 'PLEDGED', 'TRADED-BE', 'CASHONLY'];
const names = [...named, ...Array.from({ length: 600 }, (_, index) => `S${index}`)];
const folder = mkdtempSync(join(tmpdir(), 'ratchet-screen-'));

function listFile(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

const surveillanceFile = listFile('list.json', { asOf: date, stocks: { PLEDGED: 'GSM stage 1' } });

/** Quotes every stock at ₹1,000; LIQUID trades a hundred times as much as the others. */
class StandIn {
  readonly quoted: number[] = [];
  readonly history: string[] = [];
  getInstruments(segment: string): Promise<unknown[]> {
    const row = { name: '', tick_size: 0.05, instrument_type: 'EQ', segment: 'NSE' };
    const stocks = names.map((tradingsymbol, index) => ({
      ...row,
      tradingsymbol,
      instrument_token: index * 256 + 1,
    }));
    const future = (name: string): object => ({
      tradingsymbol: `${name}FUT`,
      name,
      instrument_token: 2,
      tick_size: 0.05,
      instrument_type: 'FUT',
      segment: 'NFO-FUT',
    });
    return Promise.resolve(
      segment === 'NFO'
        ? ['LIQUID', 'QUIET', 'PLEDGED'].map(future)
        : [...stocks, { tradingsymbol: 'garbage' }],
    );
  }
  getQuote(asked: readonly string[]): Promise<unknown> {
    this.quoted.push(asked.length);
    const levels = (price: number): object[] => [{ price, quantity: 1, orders: 1 }];
    const quote = {
      instrument_token: 1,
      last_price: 1_000,
      volume: 0,
      lower_circuit_limit: 900,
      upper_circuit_limit: 1_100,
      ohlc: { open: 0, high: 0, low: 0, close: 1_000 },
      depth: { buy: levels(999.5), sell: levels(1_000) },
    };
    return Promise.resolve(Object.fromEntries(asked.map((name) => [name, quote])));
  }
  getHistoricalData(token: number): Promise<unknown[]> {
    const name = names[(token - 1) / 256] ?? '';
    this.history.push(name);
    const volume = name === 'LIQUID' ? 10_000_000 : 200_000;
    const candle = { open: 1_000, high: 1_010, low: 990, close: 1_000, volume };
    return Promise.resolve([{ ...candle, date: new Date('2026-11-19T09:15:00+05:30') }]);
  }
}

(hasPostgres ? describe : describe.skip)('the screening', () => {
  let pool: Pool;
  useDatabase((made) => {
    pool = made;
  });

  const screen = async (
    broker: StandIn,
    change: Partial<ScreenerConfig> = {},
  ): Promise<readonly ScreenRow[]> =>
    screenStocks(
      {
        kite: broker as unknown as Connect,
        pool,
        screener: {
          ...loadConfig().screener,
          stocksMax: 2,
          universe: undefined,
          surveillanceFile,
          sectorOf: () => 'Test',
          ...change,
        },
      },
      date,
    );

  test('of the whole exchange: all quoted, few examined, every stock with its reason', async () => {
    const broker = new StandIn();
    const rows = await screen(broker);
    expect(broker.quoted).toEqual([500, names.length - 500]);
    expect(broker.history).toEqual(['LIQUID', 'QUIET', 'CASHONLY']);
    expect(rows).toHaveLength(names.length);
    const reasonOf = (name: string): string | undefined =>
      rows.find(({ stock }) => stock.tradingsymbol === name)?.reason;
    expect(named.map(reasonOf)).toEqual([
      'rank 1 of 3',
      'rank 2 of 3',
      `under surveillance: GSM stage 1 (list of ${date})`,
      'series BE: not traded intraday',
      'rank 3 of 3: only 2 are watched',
    ]);
    expect(reasonOf('S1')).toBe('not among the first 3 by derivatives and turnover today');
    const { rows: candles } = await pool.query('select distinct tradingsymbol from candle');
    expect(candles).toHaveLength(3);
  });

  test('of a configured list: only those, by the same limits', async () => {
    const universe = ['QUIET', 'TRADED-BE', 'S7'];
    const rows = await screen(new StandIn(), { universe });
    expect(rows.map(({ stock, watched }) => [stock.tradingsymbol, watched])).toEqual([
      ['QUIET', true],
      ['S7', true],
      ['TRADED-BE', false],
    ]);
  });

  test('made again it replaces the rows of the day', async () => {
    const rows = await screen(new StandIn(), { universe: ['QUIET', 'S7'] });
    const day = { account: 'paper', date };
    await storeScreening(pool, day, rows);
    await storeScreening(pool, day, rows.slice(0, 1));
    await storeScreening(pool, { ...day, date: '2026-11-19' }, rows);
    const { rows: kept } = await pool.query(
      `select date::text, tradingsymbol, rank, watched, stock->'band' as band, figures from screening order by date, rank`,
    );
    expect(kept).toMatchObject([
      { date: '2026-11-19', tradingsymbol: 'QUIET' },
      { date: '2026-11-19', tradingsymbol: 'S7' },
      {
        date,
        tradingsymbol: 'QUIET',
        rank: 1,
        watched: true,
        band: { lower: 90_000, upper: 110_000 },
        figures: { spreadBps: 5, bandDistanceBps: 1_000, atrPct: 2, turnover: 20_000_000_000 },
      },
    ]);
  });

  test.each<[string, Partial<ScreenerConfig>, string]>([
    ['an unknown stock', { universe: ['NOBODY'] }, 'universe: NOBODY is not a stock of NSE'],
    ['no such file', { surveillanceFile: join(folder, 'none') }, 'none cannot be read'],
    ['no JSON', { surveillanceFile: listFile('text', 'A,B') }, 'text is not valid JSON'],
    [
      'an old list',
      { surveillanceFile: listFile('old.json', { asOf: '2026-11-01', stocks: {} }) },
      'asOf 2026-11-01 must be 2026-11-20 or at most 7 days before it',
    ],
  ])('%s is refused', async (_, change, sentence) => {
    await expect(screen(new StandIn(), change)).rejects.toThrow(sentence);
  });
});
