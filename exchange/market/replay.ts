// A recorded day from one-minute candles, `SYMBOL.csv.gz` with columns ts, open, high, low, close and
// volume. Earlier dates in the files serve the historical candles. Files named NIFTY_* are indices.
import { existsSync, readFileSync } from 'node:fs';
import { invariant } from '../../domain/assert';
import { Refused } from '../../domain/errors';
import type { Candle } from '../../domain/market/candle';
import {
  addDays,
  dayOf,
  type SessionDate,
  type TradingCalendar,
  type TradingDay,
} from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { istDate, istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise, paiseFromRupees, shares, type Paise } from '../../domain/units';
import { barFeed } from './barFeed';
import { candleFiles, candleRecords, isIndexFile, seriesName } from './candleFiles';
import { csvRecords } from './csv';
import { listIndex, listStock, withDistinctTokens, type Listing } from './listing';
import type { Headline, MarketSource } from './source';

export interface ReplayOptions {
  readonly directory: string;
  readonly date: SessionDate;
  /** The shipped list when absent. */
  readonly calendar?: TradingCalendar | undefined;
  /** Seeds the path inside each bar; the bars themselves are the file's. */
  readonly seed: number;
  /** A CSV of `ts,tradingsymbol,title` for the news feed. */
  readonly headlinesFile?: string | undefined;
}

/** How far back the files are read for warm-up. */
const historyDays = 16;

/** @throws Refused REPLAY_FOLDER, REPLAY_DATE or REPLAY_FILE, in one sentence each. */
export function replayedMarket(options: ReplayOptions): MarketSource {
  const files = candleFiles(options.directory);
  const series = files
    .map((file) => readSeries(file, options.date))
    .filter(({ today }) => today.length > 0);
  if (series.every(({ isIndex }) => isIndex)) throw noBars(options, files);
  const day = dayOf(options.date, options.calendar ?? nseCalendar);
  const listings = withDistinctTokens(series.map((one) => listSeries(one, day)));
  const listed = listings.map((listing, index) => ({ ...seriesAt(series, index), listing }));
  const opening = new Map(listed.map((one) => [one.listing.instrumentToken, one.today[0]?.open]));
  const history = new Map(listed.map((one) => [one.listing.instrumentToken, one.earlier]));
  return {
    listings,
    headlines: options.headlinesFile === undefined ? [] : readHeadlines(options.headlinesFile),
    feed: barFeed(
      listed.map(({ listing, today }) => ({
        token: listing.instrumentToken,
        tickSize: listing.isIndex ? paise(1) : listing.tickSize,
        bars: today,
      })),
      options.seed,
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

interface Series {
  readonly name: string;
  readonly isIndex: boolean;
  readonly earlier: readonly Candle[];
  readonly today: readonly Candle[];
}

function noBars({ date, directory }: ReplayOptions, files: readonly string[]): Refused {
  const dates = [...new Set(files.slice(0, 1).flatMap((file) => [...datesIn(file)]))].sort();
  return new Refused({
    code: 'REPLAY_DATE',
    message: `no candles of ${date} in "${directory}"; the files hold ${dates[0] ?? 'nothing'} to ${dates.at(-1) ?? 'nothing'}`,
    context: { date },
  });
}

const datesIn = (file: string): readonly string[] =>
  candleRecords(file).map((record) => (record.get('ts') ?? '').slice(0, 10));

function readSeries(file: string, date: SessionDate): Series {
  const from = addDays(date, -historyDays);
  const bars = candleRecords(file, (day) => day >= from && day <= date).map((record) =>
    parseBar(record, file),
  );
  const name = seriesName(file);
  const start = istInstant(date, '00:00');
  return {
    name,
    isIndex: isIndexFile(file),
    earlier: bars.filter((bar) => bar.at < start),
    today: bars.filter((bar) => bar.at >= start),
  };
}

function parseBar(record: ReadonlyMap<string, string>, file: string): Candle {
  const price = (column: string): Paise => paiseFromRupees(numberIn(record, column, file));
  return {
    at: epochMs(Date.parse(record.get('ts') ?? '')),
    open: price('open'),
    high: price('high'),
    low: price('low'),
    close: price('close'),
    volume: shares(numberIn(record, 'volume', file)),
  };
}

function numberIn(record: ReadonlyMap<string, string>, column: string, file: string): number {
  const text = record.get(column);
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new Refused({
    code: 'REPLAY_FILE',
    message: `column ${column} of "${file}" must be a number in every row, was "${text ?? ''}" at ${record.get('ts') ?? 'an unnamed row'}`,
  });
}

function listSeries({ name, isIndex, earlier, today }: Series, day: TradingDay): Listing {
  const previousClose = earlier.at(-1)?.close ?? today[0]?.open ?? paise(0);
  if (isIndex) return listIndex(indexName(name), previousClose);
  const volume = today.reduce((sum, bar) => sum + bar.volume, 0);
  return listStock({
    tradingsymbol: name,
    day,
    previousClose,
    minuteVolume: Math.max(1, Math.round(volume / Math.max(1, today.length))),
  });
}

const indexName = (file: string): string =>
  file === 'NIFTY_FINSERV' ? 'NIFTY FIN SERVICE' : file.replaceAll('_', ' ');

function readHeadlines(file: string): readonly Headline[] {
  if (!existsSync(file)) {
    throw new Refused({ code: 'REPLAY_FILE', message: `headlines file "${file}" does not exist` });
  }
  return csvRecords(readFileSync(file, 'utf8'))
    .map((record) => ({
      at: headlineInstant(record.get('ts') ?? '', file),
      tradingsymbol: record.get('tradingsymbol') ?? '',
      title: record.get('title') ?? '',
    }))
    .sort((left, right) => left.at - right.at);
}

function headlineInstant(text: string, file: string): ReturnType<typeof epochMs> {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return epochMs(at);
  throw new Refused({
    code: 'REPLAY_FILE',
    message: `column ts of "${file}" must be an instant like ${istDate(epochMs(0))}T09:15:00+05:30, was "${text}"`,
  });
}
