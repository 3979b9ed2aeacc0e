// A day of the market, recorded once: its ticks drawn once and its candles folded by the live gateway's
// builder. So it can be judged before it is traded, and traded as often as wanted. The market's path does not
// depend on our orders, so every run trades the same day.
import {
  addTick,
  closeUntil,
  emptyBuilder,
  minuteOf,
  type CandleBuilder,
} from '../domain/market/candleBuilder';
import type { Candle } from '../domain/market/candle';
import type { ScreenedStock } from '../domain/market/screen';
import { sessionSummaries, type SessionSummary } from '../domain/market/stockHistory';
import type { SessionDate } from '../domain/session/calendar';
import { epochMs, type EpochMs } from '../domain/units';
import type { Listing } from '../exchange/market/listing';
import type { MarketSource, Tick, TickFeed } from '../exchange/market/source';

/** What is known of a day's market without trading in it. */
export interface MarketDay {
  readonly date: SessionDate;
  readonly stocks: readonly Listing[];
  /** Today's minute candles, by tradingsymbol; indices too. */
  readonly candles: ReadonlyMap<string, readonly Candle[]>;
  /** Minute candles of earlier sessions, oldest first. @param from left out, all that are kept. */
  history(tradingsymbol: string, from?: EpochMs): readonly Candle[];
  /** The same sessions, summed up. */
  sessions(tradingsymbol: string, from: EpochMs): readonly SessionSummary[];
}

export interface RecordedDay extends MarketDay {
  /** The day from its first tick, for one exchange. */
  market(): MarketSource;
}

/** Takes every tick of a source. */
export function recordDay(date: SessionDate, source: MarketSource): RecordedDay {
  const ticks: Tick[] = [];
  while (source.feed.nextAt() !== undefined) ticks.push(source.feed.take());
  const { listings } = source;
  const history = (tradingsymbol: string, from = epochMs(0)): readonly Candle[] =>
    listings
      .filter((listing) => listing.tradingsymbol === tradingsymbol)
      .flatMap(({ instrumentToken }) => source.history(instrumentToken))
      .filter(({ at }) => at >= from);
  return {
    date,
    stocks: listings.filter(({ isIndex }) => !isIndex),
    candles: candlesFrom(ticks, listings),
    history,
    sessions: (tradingsymbol, from) => sessionSummaries(history(tradingsymbol, from)),
    market: () => ({ ...source, feed: new TickCursor(ticks) }),
  };
}

/** A listed stock as the screener knows it. */
export const screenable = (listing: Listing): ScreenedStock => {
  const { tradingsymbol, name, instrumentToken, tickSize, hasDerivatives, sector, band } = listing;
  return { tradingsymbol, name, instrumentToken, tickSize, hasDerivatives, sector, band };
};

/** The feed is listened to from before the open, so the first tick's volume belongs to the first candle. */
const fromTheOpen: CandleBuilder = { ...emptyBuilder, dayVolume: 0 };

function candlesFrom(
  ticks: readonly Tick[],
  listings: readonly Listing[],
): ReadonlyMap<string, readonly Candle[]> {
  const series = new Map(
    listings.map((listing) => [
      listing.instrumentToken,
      { listing, builder: fromTheOpen, dayVolume: 0, candles: [] as Candle[] },
    ]),
  );
  for (const { token, price, quantity, at } of ticks) {
    const one = series.get(token);
    if (one === undefined) continue;
    one.dayVolume += quantity;
    const { builder, closed } = closeUntil(one.builder, minuteOf(at));
    one.builder = addTick(builder, { price, dayVolume: one.dayVolume, at }).builder;
    one.candles.push(...closed);
  }
  const end = epochMs(minuteOf(ticks.at(-1)?.at ?? epochMs(0)) + 60_000);
  return new Map(
    [...series.values()].map(({ listing, builder, candles }) => {
      const { closed } = closeUntil(builder, end);
      return [listing.tradingsymbol, [...candles, ...closed]];
    }),
  );
}

class TickCursor implements TickFeed {
  readonly #ticks: readonly Tick[];
  #next = 0;

  constructor(ticks: readonly Tick[]) {
    this.#ticks = ticks;
  }

  nextAt(): EpochMs | undefined {
    return this.#ticks[this.#next]?.at;
  }

  take(): Tick {
    const tick = this.#ticks[this.#next];
    if (tick === undefined) throw new Error('Invariant: a tick is taken only when due');
    this.#next += 1;
    return tick;
  }
}
