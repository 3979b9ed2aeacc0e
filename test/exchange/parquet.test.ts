// Goal: a stored series is the series it was written from, to the paisa and the millisecond, and a replay of it is the
// replay of its text. Method: any candles through the file and back; a generated day as CSV and imported from it, its
// series and a whole backtest of both compared.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { backtestCommand } from '../../cli/commands/backtest';
import { storedBars } from '../../domain/candleFile';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { epochMs, paise, shares } from '../../domain/units';
import { candlesOfBars, candleSeries } from '../../exchange/market/candleFiles';
import { parquetBytes, parquetColumns, storedPriceMax } from '../../exchange/market/parquet';
import { importCandles } from '../../infra/candles/importCandles';
import { date, writeSmallDay } from '../backtest/smallDay';
import { printed } from '../support/candleDoors';
import { testOnSharedData } from '../domain/sharedFiles';

let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ratchet-parquet-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const price = fc.integer({ min: 1, max: storedPriceMax }).map(paise);
const anyCandle = fc.record({
  at: fc.integer({ min: 0, max: 4_102_444_800_000 }).map(epochMs),
  ...{ open: price, high: price, low: price, close: price },
  volume: fc.integer({ min: 0, max: 1_000_000_000_000 }).map(shares),
});

test('any candles come back as they were written', () => {
  const file = join(folder, 'any.parquet');
  fc.assert(
    fc.property(fc.array(anyCandle, { minLength: 1, maxLength: 300 }), (candles) => {
      writeFileSync(file, parquetBytes(candles));
      expect(candlesOfBars([...storedBars(parquetColumns(file))])).toEqual(candles);
    }),
    { numRuns: 50 },
  );
});

test('more rows than a group has come back, too', () => {
  const file = join(folder, 'long.parquet');
  const candles = Array.from({ length: 250_001 }, (_, index) => ({
    at: epochMs(index * 60_000),
    ...{ open: paise(5 + index), high: paise(9 + index), low: paise(5), close: paise(7 + index) },
    volume: shares(index % 977),
  }));
  writeFileSync(file, parquetBytes(candles));
  const read = candlesOfBars([...storedBars(parquetColumns(file))]);
  expect(JSON.stringify(read) === JSON.stringify(candles)).toBe(true);
});

const importedFrom = (source: string, name: string): string => {
  const to = join(folder, name);
  importCandles({
    ...{ source, to, mapping: { columns: {} }, symbols: [], minutes: 1 },
    ...{ replace: false, leaveOut: false, calendar: nseCalendar, say: () => undefined },
  });
  return to;
};

/** Each series with a digest of all its candles, which says quickly that they are equal. */
const seriesOf = (directory: string): unknown[] =>
  [...candleSeries({ directory })]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ candles, ...series }) => ({
      ...series,
      candles: candles.length,
      digest: createHash('sha256').update(JSON.stringify(candles)).digest('hex'),
    }));

test('a backtest of the imported day is the backtest of its text', async () => {
  const text = join(folder, 'text');
  writeSmallDay(text, 7);
  const store = importedFrom(text, 'store');
  expect(seriesOf(store)).toEqual(seriesOf(text));
  const played = async (replay: string): Promise<unknown> => {
    const flags = [
      '--replay',
      replay,
      '--date',
      date,
      '--random',
      '3',
      '--model',
      'none',
      '--json',
    ];
    return JSON.parse((await printed(backtestCommand, flags)).stdout) as unknown;
  };
  expect(await played(store)).toEqual(await played(text));
});

testOnSharedData('recorded days are the same from either', () => {
  const shared = process.env['RATCHET_SHARED_DATA'] ?? join(__dirname, '../../../shared/data');
  const some = join(folder, 'some');
  mkdirSync(some);
  for (const name of ['INFY', 'M&M', 'NIFTY_50'].map((symbol) => `${symbol}.csv.gz`))
    copyFileSync(join(shared, 'nse/minute/core', name), join(some, name));
  expect(seriesOf(importedFrom(some, 'recorded'))).toEqual(seriesOf(some));
});
