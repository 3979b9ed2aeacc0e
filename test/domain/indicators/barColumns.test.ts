// Goal: the columns hold, number for number, what the engine makes candle by candle.
import fc from 'fast-check';
import {
  barColumns,
  ColumnBar,
  createIndicatorEngine,
  plainSnapshot,
  priceBars,
  type IndicatorSnapshot,
} from '../../../domain/indicators';
import type { Candle } from '../../../domain/market/candle';
import { candleOf, minuteColumns, rowFrom } from '../../../domain/market/minuteColumns';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs } from '../../../domain/units';
import { walk } from '../candles';

function byEngine(candles: readonly Candle[], barMinutes: number): IndicatorSnapshot[] {
  const engine = createIndicatorEngine({ barMinutes });
  const bars = candles.flatMap((candle) => engine.update(candle));
  const last = candles.at(-1);
  return last === undefined
    ? bars
    : [...bars, ...engine.closeThrough(epochMs(last.at + barMinutes * 60_000))];
}

function byColumns(candles: readonly Candle[], barMinutes: number): IndicatorSnapshot[] {
  const minutes = minuteColumns(candles);
  // In two parts, as days are.
  const cut = candles.findIndex(({ at }) => at >= istInstant('2021-04-16', '00:00'));
  const parts = [
    { from: 0, until: Math.max(0, cut) },
    { from: Math.max(0, cut), until: candles.length },
  ].map((rows) => priceBars(minutes, rows, barMinutes));
  const columns = barColumns(parts, barMinutes);
  return Array.from({ length: columns.length }, (_, at) =>
    plainSnapshot(new ColumnBar(columns, at)),
  );
}

test('any minutes, with holes, over three sessions, in bars of any length', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.constantFrom(1, 3, 5, 15, 60),
      fc.array(fc.integer({ min: 0, max: 1100 }), { maxLength: 400 }),
      (seed, barMinutes, holes) => {
        const dates = ['2021-04-15', '2021-04-16', '2021-04-19'];
        const candles = dates
          .flatMap((date, day) => walk(seed + day, 375, date))
          .filter((_, at) => !holes.includes(at))
          .map((candle, at) =>
            at % 11 === seed % 11 ? { ...candle, volume: 0 as Candle['volume'] } : candle,
          );
        expect(byColumns(candles, barMinutes)).toEqual(byEngine(candles, barMinutes));
      },
    ),
    { numRuns: 60 },
  );
});

test('a row is found by its instant, and is the candle it was made of', () => {
  const candles = walk(3, 50);
  const columns = minuteColumns(candles);
  expect(Array.from(candles, (_, row) => candleOf(columns, row))).toEqual(candles);
  const [first, second] = [candles[0]?.at ?? 0, candles[1]?.at ?? 0];
  expect(rowFrom(columns, epochMs(first - 60_000))).toBe(0);
  expect(rowFrom(columns, epochMs(second))).toBe(1);
  expect(rowFrom(columns, epochMs(first + 86_400_000))).toBe(50);
});
