// Candles that come to candles that are there. What is equal is counted, what differs is a question for the user.
import type { Candle } from '../market/candle';

export interface Merged {
  /** Oldest first, each minute once. */
  readonly candles: readonly Candle[];
  readonly added: number;
  /** Those that were there already and are the same. */
  readonly equal: number;
  /** Those that were there and say something else, the old one first. */
  readonly differing: readonly (readonly [stored: Candle, incoming: Candle])[];
}

const isSame = (one: Candle, other: Candle): boolean =>
  one.open === other.open &&
  one.high === other.high &&
  one.low === other.low &&
  one.close === other.close &&
  one.volume === other.volume;

/** Both oldest first. Where two differ the incoming one is taken. */
export function mergeCandles(stored: readonly Candle[], incoming: readonly Candle[]): Merged {
  const candles: Candle[] = [];
  const differing: (readonly [Candle, Candle])[] = [];
  let [added, equal, from] = [0, 0, 0];
  for (const candle of incoming) {
    for (let next = stored[from]; next !== undefined && next.at < candle.at; next = stored[from]) {
      candles.push(next);
      from += 1;
    }
    const there = stored[from];
    candles.push(candle);
    if (there?.at !== candle.at) {
      added += 1;
      continue;
    }
    from += 1;
    if (isSame(there, candle)) equal += 1;
    else differing.push([there, candle]);
  }
  for (const candle of stored.slice(from)) candles.push(candle);
  return { candles, added, equal, differing };
}
