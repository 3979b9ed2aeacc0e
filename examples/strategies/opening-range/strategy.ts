// Opening-range breakout on stocks in play: the first close beyond the range of the session's first minutes, in a
// stock that trades more than it usually does at that hour.
import { defineStrategy, integer, mirrored, number, type Bar } from 'ratchet/strategy';

export default defineStrategy({
  sentence:
    'Joins the first close beyond the opening range of a stock that trades more than usual.',
  source:
    'Zarattini, Barbon and Aziz, A Profitable Day Trading Strategy For The U.S. Equity Market (2024), SSRN 4729284',
  parameters: {
    minutes: integer({
      meaning: 'Minutes of the opening range.',
      default: 15,
      least: 5,
      most: 60,
      step: 5,
    }),
    inPlay: number({
      meaning: 'Least volume of the range, in times its mean over the sessions before.',
      default: 1.5,
      least: 0,
      most: 20,
      step: 0.25,
    }),
    until: integer({
      meaning: 'Minutes of the session after which nothing is joined.',
      default: 180,
      least: 10,
      most: 330,
      step: 30,
    }),
  },
  vote: mirrored((view, { minutes, inPlay, until }) => {
    const { bar, session, minutesSinceOpen, words, shown } = view;
    if (minutesSinceOpen <= minutes || minutesSinceOpen > until || bar.atr14 === null) return null;
    const endMinute = (one: Bar): number => minutesSinceOpen - (bar.barAt - one.barAt) / 60_000;
    const range = session.filter((one) => endMinute(one) <= minutes);
    if (range.length === 0) return null;
    const high = Math.max(...range.map((one) => one.high));
    const low = Math.min(...range.map((one) => one.low));
    const between = session.slice(range.length, -1);
    if (bar.close <= high || between.some((one) => one.close > high)) return null;
    const usual = usualVolume(view.bars, bar.session, range.length);
    if (usual === null || volumeOf(range) < inPlay * usual) return null;
    return {
      confidence: 0.7,
      reason: `first close ${words.above} the opening range's ${words.high} ${shown.price(high)}, volume ${(volumeOf(range) / usual).toFixed(1)} times the usual`,
      stopDistance: Math.max(bar.atr14, bar.close - low),
      // A price that has run away is not chased.
      entryDistance: 0.5 * bar.atr14,
    };
  }),
});

const volumeOf = (bars: readonly Bar[]): number =>
  bars.reduce((sum, { volume }) => sum + volume, 0);

/** Mean volume of the first bars of the sessions before; null where there are none. */
function usualVolume(bars: readonly Bar[], today: string, count: number): number | null {
  const sessions = new Map<string, Bar[]>();
  for (const bar of bars) {
    if (bar.session === today) break;
    const known = sessions.get(bar.session) ?? [];
    if (known.length < count) known.push(bar);
    sessions.set(bar.session, known);
  }
  const mean = volumeOf([...sessions.values()].flat()) / sessions.size;
  return mean > 0 ? mean : null;
}
