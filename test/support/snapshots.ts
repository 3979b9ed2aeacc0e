// The indicators of a whole series at once, as one engine makes them candle by candle.
import type { Candle } from '../../domain/market/candle';
import {
  createIndicatorEngine,
  type IndicatorOptions,
  type IndicatorSnapshot,
} from '../../domain/indicators';

/** The snapshots of every closed bar; the last bar counts only when its last minute is there. */
export function snapshots(
  candles: readonly Candle[],
  options: IndicatorOptions,
): IndicatorSnapshot[] {
  const engine = createIndicatorEngine(options);
  return candles.flatMap((candle) => engine.update(candle));
}
