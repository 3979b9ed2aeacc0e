// Joins a move whose force is growing: the MACD histogram widens for two bars on one side while the true
// range is above its own recent average. In a shrinking range the histogram is noise and says nothing.
import type { IndicatorSnapshot } from '../indicators';
import { follows } from './news';
import type { Agent, BuyRule } from './rule';
import { toShare } from './strength';

const regimeBars = 20;
const risingRange = 1.03;

/** ATR now against its mean over the recent bars; null until ten of them have one. */
export function rangeRegime(
  bar: IndicatorSnapshot,
  recent: readonly IndicatorSnapshot[],
): number | null {
  const ranges = recent.slice(-regimeBars).flatMap((past) => past.atr14 ?? []);
  if (bar.atr14 === null || ranges.length < 10) return null;
  const mean = ranges.reduce((sum, range) => sum + range, 0) / ranges.length;
  return mean > 0 ? bar.atr14 / mean : null;
}

const volatilityRule: BuyRule = ({ bar, recent, words }) => {
  const regime = rangeRegime(bar, recent);
  const widths = [...recent.slice(-2), bar].flatMap((past) => past.macdHistogram ?? []);
  const [before, last, now] = widths;
  const { atr14 } = bar;
  if (regime === null || atr14 === null) return null;
  if (before === undefined || last === undefined || now === undefined) return null;
  if (regime < risingRange || now <= 0 || now <= last || last <= before) return null;
  const force = toShare((now - before) / (0.3 * atr14));
  return {
    confidence: 0.35 + 0.35 * force + 0.3 * toShare((regime - risingRange) / 0.3),
    reason: `MACD histogram widening ${words.up}wards while the true range is ${regime.toFixed(2)} times its average`,
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
