// Goal: candles keep every tick's price extreme and all volume, whatever order minutes end in.
import fc from 'fast-check';
import {
  addTick,
  builderFrom,
  closeUntil,
  emptyBuilder,
  minuteOf,
} from '../../../domain/market/candleBuilder';
import type { Candle } from '../../../domain/market/candle';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise } from '../../../domain/units';

const tick = (at: number, price: number, dayVolume: number): Parameters<typeof addTick>[1] => ({
  at: epochMs(at),
  price: paise(price),
  dayVolume,
});

test('candle: first, highest, lowest and last price of the minute, and the growth of the day’s volume', () => {
  let { builder } = addTick(emptyBuilder, tick(60_000, 100, 500));
  ({ builder } = addTick(builder, tick(70_000, 120, 700)));
  ({ builder } = addTick(builder, tick(80_000, 90, 900)));
  const { closed } = addTick(builder, tick(120_000, 95, 950));
  expect(closed).toEqual({ at: 60_000, open: 100, high: 120, low: 90, close: 90, volume: 400 });
});

test('candle: a tick of an earlier minute is dropped, a quiet minute is closed by the clock', () => {
  const { builder } = addTick(emptyBuilder, tick(120_000, 100, 10));
  expect(addTick(builder, tick(60_000, 1, 11)).builder).toBe(builder);
  expect(closeUntil(builder, epochMs(120_000)).closed).toBeNull();
  expect(closeUntil(builder, epochMs(180_000)).closed?.at).toBe(120_000);
});

test('candle: over any ascending ticks volume adds up and extremes survive', () => {
  const steps = fc.array(
    fc.record({
      wait: fc.integer({ min: 0, max: 90_000 }),
      price: fc.integer({ min: 1, max: 1000 }),
      traded: fc.integer({ min: 0, max: 50 }),
    }),
    { minLength: 1, maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (ticks) => {
      let at = 1_000_000;
      let dayVolume = 0;
      let builder = emptyBuilder;
      const closedCandles: Candle[] = [];
      for (const { wait, price, traded } of ticks) {
        at += wait;
        dayVolume += traded;
        const step = addTick(builder, tick(at, price, dayVolume));
        builder = step.builder;
        if (step.closed !== null) closedCandles.push(step.closed);
      }
      const last = closeUntil(builder, epochMs(minuteOf(epochMs(at)) + 60_000)).closed;
      const all = last === null ? closedCandles : [...closedCandles, last];
      expect(all.reduce((sum, candle) => sum + candle.volume, 0)).toBe(
        dayVolume - (ticks[0]?.traded ?? 0),
      );
      expect(Math.max(...all.map((candle) => candle.high))).toBe(
        Math.max(...ticks.map(({ price }) => price)),
      );
      expect(Math.min(...all.map((candle) => candle.low))).toBe(
        Math.min(...ticks.map(({ price }) => price)),
      );
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('candle: a minute the clock has ended is not begun again by a tick that comes late', () => {
  const { builder } = addTick(emptyBuilder, tick(60_000, 100, 10));
  const ended = closeUntil(builder, epochMs(120_000));
  const late = addTick(ended.builder, tick(119_000, 150, 12));
  expect(late).toEqual({ builder: ended.builder, closed: null });
  // Its volume is not lost: the next minute has it.
  const next = addTick(late.builder, tick(121_000, 101, 15)).builder;
  expect(next.candle).toMatchObject({ at: 120_000, open: 101, volume: 5 });
  // Nor is a quiet stock's minute begun after its end.
  const quiet = closeUntil(emptyBuilder, epochMs(120_000)).builder;
  expect(addTick(quiet, tick(60_000, 100, 1)).builder.candle).toBeNull();
});

test('candle: whatever order ticks and the clock come in, a minute has one candle, and no volume is lost', () => {
  const step = fc.record({
    // Most ticks follow the one before; some are late.
    wait: fc.integer({ min: -70_000, max: 90_000 }),
    traded: fc.integer({ min: 0, max: 50 }),
    clock: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
      let [at, newest, dayVolume] = [1_000_000, 0, 0];
      let builder = { ...emptyBuilder, dayVolume: 0 };
      const closed: Candle[] = [];
      for (const { wait, traded, clock } of steps) {
        at = Math.max(1_000_000, at + wait);
        newest = Math.max(newest, at);
        dayVolume += traded;
        const ticked = addTick(builder, tick(at, 100, dayVolume));
        const ended = clock ? closeUntil(ticked.builder, minuteOf(epochMs(newest))) : null;
        builder = ended?.builder ?? ticked.builder;
        closed.push(...[ticked.closed, ended?.closed ?? null].filter((one) => one !== null));
      }
      const end = minuteOf(epochMs(newest)) + 60_000;
      const final = addTick(builder, tick(end, 100, dayVolume));
      if (final.closed !== null) closed.push(final.closed);
      const last = closeUntil(final.builder, epochMs(end + 60_000)).closed;
      const minutes = closed.map((candle) => candle.at);
      expect(new Set(minutes).size).toBe(minutes.length);
      expect(minutes).toEqual(minutes.toSorted((one, other) => one - other));
      const total = [...closed, last].reduce((sum, candle) => sum + (candle?.volume ?? 0), 0);
      expect(total).toBe(dayVolume);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('candle: the first minute has all volume of the day so far, a later first minute only its growth', () => {
  const open = istInstant('2026-11-20', '09:15');
  const first = (at: number): Candle | null =>
    addTick(
      addTick(builderFrom(epochMs(at), open), tick(at, 100, 500)).builder,
      tick(at + 1, 100, 700),
    ).builder.candle;
  expect(first(open + 20_000)?.volume).toBe(700);
  expect(first(open - 60_000)?.volume).toBe(700);
  expect(first(open + 60_000)?.volume).toBe(200);
});
