// Goal: candles keep every tick's price extreme and all volume, whatever order minutes end in.
import fc from 'fast-check';
import {
  addTick,
  builderFrom,
  closeUntil,
  emptyBuilder,
  minuteOf,
  resumedBuilder,
  type CandleBuilder,
} from '../../../domain/market/candleBuilder';
import type { Candle } from '../../../domain/market/candle';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise } from '../../../domain/units';

const tick = (at: number, price: number, dayVolume: number): Parameters<typeof addTick>[1] => ({
  at: epochMs(at),
  price: paise(price),
  dayVolume,
});

/** The candles of ticks in the order given, and how many of them came late. `clock` closes the minutes before it. */
function built(
  steps: readonly { readonly tick?: Parameters<typeof addTick>[1]; readonly clock?: number }[],
  builder: CandleBuilder = emptyBuilder,
): { readonly candles: readonly Candle[]; readonly late: number; readonly builder: CandleBuilder } {
  const candles: Candle[] = [];
  let late = 0;
  for (const step of steps) {
    if (step.tick !== undefined) {
      const added = addTick(builder, step.tick);
      builder = added.builder;
      late += added.late ? 1 : 0;
    }
    if (step.clock === undefined) continue;
    const ended = closeUntil(builder, epochMs(step.clock));
    builder = ended.builder;
    candles.push(...ended.closed);
  }
  return { candles, late, builder };
}
const ticked = (
  at: number,
  price: number,
  dayVolume: number,
): { tick: ReturnType<typeof tick> } => ({
  tick: tick(at, price, dayVolume),
});
const far = { clock: 100_000_000 };
const sum = (candles: readonly Candle[]): number =>
  candles.reduce((total, { volume }) => total + volume, 0);

test('candle: first, highest, lowest and last price of the minute, and the growth of the day’s volume', () => {
  const { candles } = built([
    ticked(60_000, 100, 500),
    ticked(70_000, 120, 700),
    ticked(80_000, 90, 900),
    ticked(120_000, 95, 950),
    { clock: 120_000 },
  ]);
  expect(candles).toEqual([{ at: 60_000, open: 100, high: 120, low: 90, close: 90, volume: 400 }]);
});

test('candle: a late tick lands in its own minute as long as that is open', () => {
  const { candles, late } = built([
    ticked(60_000, 100, 0),
    ticked(121_000, 103, 30),
    ticked(119_000, 110, 20),
    ticked(61_000, 90, 5),
    far,
  ]);
  expect(candles).toEqual([
    { at: 60_000, open: 100, high: 110, low: 90, close: 110, volume: 20 },
    { at: 120_000, open: 103, high: 103, low: 103, close: 103, volume: 10 },
  ]);
  expect(late).toBe(0);
});

test('candle: after its minute’s end a tick is late, and the next minute has its volume', () => {
  const { candles, late } = built([
    { ...ticked(60_000, 100, 10), clock: 120_000 },
    ticked(119_000, 150, 12),
    ticked(121_000, 101, 15),
    far,
  ]);
  expect(candles.map(({ at, high, volume }) => [at, high, volume])).toEqual([
    [60_000, 100, 0],
    [120_000, 101, 5],
  ]);
  expect(late).toBe(1);
  // A snapshot that tells nothing new is not late.
  expect(built([{ ...ticked(60_000, 100, 10), clock: 120_000 }, ticked(119_000, 1, 10)]).late).toBe(
    0,
  );
});

test('candle: after an interruption no candle has the volume that was traded meanwhile', () => {
  const { builder } = built([ticked(60_000, 100, 1_000), { clock: 60_000 }]);
  const { candles, late } = built(
    [
      // The first word is an old one: nothing was traded since.
      ticked(59_000, 100, 900_000),
      ticked(305_000, 120, 1_000_000),
      ticked(310_000, 121, 1_000_700),
      ticked(361_000, 121, 1_001_000),
      far,
    ],
    resumedBuilder(closeUntil(builder, epochMs(300_000)).builder),
  );
  expect(candles.map(({ at, volume }) => [at, volume])).toEqual([
    [300_000, 100_700],
    [360_000, 300],
  ]);
  expect(late).toBe(0);
  const plain = built(
    [ticked(305_000, 1, 1_000_000), ticked(310_000, 1, 1_000_700), far],
    resumedBuilder(builder),
  );
  expect(sum(plain.candles)).toBe(700);
});

const steps = fc.array(
  fc.record({
    // Most ticks follow the one before; some are late.
    wait: fc.integer({ min: -70_000, max: 90_000 }),
    price: fc.integer({ min: 1, max: 1000 }),
    traded: fc.integer({ min: 0, max: 50 }),
    clock: fc.boolean(),
  }),
  { minLength: 1, maxLength: 60 },
);

test('candle: whatever order ticks and the clock come in, a minute has one candle, and no volume is lost', () => {
  fc.assert(
    fc.property(steps, (given) => {
      let [at, newest, dayVolume] = [1_000_000, 0, 0];
      const { candles } = built(
        [
          ...given.map(({ wait, price, traded, clock }) => {
            at = Math.max(1_000_000, at + wait);
            newest = Math.max(newest, at);
            dayVolume += traded;
            const one = ticked(at, price, dayVolume);
            return clock ? { ...one, clock: minuteOf(epochMs(newest)) } : one;
          }),
          { ...ticked(newest + 60_000, 100, dayVolume), ...far },
        ],
        { ...emptyBuilder, dayVolume: 0 },
      );
      const minutes = candles.map((candle) => candle.at);
      expect(minutes).toEqual([...new Set(minutes)].sort((one, other) => one - other));
      expect(sum(candles)).toBe(dayVolume);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('candle: while no minute is closed the order in which ticks come changes nothing', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (given, chances) => {
      let [at, dayVolume] = [1_000_000, 0];
      const ticks = given.map(({ wait, price, traded }) => {
        at += Math.abs(wait) + 1;
        dayVolume += traded;
        return ticked(at, price, dayVolume);
      });
      const keyed = ticks.map((one, index) => ({ one, key: chances[index] ?? 0 }));
      const shuffled = keyed.toSorted((a, b) => a.key - b.key).map(({ one }) => one);
      const start = { ...emptyBuilder, dayVolume: 0 };
      const [inOrder, mixed] = [built([...ticks, far], start), built([...shuffled, far], start)];
      expect(mixed.candles).toEqual(inOrder.candles);
      expect(Math.max(...mixed.candles.map(({ high }) => high))).toBe(
        Math.max(...given.map(({ price }) => price)),
      );
    }),
    { numRuns: 500, endOnFailure: true },
  );
});

test('candle: the first minute has all volume of the day so far, a later first minute only its growth', () => {
  const open = istInstant('2026-11-20', '09:15');
  const first = (at: number): number | undefined =>
    built(
      [ticked(at, 100, 500), ticked(at + 1, 100, 700), { clock: at + 60_000 }],
      builderFrom(epochMs(at), open),
    ).candles[0]?.volume;
  expect(first(open + 20_000)).toBe(700);
  expect(first(open + 60_000)).toBe(200);
});
