// Goes with an established trend: EMA 9 beyond EMA 21 and price on the same side of SuperTrend, MACD not
// against it. Strongest just after the cross or the flip; a stretched trend is chased less.
import type { IndicatorSnapshot } from '../indicators';
import { follows } from './news';
import type { Agent, BuyRule, SideInput } from './rule';
import { toShare } from './strength';

const freshBars = 3;

function isFresh({ bar, past }: SideInput): boolean {
  const turned = (one: IndicatorSnapshot | undefined): boolean =>
    one?.emaCross === 'bullish' || one?.superTrendFlip === 'bullish';
  for (let bars = 1; bars < freshBars; bars += 1) if (turned(past.back(bars))) return true;
  return turned(bar);
}

const trendRule: BuyRule = (input) => {
  const { bar, words } = input;
  const { ema9, ema21, atr14, superTrend, superTrendDirection, macdHistogram } = bar;
  if (ema9 === null || ema21 === null || atr14 === null || atr14 <= 0) return null;
  if (superTrend === null || superTrendDirection !== 1 || ema9 <= ema21) return null;
  if (macdHistogram === null || macdHistogram < -0.05 * atr14) return null;
  const spread = toShare((ema9 - ema21) / atr14);
  const fresh = isFresh(input);
  const stretched = bar.close - ema21 > 3 * atr14;
  const stopDistance = Math.min(2.5 * atr14, Math.max(atr14, bar.close - superTrend));
  return {
    confidence: (0.35 + 0.3 * spread + (fresh ? 0.25 : 0)) * (stretched ? 0.6 : 1),
    reason: () =>
      `EMA 9 ${words.above} EMA 21 and SuperTrend ${words.up}${fresh ? ', freshly turned' : ''}${stretched ? ', though stretched' : ''}, MACD ${words.bullish}`,
    stopDistance,
    targetDistance: 2 * stopDistance,
  };
};

export const trend: Agent<'trend'> = {
  name: 'trend',
  sentence: 'Goes with a trend that EMA 9/21, SuperTrend and MACD agree on.',
  rule: trendRule,
  news: follows,
  weights: { trending: 1.5, ranging: 0.7, volatile: 0.9 },
};
