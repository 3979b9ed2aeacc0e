// Goal: candles from ticks differ from the broker's only where the difference is more than snapshots explain.
import type { Candle } from '../../../domain/market/candle';
import { compareCandles } from '../../../domain/market/candleComparison';
import { dateFault } from '../../../domain/market/tickDate';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, shares } from '../../../domain/units';

const candle = (minute: number, change: Partial<Record<keyof Candle, number>> = {}): Candle =>
  ({
    at: epochMs(minute * 60_000),
    open: paise(100_000),
    high: paise(100_500),
    low: paise(99_500),
    close: paise(100_200),
    volume: shares(100_000),
    ...change,
  }) as Candle;

test('within the tolerances nothing differs', () => {
  const near = candle(1, {
    open: 100_090,
    high: 100_250,
    low: 99_700,
    close: 100_110,
    volume: 91_000,
  });
  expect(compareCandles([near], [candle(1)])).toEqual({ minutes: 1, differences: [] });
});

test.each([
  ['open', 100_150],
  ['high', 100_900],
  ['low', 99_100],
  ['close', 100_400],
  ['volume', 74_502],
] as const)('a difference of %s is named', (field, value) => {
  const { differences } = compareCandles([candle(1, { [field]: value })], [candle(1)]);
  expect(differences.map(({ fields }) => fields)).toEqual([[field]]);
});

test('a minute only one of them has differs, unless hardly anything was traded', () => {
  const { minutes, differences } = compareCandles(
    [candle(1), candle(3)],
    [candle(2), candle(3), candle(4, { volume: 400 })],
  );
  expect(minutes).toBe(4);
  expect(
    differences.map(({ at, ours, broker }) => [at / 60_000, ours === null, broker === null]),
  ).toEqual([
    [1, false, true],
    [2, true, false],
  ]);
});

test('a tick of the future and one of before the session are told apart', () => {
  const date = '2026-11-20';
  const window = { preOpen: istInstant(date, '09:00'), now: istInstant(date, '10:00'), speed: 1 };
  const fault = (at: number): string | null => dateFault(epochMs(at), window);
  expect(fault(Date.parse('2106-02-07T06:28:15Z'))).toBe('future');
  expect(fault(window.now + 5_001)).toBe('future');
  expect(fault(window.now + 5_000)).toBeNull();
  expect(fault(window.preOpen)).toBeNull();
  expect(fault(istInstant('2026-11-19', '15:29'))).toBe('early');
  expect(dateFault(epochMs(window.now + 900_000), { ...window, speed: 200 })).toBeNull();
});
