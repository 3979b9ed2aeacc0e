// The files of a folder of recorded candles: `SYMBOL.csv`, `SYMBOL.csv.gz` or `SYMBOL.parquet`, one row a minute. Files
// named NIFTY_* are indices. Every reader of candles takes them from here.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  adjusted,
  noFactors,
  readBars,
  readFactors,
  readStored,
  refuseFile,
  storedBars,
  type BarKind,
  type Factors,
  type OnRefused,
  type WrittenBar,
  type WrittenBars,
} from '../../domain/candleFile';
import { Refused } from '../../domain/errors';
import type { Candle } from '../../domain/market/candle';
import type { TradingCalendar } from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { paiseFromRupees, shares } from '../../domain/units';
import { csvTable } from './csvTable';
import { parquetColumns } from './parquet';

/** A folder of candles, and how it is read. */
export interface CandleFolder {
  readonly directory: string;
  /** The shipped list when absent. */
  readonly calendar?: TradingCalendar | undefined;
  /** A CSV of `symbol,ex_date,factor`: splits and bonuses. */
  readonly factorsFile?: string | undefined;
  /** A CSV of `ts,tradingsymbol,title` for the news feed. */
  readonly headlinesFile?: string | undefined;
  /** Told what was put right, in sentences; it is said once a file. */
  readonly remark?: ((sentence: string) => void) | undefined;
}

export interface CandleSeries {
  readonly name: string;
  readonly isIndex: boolean;
  /** Oldest first. */
  readonly candles: readonly Candle[];
}

/** Where in a folder files of candles are looked for. */
export const candlePlaces = ['.', 'minute', 'minute/core', 'core', 'minute/wide', 'wide'] as const;

/** The list of a folder's members, by date. */
export const membershipName = 'membership.csv';

const extension = /\.(?:csv(?:\.gz)?|parquet)$/i;

/** Can the text be the symbol of a stock or an index, as files are named after it? */
export const isSymbol = (text: string): boolean => /^[A-Z0-9][A-Z0-9&_-]*$/.test(text);

/** The stock or index that a file is of: its name without what follows the first dot. */
export const seriesName = (file: string): string => basename(file).replace(extension, '');
export const isIndexName = (name: string): boolean => name.startsWith('NIFTY_');

/**
 * The files of the folder, or of its `minute`, `minute/core`, `core`, `minute/wide`, `wide`.
 * @throws Refused REPLAY_FOLDER where there is none, and CANDLE_FILE on a name that is no symbol or is there twice.
 */
export function candleFiles(folder: CandleFolder): readonly string[] {
  const { directory, remark, factorsFile, headlinesFile } = folder;
  const others = [factorsFile, headlinesFile].flatMap((file) =>
    file === undefined ? [] : [resolve(file)],
  );
  const named = candlePlaces
    .map((place) => join(directory, place))
    .filter((place) => existsSync(place))
    .flatMap((place) =>
      namesIn(place)
        .filter((name) => extension.test(name))
        .sort()
        .map((name) => join(place, name)),
    );
  const files = named
    .filter((file) => !others.includes(resolve(file)) && basename(file) !== membershipName)
    .filter((file) => isCandleFile(file, remark));
  requireOnce(files);
  if (files.length > 0) return files;
  throw new Refused({
    code: 'REPLAY_FOLDER',
    message: `replay folder "${directory}" must exist and hold one-minute candles as SYMBOL.csv, SYMBOL.csv.gz or SYMBOL.parquet (in it, in minute or in minute/core)`,
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A plain CSV under another name may be any list; a packed one and Parquet can only be candles. */
function isCandleFile(file: string, remark: CandleFolder['remark']): boolean {
  if (isSymbol(seriesName(file))) return true;
  if (/\.(?:gz|parquet)$/i.test(file))
    refuseFile(
      `"${file}" must be named after its stock, like INFY.csv.gz, was "${basename(file)}"`,
    );
  remark?.(`"${file}" is left out: a file of candles is named after its stock, like INFY.csv`);
  return false;
}

function requireOnce(files: readonly string[]): void {
  const known = new Map<string, string>();
  for (const file of files) {
    const name = seriesName(file);
    const other = known.get(name);
    if (other !== undefined)
      refuseFile(`the candles of ${name} must be in one file, and are in "${other}" and "${file}"`);
    known.set(name, file);
  }
}

/**
 * Every series of the folder, one file at a time.
 * @throws Refused REPLAY_FOLDER, REPLAY_FILE or CANDLE_FILE, naming file, line, column and value.
 */
export function* candleSeries(folder: CandleFolder): Generator<CandleSeries, undefined> {
  const files = candleFiles(folder);
  const factors = factorsOf(folder, new Set(files.map(seriesName)));
  for (const file of files) yield readSeries(file, folder, factors);
}

function factorsOf({ factorsFile }: CandleFolder, known: ReadonlySet<string>): Factors {
  return factorsFile === undefined ? noFactors : readFactors(csvTable(factorsFile), known);
}

/** The bars of a file, whatever form it is stored in. @throws Refused naming file, line, column and value. */
export function fileBars(file: string, kind: BarKind, onRefused?: OnRefused): WrittenBars {
  return /\.parquet$/i.test(file)
    ? readStored({ file, bars: storedBars(parquetColumns(file)) }, kind, onRefused)
    : readBars(csvTable(file), kind, onRefused);
}

/** Bars in rupees as candles. */
export const candlesOfBars = (bars: readonly WrittenBar[]): readonly Candle[] =>
  bars.map(({ at, open, high, low, close, volume }) => ({
    at,
    open: paiseFromRupees(open),
    high: paiseFromRupees(high),
    low: paiseFromRupees(low),
    close: paiseFromRupees(close),
    volume: shares(volume),
  }));

function readSeries(
  file: string,
  { calendar = nseCalendar, remark }: CandleFolder,
  factors: Factors,
): CandleSeries {
  const name = seriesName(file);
  const isIndex = isIndexName(name);
  const { bars, remarks } = fileBars(file, { kind: 'minute', calendar, isIndex });
  remarks.forEach((sentence) => remark?.(sentence));
  return { name, isIndex, candles: adjusted(candlesOfBars(bars), factors.get(name) ?? []) };
}
