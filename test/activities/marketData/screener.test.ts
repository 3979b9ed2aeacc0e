// Goal: screening asks the broker no more than it allows, judges every listed stock, and stores a row with
// the reason for each. Unusable input is refused in a sentence. The broker is a stand-in that counts.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import {
  screenStocks,
  storeScreening,
  type ScreenerConfig,
} from '../../../activities/marketData/screener';
import type { ScreenRow } from '../../../domain/market/screen';
import type { StockQuote } from '../../../broker/port';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise, shares } from '../../../domain/units';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { loadConfig } from '../../../infra/config/config';
import { readerWith } from '../../support/readerWith';
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

const quote: StockQuote = {
  lastPrice: paise(100_000),
  volume: 0,
  band: { lower: paise(90_000), upper: paise(110_000) },
  bid: paise(99_950),
  ask: paise(100_000),
  depth: { bids: [], asks: [] },
  day: null,
};

/** Quotes every stock at ₹1,000; LIQUID trades a hundred times as much as the others. */
class StandIn {
  /** What LIQUID closed at on the day before. */
  close = paise(100_000);
  readonly quoted: number[] = [];
  readonly history: string[] = [];
  readonly reader = readerWith({
    listing: () =>
      Promise.resolve(
        names.map((tradingsymbol, index) => ({
          tradingsymbol,
          name: '',
          instrumentToken: index * 256 + 1,
          tickSize: paise(5),
        })),
      ),
    underlyings: () => Promise.resolve(new Set(['LIQUID', 'QUIET', 'PLEDGED'])),
    quotes: (asked) => {
      this.quoted.push(asked.length);
      return Promise.resolve(new Map(asked.map((name) => [name, quote])));
    },
    history: ({ instrumentToken }) => {
      const name = names[(instrumentToken - 1) / 256] ?? '';
      this.history.push(name);
      const volume = shares(name === 'LIQUID' ? 10_000_000 : 200_000);
      const close = name === 'LIQUID' ? this.close : paise(100_000);
      const [high, low] = [paise(close * 1.01), paise(close * 0.99)];
      const at = istInstant('2026-11-19', '09:15');
      return Promise.resolve([{ open: close, high, low, close, volume, at }]);
    },
  });
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
        broker: broker.reader,
        pool,
        calendar: nseCalendar,
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

  test('history of another scale than the day leaves a stock out, whatever is stored of it', async () => {
    const reasonOf = (rows: readonly ScreenRow[]): string | undefined =>
      rows.find(({ stock }) => stock.tradingsymbol === 'LIQUID')?.reason;
    const split = new StandIn();
    split.close = paise(200_000);
    expect(reasonOf(await screen(split))).toBe(
      'its history ends at ₹2,000.00, outside the day’s price limits ₹900.00 to ₹1,100.00: a split, a bonus or an error',
    );
    // The broker has adjusted its history, and we still have a minute from before.
    await pool.query(
      `insert into candle (tradingsymbol, at, open, high, low, close, volume)
       values ('LIQUID', $1, 200000, 200000, 200000, 200000, 5)`,
      [istInstant('2026-11-13', '15:29')],
    );
    expect(reasonOf(await screen(new StandIn()))).toBe(
      'between the close of 2026-11-13 and the open of 2026-11-19 the price moved −50.0 %, more than 21 %: a split, a bonus or an error',
    );
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
