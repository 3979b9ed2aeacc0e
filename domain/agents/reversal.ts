// Buys against a move that is spent. Two ways: stretched far below VWAP with RSI diverging or turning up
// from oversold; or exhausted, RSI at its extreme while MACD and price have already turned through VWAP.
// The second is how RSI 75 with a bearish MACD below VWAP becomes a SELL.
import { newest, type IndicatorSnapshot, type PastBars } from '../indicators';
import { follows } from './news';
import type { Agent, BuyRule, Finding, SideInput } from './rule';
import { toShare } from './strength';

const lookBack = 6;
const stretchRanges = 1.5;

function stretched({ bar, past, words }: SideInput): Finding | null {
  const { vwap, atr14, rsi14 } = bar;
  if (vwap === null || atr14 === null || rsi14 === null || atr14 <= 0) return null;
  const distance = (vwap - bar.close) / atr14;
  const turning = bar.close > bar.open && rsi14 > (past.back(1)?.rsi14 ?? 100);
  if (distance < stretchRanges || !turning) return null;
  const window = [...newest(past, lookBack - 1), bar];
  const diverged = window.some(({ divergence }) => divergence.bullish === 'regular');
  const wasOversold = window.some(({ rsi14Zone }) => rsi14Zone === 'oversold');
  if (!(diverged || wasOversold)) return null;
  const evidence = diverged
    ? `RSI diverging ${words.bullish}`
    : `RSI turning from ${words.oversold}`;
  return {
    confidence: 0.4 + 0.2 * toShare((distance - stretchRanges) / 2) + (diverged ? 0.25 : 0),
    reason: () => `${distance.toFixed(1)} true ranges ${words.below} VWAP with ${evidence}`,
    ...reversalLevels(past, bar, distance * atr14),
  };
}

/** The stop lies beyond the window's extreme, between one and two and a half true ranges away. */
function reversalLevels(
  past: PastBars,
  bar: IndicatorSnapshot,
  toVwap: number,
): Pick<Finding, 'stopDistance' | 'targetDistance'> {
  const range = bar.atr14 ?? 0;
  const extreme = Math.min(bar.low, past.lowest(lookBack - 1));
  const beyond = bar.close - extreme + 0.25 * range;
  const stopDistance = Math.min(2.5 * range, Math.max(range, beyond));
  return { stopDistance, targetDistance: Math.max(toVwap, 1.5 * stopDistance) };
}

function exhausted({ bar, past, words, shown }: SideInput): Finding | null {
  const { rsi14, macdHistogram, vwap, atr14 } = bar;
  if (rsi14 === null || macdHistogram === null || vwap === null || atr14 === null) return null;
  if (bar.rsi14Zone !== 'oversold' || macdHistogram <= 0 || bar.close <= vwap || atr14 <= 0) {
    return null;
  }
  return {
    confidence: 0.55 + 0.3 * toShare((30 - rsi14) / 15),
    reason: () =>
      `RSI ${words.oversold} at ${shown.rsi(rsi14)} while MACD is ${words.bullish} and price is ${words.above} VWAP`,
    ...reversalLevels(past, bar, 0),
  };
}

const reversalRule: BuyRule = (input) => exhausted(input) ?? stretched(input);

export const reversal: Agent<'reversal'> = {
  name: 'reversal',
  sentence:
    'Goes against a spent move: RSI divergence and VWAP stretch, or exhaustion through VWAP.',
  rule: reversalRule,
  news: { ...follows, disagreeCut: 0.6 },
  weights: { trending: 0.6, ranging: 1.4, volatile: 1 },
};
