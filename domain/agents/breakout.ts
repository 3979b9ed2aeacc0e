// Buys a close beyond the last two hours' range when VWAP and volume confirm that the move is real.
// The range needs an hour of bars, or half the window on longer bars, before it means anything.
import { follows } from './news';
import type { Agent, BuyRule } from './rule';
import { toShare } from './strength';

const rangeBars = 24;
const fewestBars = 12;
const busyVolume = 1.2;

const breakoutRule: BuyRule = ({ bar, past, words }) => {
  const { atr14, vwap, volumeSma20 } = bar;
  if (atr14 === null || vwap === null || volumeSma20 === null || past.count < fewestBars) {
    return null;
  }
  const volumeRatio = volumeSma20 > 0 ? bar.volume / volumeSma20 : 0;
  if (atr14 <= 0 || bar.close <= vwap || volumeRatio < busyVolume) return null;
  const top = past.highest(rangeBars);
  if (bar.close <= top) return null;
  const beyond = toShare((bar.close - top) / atr14);
  const busy = toShare((volumeRatio - busyVolume) / 2);
  const stopDistance = Math.min(2 * atr14, Math.max(atr14, bar.close - top + 0.75 * atr14));
  return {
    confidence: 0.5 + 0.2 * beyond + 0.3 * busy,
    reason: () =>
      `closed ${words.above} the ${Math.min(past.count, rangeBars)}-bar ${words.high} and ${words.above} VWAP on ${volumeRatio.toFixed(1)} times the usual volume`,
    stopDistance,
    targetDistance: 2 * stopDistance,
  };
};

export const breakout: Agent<'breakout'> = {
  name: 'breakout',
  sentence: 'Buys a break of the last two hours’ range that VWAP and volume confirm.',
  rule: breakoutRule,
  news: { ...follows, ownVoteScore: 0.7, ownVoteConfidence: 0.45 },
  weights: { trending: 1.2, ranging: 0.8, volatile: 1.2 },
};
