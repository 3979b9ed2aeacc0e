// Recorded minutes of all stocks as columns, and each day of them as the backtest knows days. Nothing of a day is made
// before it is asked for.
import type { Candle } from '../../domain/market/candle';
import {
  candleOf,
  minuteColumns,
  rowFrom,
  type MinuteColumns,
} from '../../domain/market/minuteColumns';
import {
  addDays,
  dayOf,
  type SessionDate,
  type TradingCalendar,
} from '../../domain/session/calendar';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import type { CandleSeries } from '../../exchange/market/candleFiles';
import { withDistinctTokens, type Listing } from '../../exchange/market/listing';
import { historyDays, listSeries } from '../../exchange/market/replay';
import type { MarketDay } from '../recordedDay';

/** Rows [from, until) of a stock's columns. */
export interface Rows {
  readonly from: number;
  readonly until: number;
}

/** A stock or index on one day. */
export interface DaySeries {
  readonly listing: Listing;
  readonly minutes: MinuteColumns;
  readonly today: Rows;
  /** Earlier minutes, as far back as a replay keeps them. */
  readonly earlier: Rows;
}

interface SeriesColumns {
  readonly name: string;
  readonly isIndex: boolean;
  readonly minutes: MinuteColumns;
}

export class BarMarket {
  readonly #series: readonly SeriesColumns[];
  readonly #calendar: TradingCalendar;

  constructor(series: Iterable<CandleSeries>, calendar: TradingCalendar) {
    this.#series = [...series].map(({ name, isIndex, candles }) => ({
      name,
      isIndex,
      minutes: minuteColumns(candles),
    }));
    this.#calendar = calendar;
  }

  day(date: SessionDate): BarDay {
    const start = istInstant(date, '00:00');
    const [from, until] = [
      istInstant(addDays(date, -historyDays), '00:00'),
      istInstant(addDays(date, 1), '00:00'),
    ];
    const traded = this.#series.flatMap((series) => {
      const { minutes } = series;
      const rows = rowFrom(minutes, start);
      const today = { from: rows, until: rowFrom(minutes, until) };
      const earlier = { from: rowFrom(minutes, from), until: rows };
      return today.until > today.from ? [{ series, minutes, today, earlier }] : [];
    });
    const day = dayOf(date, this.#calendar);
    const listings = withDistinctTokens(
      traded.map(({ series: { name, isIndex }, minutes, today, earlier }) =>
        listSeries(
          {
            name,
            isIndex,
            before: earlier.until > earlier.from ? candleOf(minutes, earlier.until - 1) : undefined,
            first: candleOf(minutes, today.from),
            minuteVolume: meanVolume(minutes, earlier),
          },
          day,
        ),
      ),
    );
    return new BarDay(
      date,
      traded.flatMap(({ minutes, today, earlier }, index) => {
        const listing = listings[index];
        return listing === undefined ? [] : [{ listing, minutes, today, earlier }];
      }),
    );
  }
}

function meanVolume({ volume }: MinuteColumns, { from, until }: Rows): number {
  let sum = 0;
  for (let row = from; row < until; row += 1) sum += volume[row] ?? 0;
  return sum / Math.max(1, until - from);
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
}
