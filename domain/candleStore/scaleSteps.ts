// Nights over which a series changes its scale, and which split or bonus would explain it.
import type { Candle } from '../market/candle';
import { scaleChange, type ScaleChange } from '../market/scaleChange';

export interface ScaleStep extends ScaleChange {
  /** Shares after for one before, as a file of factors would name it; null where no usual one is near. */
  readonly factor: number | null;
}

/** Usual splits and bonuses: one for four, one for three, one for two, … ten for one. */
const usual = [1.25, 4 / 3, 1.5, 5 / 3, 2, 2.5, 3, 4, 5, 6, 8, 10, 20, 50, 100];
/** A night moves a price, too. */
const nearPct = 8;

/** @param candles oldest first. */
export function scaleSteps(candles: readonly Candle[]): readonly ScaleStep[] {
  return candles.flatMap((candle, index) => {
    const before = candles[index - 1];
    const change = before === undefined ? null : scaleChange(before, candle);
    if (before === undefined || change === null) return [];
    return [{ ...change, factor: factorNear(before.close / candle.open) }];
  });
}

/** The usual factor nearest to the ratio, as it is written in a file; null where none is near. */
function factorNear(ratio: number): number | null {
  const all = [...usual, ...usual.map((factor) => 1 / factor)];
  const away = (factor: number): number => Math.abs(Math.log(ratio / factor));
  const nearest = all.reduce((best, one) => (away(one) < away(best) ? one : best), 1);
  if (nearest === 1 || away(nearest) > Math.log(1 + nearPct / 100)) return null;
  return Math.round(nearest * 10_000) / 10_000;
}
