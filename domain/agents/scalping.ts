// Takes the resumption of a short move: price dipped to EMA 9 on the bar before and closed back beyond
// it, EMA 9 still pointing the same way, RSI leaning but not exhausted. Small stop, small target.
import { follows } from './news';
import type { Agent, BuyRule, SideInput } from './rule';
import { toShare } from './strength';

interface LastTwo {
  readonly ema9: number;
  readonly atr14: number;
  readonly rsi14: number;
  readonly before: {
    readonly low: number;
    readonly high: number;
    readonly ema9: number;
    readonly rsi14: number;
  };
}

/** Numbers of this bar and the one before it in the same session, once all of them are valid. */
function lastTwo({ bar, past }: SideInput): LastTwo | null {
  const previous = past.back(1);
  if (previous?.session !== bar.session) return null;
  const { ema9, atr14, rsi14 } = bar;
  if (ema9 === null || atr14 === null || rsi14 === null || atr14 <= 0) return null;
  if (previous.ema9 === null || previous.rsi14 === null) return null;
  return {
    ema9,
    atr14,
    rsi14,
    before: { low: previous.low, high: previous.high, ema9: previous.ema9, rsi14: previous.rsi14 },
  };
}

const scalpingRule: BuyRule = (input) => {
  const two = lastTwo(input);
  if (two === null) return null;
  const { ema9, atr14, rsi14, before } = two;
  const { bar, words, shown } = input;
  const resumed = before.low <= before.ema9 && bar.close > ema9 && bar.close > before.high;
  if (!resumed || ema9 <= before.ema9 || rsi14 <= before.rsi14) return null;
  if (rsi14 <= 50 || rsi14 >= 70) return null;
  const slope = toShare((ema9 - before.ema9) / (0.25 * atr14));
  return {
    confidence: 0.4 + 0.3 * slope + 0.2 * toShare((rsi14 - 50) / 15),
    reason: () =>
      `back ${words.above} EMA 9 after a touch, EMA 9 pointing ${words.up}, RSI ${shown.rsi(rsi14)}`,
    stopDistance: atr14,
    targetDistance: 1.5 * atr14,
  };
};

export const scalping: Agent<'scalping'> = {
  name: 'scalping',
  sentence: 'Takes the resumption of a move after a touch of EMA 9, with room left in RSI.',
  rule: scalpingRule,
  news: { ...follows, agreeBoost: 0.1, disagreeCut: 0.1, neutralFactor: 1 },
  weights: { trending: 0.8, ranging: 0.8, volatile: 0.5 },
};
