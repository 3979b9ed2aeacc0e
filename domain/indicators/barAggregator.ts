// Joins one-minute candles into bars of N minutes, counted from 09:15 in India. Minutes without a trade are
// not invented: a bar has the candles there are, and a bar without any does not exist. A bar is closed by its
// last minute, by any later candle, or by being told that the market's clock has passed its end.
import type { Candle } from '../market/candle';
import { istDayNumber, istOffsetMs } from '../session/sessionClock';
import { epochMs, paise, shares, type EpochMs } from '../units';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const openOfDayMs = (9 * 60 + 15) * minuteMs;

/** Start of the bar that covers an instant; bars never reach over midnight. */
export function barStart(at: EpochMs, barMinutes: number): EpochMs {
  const barMs = barMinutes * minuteMs;
  const day = istDayNumber(at) * dayMs;
  const sinceOpen = at + istOffsetMs - day - openOfDayMs;
  return epochMs(day - istOffsetMs + openOfDayMs + Math.floor(sinceOpen / barMs) * barMs);
}

function join(bar: Candle, candle: Candle): Candle {
  return {
    at: bar.at,
    open: bar.open,
    high: paise(Math.max(bar.high, candle.high)),
    low: paise(Math.min(bar.low, candle.low)),
    close: candle.close,
    volume: shares(bar.volume + candle.volume),
  };
}

/** Grows one bar at a time. */
export interface BarAggregator {
  /**
   * The bar that this candle's arrival completes, if the candle belongs to a later bar. Call before `add`.
   */
  finishedBefore(candle: Candle): Candle | null;
  /** Adds the candle. Returns the bar when this was its last minute. */
  add(candle: Candle): Candle | null;
  /** The open bar, if it ended at or before the instant. */
  closeThrough(at: EpochMs): Candle | null;
}

/** @param barMinutes length of a bar; @param candleMinutes length of the candles given. */
export function barAggregator(barMinutes: number, candleMinutes: number): BarAggregator {
  let open: Candle | null = null;
  const take = (): Candle | null => {
    const bar = open;
    open = null;
    return bar;
  };
  const endOf = (bar: Candle): number => bar.at + barMinutes * minuteMs;
  return {
    finishedBefore: (candle) =>
      open !== null && barStart(candle.at, barMinutes) !== open.at ? take() : null,
    add(candle) {
      open =
        open === null ? { ...candle, at: barStart(candle.at, barMinutes) } : join(open, candle);
      return candle.at + candleMinutes * minuteMs >= endOf(open) ? take() : null;
    },
    closeThrough: (at) => (open !== null && endOf(open) <= at ? take() : null),
  };
}
