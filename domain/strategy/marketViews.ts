// Makes the views of one bar from the watched stocks' bars. Live, backtest and replay show strategies the same.
import { warmUpSessions } from '../indicators/engine';
import type { IndicatorSnapshot } from '../indicators/snapshot';
import type { SentimentView } from '../sentiment/view';
import { indexSymbol } from '../market/indexSymbol';
import { minutesSinceOpen } from '../session/sessionClock';
import { epochMs } from '../units';
import type { DayLevels, MarketView, SeriesView } from './view';

/** One stock's bars, the last of which has just closed, and its news. */
export interface SeenStock {
  readonly tradingsymbol: string;
  readonly bars: readonly IndicatorSnapshot[];
  readonly news: SentimentView;
}

/**
 * The views of one bar. A stock without a closed bar is not judged, so nobody is asked about it.
 * @param index bars of NIFTY 50 up to the same instant.
 */
export function marketViews(
  stocks: readonly SeenStock[],
  index: readonly IndicatorSnapshot[] | null,
): readonly MarketView[] {
  const indexView = index === null || index.length === 0 ? null : seriesView(indexSymbol, index);
  const seen = stocks.flatMap(({ tradingsymbol, bars, news }) => {
    const bar = bars.at(-1);
    return bar === undefined ? [] : [{ ...seriesView(tradingsymbol, bars), bar, news }];
  });
  const universe = seen
    .map(({ tradingsymbol, bars, session, days }) => ({ tradingsymbol, bars, session, days }))
    .sort((one, other) => (one.tradingsymbol < other.tradingsymbol ? -1 : 1));
  return seen.map((one) => {
    const end = epochMs(one.bar.barAt + one.bar.barMinutes * 60_000);
    return { ...one, index: indexView, universe, minutesSinceOpen: minutesSinceOpen(end) };
  });
}

function seriesView(tradingsymbol: string, known: readonly IndicatorSnapshot[]): SeriesView {
  const bars = shownBars(known);
  const today = bars.at(-1)?.session;
  const start = bars.findIndex(({ session }) => session === today);
  return {
    tradingsymbol,
    bars,
    session: bars.slice(start),
    days: dayLevels(bars.slice(0, start)),
  };
}

/**
 * Those of today and of the sessions that warm the indicators up. Live more is stored, the oldest session only in
 * part, and in a backtest it is not: a strategy sees the same in both.
 */
function shownBars(known: readonly IndicatorSnapshot[]): readonly IndicatorSnapshot[] {
  let sessions = 0;
  for (let at = known.length - 1; at >= 0; at -= 1) {
    if (known[at]?.session === known[at + 1]?.session) continue;
    sessions += 1;
    if (sessions > warmUpSessions + 1) return known.slice(at + 1);
  }
  return known;
}

function dayLevels(bars: readonly IndicatorSnapshot[]): readonly DayLevels[] {
  const days = new Map<string, DayLevels>();
  for (const { session: date, open, high, low, close, volume } of bars) {
    const day = days.get(date);
    days.set(
      date,
      day === undefined
        ? { date, open, high, low, close, volume }
        : {
            ...day,
            high: Math.max(day.high, high),
            low: Math.min(day.low, low),
            close,
            volume: day.volume + volume,
          },
    );
  }
  return [...days.values()];
}
