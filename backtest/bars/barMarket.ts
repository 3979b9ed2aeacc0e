// Recorded minutes of all stocks as columns, and each day of them as the backtest knows days. Nothing of a day is made
// before it is asked for.
import type { Membership } from '../../domain/candleStore/membership';
import type { Candle } from '../../domain/market/candle';
import { candleOf, rowFrom, type MinuteColumns } from '../../domain/market/minuteColumns';
import { dayOf, type SessionDate, type TradingCalendar } from '../../domain/session/calendar';
import type { SessionSummary } from '../../domain/market/stockHistory';
import { epochMs, type EpochMs } from '../../domain/units';
import type { CandleSeries } from '../../exchange/market/candleFiles';
import { withDistinctTokens, type Listing } from '../../exchange/market/listing';
import { listSeries } from '../../exchange/market/replay';
import type { MarketDay } from '../recordedDay';
import { SeriesMinutes, type DaySeries, type Rows } from './seriesMinutes';

export class BarMarket {
  readonly #series: readonly SeriesMinutes[];
  readonly #calendar: TradingCalendar;
  readonly #membership: Membership | undefined;

  /** @param membership by which stocks are listed in their industry of then. */
  constructor(series: Iterable<CandleSeries>, calendar: TradingCalendar, membership?: Membership) {
    this.#series = [...series].map((one) => new SeriesMinutes(one));
    this.#calendar = calendar;
    this.#membership = membership;
  }

  day(date: SessionDate): BarDay {
    const day = dayOf(date, this.#calendar);
    const traded = this.#series.flatMap((series) => series.on(date) ?? []);
    const listings = withDistinctTokens(
      traded.map(({ recorded }) => listSeries(recorded, day, this.#membership)),
    );
    return new BarDay(
      date,
      traded.flatMap(({ series }, index) => {
        const listing = listings[index];
        return listing === undefined ? [] : [{ ...series, listing }];
      }),
    );
  }
}

const candlesIn = (minutes: MinuteColumns, { from, until }: Rows): readonly Candle[] =>
  Array.from({ length: until - from }, (_, index) => candleOf(minutes, from + index));

/** One recorded day, read from columns. */
export class BarDay implements MarketDay {
  readonly date: SessionDate;
  readonly series: ReadonlyMap<string, DaySeries>;
  readonly stocks: readonly Listing[];
  #candles: ReadonlyMap<string, readonly Candle[]> | undefined;

  constructor(date: SessionDate, series: readonly DaySeries[]) {
    this.date = date;
    this.series = new Map(series.map((one) => [one.listing.tradingsymbol, one]));
    this.stocks = series.map(({ listing }) => listing).filter(({ isIndex }) => !isIndex);
  }

  get candles(): ReadonlyMap<string, readonly Candle[]> {
    this.#candles ??= new Map(
      [...this.series].map(([name, { minutes, today }]) => [name, candlesIn(minutes, today)]),
    );
    return this.#candles;
  }

  history(tradingsymbol: string, from: EpochMs = epochMs(0)): readonly Candle[] {
    const one = this.series.get(tradingsymbol);
    if (one === undefined) return [];
    const { minutes, earlier } = one;
    return candlesIn(minutes, { ...earlier, from: Math.max(earlier.from, rowFrom(minutes, from)) });
  }

  sessions(tradingsymbol: string, from: EpochMs): readonly SessionSummary[] {
    return this.series.get(tradingsymbol)?.sessionsFrom(from) ?? [];
  }
}
