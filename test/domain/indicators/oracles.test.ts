// Goal: indicators equal published numbers: Stock.Indicators on daily bars, TA-Lib and pandas-ta on real NSE
// five-minute bars, and the exchange's own daily VWAP.
import { barIndicators, type PriceBar } from '../../../domain/indicators/barIndicators';
import { averageTrueRange, relativeStrength } from '../../../domain/indicators/momentum';
import { exponentialAverage } from '../../../domain/indicators/averages';
import { SessionVwap } from '../../../domain/indicators/sessionVwap';
import { superTrend } from '../../../domain/indicators/superTrend';
import type { IndicatorSnapshot } from '../../../domain/indicators';
import { epochMs } from '../../../domain/units';
import { numberIn, sharedRows, testOnSharedData } from '../sharedFiles';

const relativeGap = (a: number, b: number): number =>
  Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1);

/** Rows as bars in their own unit: the formulas do not care whether it is rupees. */
const barsOf = (rows: readonly Map<string, string>[], timeColumn: string): PriceBar[] =>
  rows.map((row) => ({
    at: epochMs(Date.parse(row.get(timeColumn) ?? '')),
    open: numberIn(row, 'open'),
    high: numberIn(row, 'high'),
    low: numberIn(row, 'low'),
    close: numberIn(row, 'close'),
    volume: numberIn(row, 'volume'),
  }));

function snapshotsOf(bars: readonly PriceBar[]): IndicatorSnapshot[] {
  const indicators = barIndicators();
  const vwap = new SessionVwap();
  return bars.map((bar) => {
    const session = new Date(bar.at + 19_800_000).toISOString().slice(0, 10);
    vwap.add(session, bar);
    return indicators.next(bar, { session, barMinutes: 5, vwap: vwap.values() });
  });
}

/** Compares two columns where the oracle has a value; ours must be null where it has none. */
function expectColumn(
  ours: readonly (number | null)[],
  oracle: readonly number[],
  tolerance: number,
): void {
  let compared = 0;
  ours.forEach((value, index) => {
    const expected = oracle[index] ?? NaN;
    if (Number.isNaN(expected)) {
      expect(value).toBeNull();
      return;
    }
    compared += 1;
    if (value === null || relativeGap(value, expected) > tolerance) {
      throw new Error(`row ${index}: ${value} instead of ${expected}`);
    }
  });
  expect(compared).toBeGreaterThan(400);
}

const oracleColumn = (file: string, column: string): number[] =>
  sharedRows(`oracles/stock_indicators/${file}.csv`).map((row) => numberIn(row, column));

describe('against Stock.Indicators on 502 daily bars, 1e-9 relative', () => {
  const daily = (): PriceBar[] =>
    barsOf(sharedRows('oracles/stock_indicators/quotes/default.csv'), 'date');

  testOnSharedData('sma 20, rsi 14, atr 14, macd 12/26/9', () => {
    const found = snapshotsOf(daily());
    expectColumn(
      found.map((bar) => bar.sma20),
      oracleColumn('sma', 'sma'),
      1e-9,
    );
    expectColumn(
      found.map((bar) => bar.rsi14),
      oracleColumn('rsi', 'rsi'),
      1e-9,
    );
    expectColumn(
      found.map((bar) => bar.atr14),
      oracleColumn('atr', 'atr'),
      1e-9,
    );
    expectColumn(
      found.map((bar) => bar.macd),
      oracleColumn('macd', 'macd'),
      1e-9,
    );
    expectColumn(
      found.map((bar) => bar.macdSignal),
      oracleColumn('macd', 'signal'),
      1e-9,
    );
    expectColumn(
      found.map((bar) => bar.macdHistogram),
      oracleColumn('macd', 'histogram'),
      1e-9,
    );
  });

  testOnSharedData('ema 20 and supertrend 10/3', () => {
    const ema = exponentialAverage(20);
    expectColumn(
      daily().map((bar) => ema.next(bar.close)),
      oracleColumn('ema', 'ema'),
      1e-9,
    );
    const found = snapshotsOf(daily());
    expectColumn(
      found.map((bar) => bar.superTrend),
      oracleColumn('supertrend', 'superTrend'),
      1e-9,
    );
    const lower = oracleColumn('supertrend', 'lowerBand');
    found.forEach((bar, index) => {
      if (bar.superTrendDirection === null) return;
      expect(bar.superTrendDirection === 1).toBe(!Number.isNaN(lower[index] ?? NaN));
    });
  });

  testOnSharedData('vwap from the first bar without a session reset', () => {
    const vwap = new SessionVwap();
    const found = daily().map((bar) => {
      vwap.add('one session', bar);
      return vwap.values().vwap;
    });
    expectColumn(found, oracleColumn('vwap', 'vwap'), 1e-9);
  });
});

// The computed files are written with ten significant digits, so that is all they can be compared to.
const printed = 5e-9;

describe.each(['RELIANCE', 'TATAMOTORS'])(
  '%s: against TA-Lib and pandas-ta on NSE bars',
  (name) => {
    const rows = (): Map<string, string>[] => sharedRows(`oracles/computed/${name}_5min.csv.gz`);
    const column = (field: string): number[] => rows().map((row) => numberIn(row, field));

    testOnSharedData('every column they share', () => {
      const found = snapshotsOf(barsOf(rows(), 'ts'));
      const pairs: [keyof IndicatorSnapshot, string][] = [
        ['ema9', 'ema9_talib'],
        ['ema21', 'ema21_talib'],
        ['sma20', 'sma20_talib'],
        ['sma50', 'sma50_talib'],
        ['rsi14', 'rsi14_talib'],
        ['rsi21', 'rsi21_talib'],
        ['atr14', 'atr14_talib'],
        ['macd', 'macd_pta'],
        ['macdSignal', 'macd_signal_pta'],
        ['macdHistogram', 'macd_hist_pta'],
        ['superTrend', 'supertrend_10_3_ref'],
        ['vwap', 'vwap_session_pta'],
      ];
      for (const [field, oracle] of pairs) {
        expectColumn(
          found.map((bar) => bar[field] as number | null),
          column(oracle),
          printed,
        );
      }
      const direction = column('supertrend_dir_ref');
      found.forEach((bar, index) => {
        if (bar.superTrendDirection !== null)
          expect(bar.superTrendDirection).toBe(direction[index]);
      });
    });

    testOnSharedData('macd equals TA-Lib too once its other seed has faded', () => {
      const found = snapshotsOf(barsOf(rows(), 'ts'));
      const talib = column('macd_talib');
      for (let index = 300; index < found.length; index += 1) {
        expect(relativeGap(found[index]?.macd ?? NaN, talib[index] ?? NaN)).toBeLessThan(1e-6);
      }
    });
  },
);

testOnSharedData('session VWAP is within 6 bp of the official one on all grade-A days', () => {
  const graded = sharedRows('nse/coverage.csv').filter(
    (row) => row.get('grade') === 'A' && !Number.isNaN(numberIn(row, 'x_vwap')),
  );
  expect(graded.length).toBeGreaterThan(150);
  const series = new Set(graded.map((row) => row.get('series') ?? ''));
  let worst = 0;
  for (const name of series) {
    const candles = sharedRows(`nse/minute/core/${name}.csv.gz`);
    for (const day of graded.filter((row) => row.get('series') === name)) {
      const vwap = new SessionVwap();
      const ofDay = candles.filter((row) => row.get('ts')?.startsWith(day.get('date') ?? '-'));
      for (const bar of barsOf(ofDay, 'ts')) vwap.add('day', bar);
      const official = numberIn(day, 'x_vwap');
      worst = Math.max(worst, Math.abs((vwap.values().vwap ?? 0) / official - 1) * 10_000);
    }
  }
  expect(worst).toBeLessThan(6);
});

test('rsi of a price that never moved is 50 and its range 0', () => {
  const rsi = relativeStrength(14);
  const atr = averageTrueRange(14);
  const flat = { high: 100, low: 100, close: 100 };
  const found = Array.from({ length: 20 }, () => [rsi.next(100), atr.next(flat)]);
  expect(found[13]).toEqual([null, null]);
  expect(found[14]).toEqual([50, 0]);
});

test('supertrend of a price that never moved takes no side', () => {
  const trend = superTrend();
  const last = Array.from({ length: 30 }, () => trend.next({ high: 5, low: 5, close: 5 })).at(-1);
  expect(last).toEqual({ superTrend: null, superTrendDirection: null, superTrendFlip: null });
});
