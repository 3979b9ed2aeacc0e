// One-minute candles from ticks. Volume is the growth of the day's cumulative volume, so a missed tick loses
// none. A minute has one candle. A later tick or the clock ends it, and a tick that comes after its end is
// dropped.
import { epochMs, paise, shares, type EpochMs, type Paise } from '../units';
import type { Candle } from './candle';

const minuteMs = 60_000;

/** A tick as the feed has it: last price, the day's volume so far, exchange time. */
export interface MarketTick {
  readonly price: Paise;
  readonly dayVolume: number;
  readonly at: EpochMs;
}

export interface CandleBuilder {
  readonly candle: Candle | null;
  readonly dayVolume: number;
  /** Minutes that start before this are over. */
  readonly closedUntil: EpochMs;
}

/** The empty builder. Volume before the first tick belongs to no candle. */
export const emptyBuilder: CandleBuilder = {
  candle: null,
  dayVolume: -1,
  closedUntil: epochMs(0),
};

/**
 * For a stock whose first tick comes at `at`: heard of in the first minute of a day that opens at `open`, all
 * its volume of the day belongs to that candle, the opening auction's too.
 */
export const builderFrom = (at: EpochMs, open: EpochMs): CandleBuilder =>
  minuteOf(at) <= open ? { ...emptyBuilder, dayVolume: 0 } : emptyBuilder;

export const minuteOf = (at: EpochMs): EpochMs => epochMs(Math.floor(at / minuteMs) * minuteMs);

/** The builder after a tick, and the candle the tick completed, if any. */
export function addTick(
  builder: CandleBuilder,
  tick: MarketTick,
): { builder: CandleBuilder; closed: Candle | null } {
  const at = minuteOf(tick.at);
  const { candle, closedUntil } = builder;
  if (at < closedUntil || (candle !== null && at < candle.at)) return { builder, closed: null };
  const traded = builder.dayVolume < 0 ? 0 : Math.max(0, tick.dayVolume - builder.dayVolume);
  const dayVolume = Math.max(builder.dayVolume, tick.dayVolume);
  const { price } = tick;
  if (candle === null || at > candle.at) {
    const fresh: Candle = {
      at,
      open: price,
      high: price,
      low: price,
      close: price,
      volume: shares(traded),
    };
    return { builder: { candle: fresh, dayVolume, closedUntil }, closed: candle };
  }
  const grown: Candle = {
    ...candle,
    high: paise(Math.max(candle.high, price)),
    low: paise(Math.min(candle.low, price)),
    close: price,
    volume: shares(candle.volume + traded),
  };
  return { builder: { candle: grown, dayVolume, closedUntil }, closed: null };
}

/**
 * Ends the minutes before `until`: closes a candle that had no further tick, and drops later ticks of those
 * minutes.
 */
export function closeUntil(
  builder: CandleBuilder,
  until: EpochMs,
): { builder: CandleBuilder; closed: Candle | null } {
  const { candle } = builder;
  const closedUntil = epochMs(Math.max(builder.closedUntil, until));
  return candle === null || candle.at >= until
    ? { builder: { ...builder, closedUntil }, closed: null }
    : { builder: { ...builder, candle: null, closedUntil }, closed: candle };
}
