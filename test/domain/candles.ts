// Candle series for tests: deterministic walks, and their reflections.
import type { Candle } from '../../domain/market/candle';
import { epochMs, paise, shares } from '../../domain/units';
import { istInstant } from '../../domain/session/sessionClock';

/** A minute's candle at `HH:MM` of a date. Prices in paise. */
export const candleAt = (
  date: string,
  minute: number,
  prices: readonly [open: number, high: number, low: number, close: number],
  volume = 1000,
): Candle => {
  const [open, high, low, close] = prices;
  return {
    at: epochMs(istInstant(date, '09:15') + minute * 60_000),
    open: paise(open),
    high: paise(high),
    low: paise(low),
    close: paise(close),
    volume: shares(volume),
  };
};

/** A repeatable pseudo-random stream in 0..1 (mulberry32). */
export function stream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A day's walk of one-minute candles around ₹2,000 with drifts that change. */
export function walk(seed: number, minutes: number, date = '2021-04-15'): Candle[] {
  const next = stream(seed);
  let price = 200_000;
  let drift = 0;
  return Array.from({ length: minutes }, (_, minute) => {
    if (minute % 40 === 0) drift = (next() - 0.5) * 60;
    const open = price;
    const close = Math.round(open + drift + (next() - 0.5) * 160);
    const high = Math.max(open, close) + Math.round(next() * 60);
    const low = Math.min(open, close) - Math.round(next() * 60);
    price = close;
    return candleAt(date, minute, [open, high, low, close], 500 + Math.round(next() * 4000));
  });
}

/** The series upside down around a price: p → 2·centre − p. */
export const reflected = (candles: readonly Candle[], centre = 200_000): Candle[] =>
  candles.map((candle) => ({
    at: candle.at,
    open: paise(2 * centre - candle.open),
    high: paise(2 * centre - candle.low),
    low: paise(2 * centre - candle.high),
    close: paise(2 * centre - candle.close),
    volume: candle.volume,
  }));
