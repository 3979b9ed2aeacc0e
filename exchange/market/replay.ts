// A recorded day from one-minute candles. Earlier dates in the files serve the historical candles.
import { invariant } from '../../domain/assert';
import { memberOn, type Membership } from '../../domain/candleStore/membership';
import { Refused } from '../../domain/errors';
import type { Candle } from '../../domain/market/candle';
import { firstFrom } from '../../domain/market/firstFrom';
import { scaleChange } from '../../domain/market/scaleChange';
import { addDays, dayOf, type SessionDate, type TradingDay } from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import {
  istDate,
  istDayNumber,
  istInstant,
  type TradingSpan,
} from '../../domain/session/sessionClock';
import { epochMs, paise, type EpochMs, type Paise } from '../../domain/units';
import { barFeed } from './barFeed';
import { candleSeries, type CandleFolder, type CandleSeries } from './candleFiles';
import { readHeadlines } from './headlineFile';
import { listIndex, listStock, withDistinctTokens, type Listing } from './listing';
import type { MarketSource } from './source';

export interface ReplayOptions extends CandleFolder {
  readonly date: SessionDate;
  /** Seeds the path inside each bar; the bars themselves are the file's. */
  readonly seed: number;
}

/** How far back the files are read for warm-up. */
export const historyDays = 16;

/** @throws Refused REPLAY_FOLDER, REPLAY_DATE, REPLAY_FILE or CANDLE_FILE, in one sentence each. */
export function replayedMarket(options: ReplayOptions): MarketSource {
  return recordedMarkets(options, [options.date])(options.date);
}

interface MarketsTerms extends Omit<ReplayOptions, 'date'> {
  /** Industry and derivatives of a stock on the day; today’s where it says nothing. */
  readonly membership?: Membership | undefined;
  /** The folder's series, at least what the dates need of them, where they have been read; else they are read. */
  readonly series?: readonly CandleSeries[] | undefined;
}

/** Reads a folder once for many dates. @throws as `replayedMarket`; where a date has no candles, when it is asked for. */
export function recordedMarkets(
  options: MarketsTerms,
  dates: readonly SessionDate[],
): (date: SessionDate) => MarketSource {
  const { calendar = nseCalendar } = options;
  let kept: KeptFolder | undefined;
  return (date) => {
    kept ??= keptCandles(options, dates);
    const folder = kept;
    const series = folder.series
      .map((one) => seriesOn(one, date))
      .filter(({ today }) => today.length > 0);
    if (series.every(({ isIndex }) => isIndex)) throw noBars(options, date, folder);
    return marketFrom(series, options, dayOf(date, calendar));
  };
}

/** What of a series the dates from one to another need. */
export const neededSpan = (first: SessionDate, last: SessionDate): TradingSpan => ({
  from: istInstant(addDays(first, -historyDays), '00:00'),
  until: istInstant(addDays(last, 1), '00:00'),
});

interface KeptFolder {
  readonly series: readonly CandleSeries[];
  readonly first: SessionDate;
  readonly last: SessionDate;
}

/** The series without what no date needs. */
function keptCandles(options: MarketsTerms, dates: readonly SessionDate[]): KeptFolder {
  const days = new Set(
    dates.flatMap((date) => {
      const day = istDayNumber(istInstant(date, '00:00'));
      return Array.from({ length: historyDays + 1 }, (_, before) => day - before);
    }),
  );
  const instants: EpochMs[] = [];
  const series = [...(options.series ?? candleSeries(options))].map((one) => {
    const ends = [one.candles[0], one.candles.at(-1)];
    instants.push(...ends.flatMap((candle) => (candle === undefined ? [] : [candle.at])));
    const candles = one.candles.filter(({ at }) => days.has(istDayNumber(at)));
    return { ...one, candles };
  });
  const [first, last] = [epochMs(Math.min(...instants)), epochMs(Math.max(...instants))];
  return { series, first: istDate(first), last: istDate(last) };
}

interface Series {
  readonly name: string;
  readonly isIndex: boolean;
  readonly earlier: readonly Candle[];
  readonly today: readonly Candle[];
}

function seriesOn({ name, isIndex, candles }: CandleSeries, date: SessionDate): Series {
  const from = istInstant(addDays(date, -historyDays), '00:00');
  const [start, end] = [istInstant(date, '00:00'), istInstant(addDays(date, 1), '00:00')];
  const placeOf = (at: EpochMs): number =>
    firstFrom(candles.length, (place) => candles[place]?.at ?? 0, at);
  return {
    name,
    isIndex,
    earlier: candles.slice(placeOf(from), placeOf(start)),
    today: candles.slice(placeOf(start), placeOf(end)),
  };
}

function noBars(
  { directory }: MarketsTerms,
  date: SessionDate,
  { first, last }: KeptFolder,
): Refused {
  return new Refused({
    code: 'REPLAY_DATE',
    message: `no candles of ${date} in "${directory}"; the files hold ${first} to ${last}`,
    context: { date },
  });
}

function marketFrom(
  series: readonly Series[],
  { headlinesFile, seed, membership }: MarketsTerms,
  day: TradingDay,
): MarketSource {
  const listings = withDistinctTokens(
    series.map((one) => listSeries(recordedSeries(one), day, membership)),
  );
  const listed = listings.map((listing, index) => ({ ...seriesAt(series, index), listing }));
  const opening = new Map(listed.map((one) => [one.listing.instrumentToken, one.today[0]?.open]));
  const history = new Map(listed.map((one) => [one.listing.instrumentToken, one.earlier]));
  return {
    listings,
    headlines: headlinesFile === undefined ? [] : readHeadlines(headlinesFile),
    feed: barFeed(
      listed.map(({ listing, today }) => ({
        token: listing.instrumentToken,
        tickSize: listing.isIndex ? paise(1) : listing.tickSize,
        bars: today,
      })),
      seed,
    ),
    openingPrice: (token) => opening.get(token),
    history: (token) => history.get(token) ?? [],
  };
}

function seriesAt(series: readonly Series[], index: number): Series {
  const found = series[index];
  invariant(found !== undefined, 'Invariant: every listing comes from a series');
  return found;
}

/** What a day's listing is made of: only what is known when its first minute opens. */
export interface RecordedSeries {
  readonly name: string;
  readonly isIndex: boolean;
  /** The last minute before the day. */
  readonly before: Candle | undefined;
  /** The day's first minute. */
  readonly first: Candle | undefined;
  /** Shares a minute, over the minutes before the day that are known; 0 where none is. */
  readonly minuteVolume: number;
}

const recordedSeries = ({ name, isIndex, earlier, today }: Series): RecordedSeries => ({
  name,
  isIndex,
  before: earlier.at(-1),
  first: today[0],
  minuteVolume: earlier.reduce((sum, { volume }) => sum + volume, 0) / Math.max(1, earlier.length),
});

/** A stock of which nothing is known before the day trades this much a minute. */
const unknownMinuteVolume = 5_000;

export function listSeries(one: RecordedSeries, day: TradingDay, membership?: Membership): Listing {
  const previousClose = basePrice(one);
  if (one.isIndex) return listIndex(indexName(one.name), previousClose);
  const member = membership === undefined ? null : memberOn(membership, one.name, day.date);
  return listStock({
    hasDerivatives: member?.hasDerivatives ?? undefined,
    sector: member?.sector ?? undefined,
    tradingsymbol: one.name,
    day,
    previousClose,
    minuteVolume: Math.max(1, Math.round(one.minuteVolume || unknownMinuteVolume)),
  });
}

/**
 * What the day's price limits are counted from: the close before, or the open where the scale has changed over the
 * night, as the exchange adjusts it for a split. The screening then sees that history and limits disagree.
 */
function basePrice({ before, first }: RecordedSeries): Paise {
  if (before === undefined || first === undefined) return before?.close ?? first?.open ?? paise(0);
  return scaleChange(before, first) === null ? before.close : first.open;
}

const indexName = (file: string): string =>
  file === 'NIFTY_FINSERV' ? 'NIFTY FIN SERVICE' : file.replaceAll('_', ' ');
