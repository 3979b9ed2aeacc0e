// What kind of market the bar is in. The regime decides how much each agent's vote counts. It is measured in
// true ranges only, so a mirrored market has the mirrored regime.
import { rangeRegime } from '../agents';
import type { IndicatorSnapshot, PastBars } from '../indicators';

/** Trending by direction, volatile when ranges widen without one, else ranging. */
export type Regime = 'trending-up' | 'trending-down' | 'ranging' | 'volatile' | 'warming-up';

const trendSpread = 0.5;
const volatileRange = 1.25;

export function regimeOf(snapshot: IndicatorSnapshot, past: PastBars): Regime {
  const { ema9, ema21, atr14, superTrendDirection } = snapshot;
  if (ema9 === null || ema21 === null || atr14 === null || atr14 <= 0) return 'warming-up';
  const spread = (ema9 - ema21) / atr14;
  if (spread > trendSpread && superTrendDirection === 1) return 'trending-up';
  if (spread < -trendSpread && superTrendDirection === -1) return 'trending-down';
  return (rangeRegime(snapshot, past) ?? 1) > volatileRange ? 'volatile' : 'ranging';
}
