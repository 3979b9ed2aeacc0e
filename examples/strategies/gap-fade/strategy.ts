// Fading the gap: a session that opens far from yesterday's close and turns back at once is expected to close the gap.
import { defineStrategy, integer, mirrored, number } from 'ratchet/strategy';

export default defineStrategy({
  sentence:
    'Bets on the closing of a gap once the session has turned back towards yesterday’s close.',
  source: 'a rule of practitioners, without a paper behind it',
  parameters: {
    gap: number({
      meaning: 'Least gap, in true ranges of a bar.',
      default: 4,
      least: 0.5,
      most: 40,
      step: 0.5,
    }),
    until: integer({
      meaning: 'Minutes of the session in which it is faded.',
      default: 45,
      least: 5,
      most: 180,
      step: 5,
    }),
  },
  vote: mirrored(({ bar, session, days, minutesSinceOpen, words, shown }, { gap, until }) => {
    const [first] = session;
    const yesterday = days.at(-1);
    if (first === undefined || yesterday === undefined || bar.atr14 === null) return null;
    if (minutesSinceOpen > until) return null;
    // For buying: it opened below yesterday's close.
    const gapped = (yesterday.close - first.open) / bar.atr14;
    if (gapped < gap) return null;
    const turned = bar.close > first.open && bar.close > bar.open;
    const before = session.slice(0, -1).some((one) => one.close > first.open);
    if (!turned || before || bar.close >= yesterday.close) return null;
    const low = Math.min(...session.map((one) => one.low));
    return {
      confidence: 0.6,
      reason: `opened ${gapped.toFixed(1)} true ranges ${words.below} yesterday's close ${shown.price(yesterday.close)} and turned ${words.up}`,
      stopDistance: bar.close - low + 0.25 * bar.atr14,
      targetDistance: yesterday.close - bar.close,
    };
  }),
});
