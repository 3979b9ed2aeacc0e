// Joins a move whose force is growing: the MACD histogram widens for two bars on one side while the true
// range is above its own recent average. In a shrinking range the histogram is noise and says nothing.
import type { IndicatorSnapshot, PastBars } from '../indicators';
import { follows } from './news';
import type { Agent, BuyRule } from './rule';
import { toShare } from './strength';

const regimeBars = 20;
const risingRange = 1.03;

/** ATR now against its mean over the recent bars; null until ten of them have one. */
export function rangeRegime(bar: IndicatorSnapshot, past: PastBars): number | null {
  const range = bar.atr14;
  if (range === null) return null;
  let [sum, count] = [0, 0];
  for (let bars = Math.min(past.count, regimeBars); bars >= 1; bars -= 1) {
    const earlier = past.range(bars);
    if (earlier === null) continue;
    sum += earlier;
    count += 1;
  }
  return count >= 10 && sum > 0 ? range / (sum / count) : null;
}

const volatilityRule: BuyRule = ({ bar, past, words }) => {
  const { atr14, macdHistogram: now } = bar;
  const last = past.back(1)?.macdHistogram ?? null;
  const before = past.back(2)?.macdHistogram ?? null;
  if (atr14 === null || now === null || last === null || before === null) return null;
  if (now <= 0 || now <= last || last <= before) return null;
  const regime = rangeRegime(bar, past);
  if (regime === null || regime < risingRange) return null;
  const force = toShare((now - before) / (0.3 * atr14));
  return {
    confidence: 0.35 + 0.35 * force + 0.3 * toShare((regime - risingRange) / 0.3),
    reason: () =>
      `MACD histogram widening ${words.up}wards while the true range is ${regime.toFixed(2)} times its average`,
    stopDistance: 2 * atr14,
    targetDistance: 3 * atr14,
  };
};

export const volatility: Agent<'volatility'> = {
  name: 'volatility',
  sentence: 'Joins a move whose MACD histogram widens while the true range grows.',
  rule: volatilityRule,
  news: { ...follows, ownVoteScore: 0.7, ownVoteConfidence: 0.35 },
  weights: { trending: 1, ranging: 0.7, volatile: 1.3 },
};
