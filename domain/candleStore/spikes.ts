// Bars far outside their neighbours that come straight back: an error of the feed more often than a trade.
import type { Candle } from '../market/candle';
import { istDayNumber } from '../session/sessionClock';
import type { EpochMs, Paise } from '../units';

/** How far beyond both neighbours a bar must reach, and how close those must have stayed to each other, percent. */
const beyondPct = 3;
const backPct = 1;

/** The rule in words. */
export const spikeRule = `a bar that reaches more than ${beyondPct} % beyond both neighbours, whose closes lie within ${backPct} % of each other`;

export interface Spike {
  readonly at: EpochMs;
  /** The price that is far outside. */
  readonly price: Paise;
  /** The nearest price of the neighbours. */
  readonly beside: Paise;
}

/** @param candles of one series, oldest first. Only neighbours of the same date count. */
export function spikesOf(candles: readonly Candle[]): readonly Spike[] {
  return candles.flatMap((candle, index) => {
    const [before, after] = [candles[index - 1], candles[index + 1]];
    if (before === undefined || after === undefined) return [];
    const day = istDayNumber(candle.at);
    if (istDayNumber(before.at) !== day || istDayNumber(after.at) !== day) return [];
    if (Math.abs(after.close - before.close) > (before.close * backPct) / 100) return [];
    const [top, bottom] = [
      before.high > after.high ? before.high : after.high,
      before.low < after.low ? before.low : after.low,
    ];
    const { at, high, low } = candle;
    if (high > top * (1 + beyondPct / 100)) return [{ at, price: high, beside: top }];
    if (low < bottom * (1 - beyondPct / 100)) return [{ at, price: low, beside: bottom }];
    return [];
  });
}
