// Back to the session's mean: a bar that reached beyond the outer band of VWAP and closed in the other direction.
import { defineStrategy, flag, integer, mirrored, number } from 'ratchet/strategy';

export default defineStrategy({
  sentence: 'Bets on the way back to VWAP after a bar turned beyond its band of two deviations.',
  source: 'a rule of practitioners, without a paper behind it',
  parameters: {
    from: integer({
      meaning: 'Minutes of the session before VWAP and its bands say something.',
      default: 60,
      least: 15,
      most: 300,
      step: 15,
    }),
    reward: number({
      meaning: 'Least way back to VWAP, in times the stop’s distance.',
      default: 1,
      least: 0.5,
      most: 5,
      step: 0.25,
    }),
    calm: flag({
      meaning: 'Whether a trend that EMA 9 and EMA 21 agree on with SuperTrend keeps it out.',
      default: true,
    }),
  },
  weights: { trending: 0.6, ranging: 1.4, volatile: 1 },
  vote: mirrored(({ bar, minutesSinceOpen, words, shown }, { from, reward, calm }) => {
    const { vwap, vwapLower2, atr14, ema9, ema21, superTrendDirection } = bar;
    if (minutesSinceOpen < from || vwap === null || vwapLower2 === null || atr14 === null)
      return null;
    if (bar.low >= vwapLower2 || bar.close <= bar.open || bar.close >= vwap) return null;
    const falling = ema9 !== null && ema21 !== null && ema9 < ema21 && superTrendDirection === -1;
    if (calm && falling) return null;
    const stopDistance = bar.close - bar.low + 0.25 * atr14;
    const targetDistance = vwap - bar.close;
    if (targetDistance < reward * stopDistance) return null;
    return {
      confidence: 0.6,
      reason: `turned ${words.up} from ${words.below} two deviations of VWAP ${shown.price(vwap)}`,
      stopDistance,
      targetDistance,
    };
  }),
});
