// Goal: a minute's candle never favours the position: what is against it comes first, and a fill is never better than
// the level that was reached.
import fc from 'fast-check';
import { heldMinute, slipped } from '../../../backtest/bars/heldMinute';
import { minuteColumns } from '../../../domain/market/minuteColumns';
import { standardPolicy, startTrail, type TrailingTerms } from '../../../domain/trailing';
import { epochMs, paise, shares } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';

const tickSize = paise(5);
const band = { lower: paise(80_000), upper: paise(120_000) };

const terms = (direction: 'LONG' | 'SHORT'): TrailingTerms => {
  const d = direction === 'LONG' ? 1 : -1;
  return {
    direction,
    entry: paise(100_000),
    initialStop: paise(100_000 - d * 500),
    initialTarget: paise(100_000 + d * 1_000),
    tickSize,
    band,
    atrAtEntry: 400,
    policy: standardPolicy(loadConfig().trailing, paise(500), tickSize),
  };
};

const minuteOf = (
  open: number,
  high: number,
  low: number,
  close: number,
): ReturnType<typeof minuteColumns> =>
  minuteColumns([
    {
      at: epochMs(60_000),
      open: paise(open),
      high: paise(high),
      low: paise(low),
      close: paise(close),
      volume: shares(1),
    },
  ]);

const held = { row: 0, entered: false };

test('a minute that reaches stop and target leaves at the stop', () => {
  const wide = minuteOf(100_000, 101_500, 99_000, 101_000);
  for (const direction of ['LONG', 'SHORT'] as const) {
    const given = terms(direction);
    expect(heldMinute(given, startTrail(given), wide, held)).toEqual({
      kind: 'left',
      reason: 'stop',
      price: given.initialStop,
    });
  }
});

test('a minute that opens beyond the stop leaves at its open; beyond the target, at the target', () => {
  const given = terms('LONG');
  expect(
    heldMinute(given, startTrail(given), minuteOf(99_000, 99_200, 98_900, 99_100), held),
  ).toEqual({ kind: 'left', reason: 'stop', price: 99_000 });
  expect(
    heldMinute(given, startTrail(given), minuteOf(101_500, 101_600, 101_400, 101_500), held),
  ).toEqual({ kind: 'left', reason: 'target', price: given.initialTarget });
});

test('in the minute of the entry its open is the entry: it is no price that can leave', () => {
  const given = terms('LONG');
  const minute = minuteOf(101_500, 101_600, 100_100, 100_200);
  expect(heldMinute(given, startTrail(given), minute, { row: 0, entered: true }).kind).toBe('left');
  const calm = minuteOf(101_500, 100_400, 100_100, 100_200);
  expect(heldMinute(given, startTrail(given), calm, { row: 0, entered: true }).kind).toBe('held');
});

test('levels only move in favour, and short is the mirror of long', () => {
  const price = fc.integer({ min: 19_700, max: 20_300 }).map((ticks) => ticks * 5);
  fc.assert(
    fc.property(fc.array(fc.tuple(price, price, price, price), { maxLength: 20 }), (candles) => {
      const [long, short] = [terms('LONG'), terms('SHORT')];
      let [up, down] = [startTrail(long), startTrail(short)];
      for (const prices of candles) {
        const [open, close] = prices;
        const [high, low] = [Math.max(...prices), Math.min(...prices)];
        const turned = (one: number): number => 200_000 - one;
        const first = heldMinute(long, up, minuteOf(open, high, low, close), held);
        const mirrored = minuteOf(turned(open), turned(low), turned(high), turned(close));
        const second = heldMinute(short, down, mirrored, held);
        expect(second.kind).toBe(first.kind);
        if (first.kind === 'left' || second.kind === 'left') return;
        expect(first.trail.stop).toBeGreaterThanOrEqual(up.stop);
        expect(second.trail.stop).toBe(turned(first.trail.stop));
        [up, down] = [first.trail, second.trail];
      }
    }),
  );
});

test('slippage moves a price against whoever trades, onto the tick, inside the band', () => {
  const at = { tickSize, band };
  expect(slipped(paise(100_000), 1, { ticks: 1, bps: 0 }, at)).toBe(100_005);
  expect(slipped(paise(100_000), -1, { ticks: 1, bps: 2 }, at)).toBe(99_980);
  expect(slipped(paise(119_998), 1, { ticks: 3, bps: 0 }, at)).toBe(120_000);
});
