// First and last half-hour: the move from yesterday's close through the first half-hour goes on in the last one. The
// paper is about the market as a whole; here it is asked of single stocks, and entered before the last half-hour, in
// which Ratchet enters nothing. Both are other claims than the paper's.
import { defineStrategy, integer, mirrored, number, type Bar } from 'ratchet/strategy';

export default defineStrategy({
  sentence: 'Late in the session, joins the direction of the first half-hour.',
  source: 'Gao, Han, Li and Zhou, Market Intraday Momentum, SSRN 2440866',
  parameters: {
    at: integer({
      meaning: 'Minute of the session from which it votes, on one bar.',
      default: 300,
      least: 60,
      most: 320,
      step: 5,
    }),
    move: number({
      meaning: 'Least move of the first half-hour, in true ranges of a bar.',
      default: 3,
      least: 0,
      most: 30,
      step: 0.5,
    }),
  },
  vote: mirrored(({ bar, session, days, minutesSinceOpen, words }, { at, move }) => {
    const yesterday = days.at(-1);
    if (yesterday === undefined || bar.atr14 === null) return null;
    // The first bar at or after that minute.
    if (minutesSinceOpen < at || minutesSinceOpen - bar.barMinutes >= at) return null;
    const endMinute = (one: Bar): number => minutesSinceOpen - (bar.barAt - one.barAt) / 60_000;
    const halfHour = session.filter((one) => endMinute(one) <= 30).at(-1);
    if (halfHour === undefined) return null;
    const moved = (halfHour.close - yesterday.close) / bar.atr14;
    if (moved <= move) return null;
    return {
      confidence: 0.6,
      reason: `the first half-hour went ${words.up} by ${moved.toFixed(1)} true ranges`,
      stopDistance: 2 * bar.atr14,
      targetDistance: 4 * bar.atr14,
    };
  }),
});
