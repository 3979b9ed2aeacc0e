// Candles made from ticks against the broker's own. Ticks are snapshots, a few a second at most: a high or low
// between two of them is not seen, and trades near a minute's end may be counted in the next.
import type { EpochMs } from '../units';
import type { Candle } from './candle';

/** How far two candles of a minute may be apart. */
export const comparisonTolerances = {
  /** Open and close, share of the price. */
  price: 0.001,
  /** High and low, share of the price. */
  extreme: 0.003,
  /** Share of the larger volume. */
  volume: 0.1,
  /** Shares that never count as a difference. */
  volumeMin: 500,
} as const;

export type ComparedField = 'open' | 'high' | 'low' | 'close' | 'volume' | 'candle';

/** A minute in which the two disagree; null where one has no candle. */
export interface CandleDifference {
  readonly at: EpochMs;
  readonly fields: readonly ComparedField[];
  readonly ours: Candle | null;
  readonly broker: Candle | null;
}

export interface CandleComparison {
  readonly minutes: number;
  readonly differences: readonly CandleDifference[];
}

const apart = (one: number, other: number, share: number): boolean =>
  Math.abs(one - other) > share * Math.max(one, other);

function fieldsApart(ours: Candle, broker: Candle): readonly ComparedField[] {
  const { price, extreme, volume, volumeMin } = comparisonTolerances;
  const differs = (field: 'open' | 'high' | 'low' | 'close', share: number): ComparedField[] =>
    apart(ours[field], broker[field], share) ? [field] : [];
  const volumeDiffers =
    Math.abs(ours.volume - broker.volume) > volumeMin && apart(ours.volume, broker.volume, volume);
  return [
    ...differs('open', price),
    ...differs('high', extreme),
    ...differs('low', extreme),
    ...differs('close', price),
    ...(volumeDiffers ? (['volume'] as const) : []),
  ];
}

/** A candle that traded too little is not missed. */
const isSlight = ({ volume }: Candle): boolean => volume <= comparisonTolerances.volumeMin;

/**
 * Compares minute by minute.
 * @param ours candles made from ticks, and @param broker the broker's, of the minutes that are compared alone.
 */
export function compareCandles(
  ours: readonly Candle[],
  broker: readonly Candle[],
): CandleComparison {
  const [oursAt, brokerAt] = [ours, broker].map(
    (candles) => new Map(candles.map((candle) => [candle.at, candle])),
  );
  const minutes = [...new Set([...ours, ...broker].map(({ at }) => at))].sort((a, b) => a - b);
  const differences = minutes.flatMap((at): CandleDifference[] => {
    const [one, other] = [oursAt?.get(at) ?? null, brokerAt?.get(at) ?? null];
    if (one !== null && other !== null) {
      const fields = fieldsApart(one, other);
      return fields.length === 0 ? [] : [{ at, fields, ours: one, broker: other }];
    }
    const alone = one ?? other;
    return alone === null || isSlight(alone)
      ? []
      : [{ at, fields: ['candle'], ours: one, broker: other }];
  });
  return { minutes: minutes.length, differences };
}
