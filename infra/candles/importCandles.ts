// Brings files of candles into a store: reads each in its form, checks it as every reader does, and merges it with what
// is there. Nothing is put in its place before all of it is right.
import { readSeries, refuseFile, type RefusedRow, type WrittenBar } from '../../domain/candleFile';
import type { Mapping } from '../../domain/candleStore/mapping';
import { mergeCandles, type Merged } from '../../domain/candleStore/merge';
import { openedTable, type OpenedTable } from '../../domain/candleStore/multiHeader';
import { recogniseForm, type Recognised } from '../../domain/candleStore/recognise';
import { symbolOf, symbolOfFile } from '../../domain/candleStore/symbolOf';
import { withoutRefused } from '../../domain/candleStore/withoutRefused';
import type { Candle } from '../../domain/market/candle';
import type { SessionDate, TradingCalendar } from '../../domain/session/calendar';
import { istDate, istText } from '../../domain/session/sessionClock';
import { candlesOfBars } from '../../exchange/market/candleFiles';
import { csvTable } from '../../exchange/market/csvTable';
import { bareName, sourceFiles } from './sourceFiles';
import { StagedStore, storedKind } from './stagedStore';

export interface ImportTerms {
  readonly source: string;
  readonly to: string;
  readonly mapping: Mapping;
  /** The stock of files that do not say it; of files that do, those that are wanted. Empty: the file says it. */
  readonly symbols: readonly string[];
  readonly minutes: number;
  /** Do candles of the files replace stored ones that differ? */
  readonly replace: boolean;
  /** Are rows that a check refuses left out, instead of everything being refused? */
  readonly leaveOut: boolean;
  readonly calendar: TradingCalendar;
  /** Told how it goes on, in sentences. */
  readonly say: (sentence: string) => void;
}

/** What came of one symbol. */
export interface ImportedSeries {
  readonly symbol: string;
  /** Candles in the files that were taken. */
  readonly candles: number;
  readonly added: number;
  readonly equal: number;
  readonly replaced: number;
  /** Rows that were refused, and those that went with them. */
  readonly leftOut: number;
  readonly first: SessionDate;
  readonly last: SessionDate;
  /** Candles of years without a list of holidays. */
  readonly unlisted: number;
}

/** @throws Refused, having changed nothing. */
export function importCandles(terms: ImportTerms): readonly ImportedSeries[] {
  const files = sourceFiles(terms.source);
  const store = new StagedStore(terms.to, terms);
  const imported = new Map<string, ImportedSeries>();
  const told = new Set<string>();
  try {
    for (const file of files) {
      const opened = openedTable(csvTable(file));
      const recognised = recogniseForm(opened.table, opened.first, terms.mapping);
      if (!told.has(recognised.said)) terms.say(`"${file}": ${recognised.said}`);
      told.add(recognised.said);
      for (const series of seriesOf(file, { opened, recognised }, terms)) {
        const one = merged(store, series, terms);
        imported.set(one.symbol, joined(imported.get(one.symbol), one));
      }
    }
    store.commit();
  } finally {
    store.close();
  }
  return [...imported.values()].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
}

interface FileSeries {
  readonly file: string;
  readonly symbol: string;
  readonly bars: readonly WrittenBar[];
  readonly leftOut: number;
}

interface OpenedFile {
  readonly opened: OpenedTable;
  readonly recognised: Recognised;
}

function seriesOf(
  file: string,
  { opened: { table, ticker }, recognised: { form } }: OpenedFile,
  terms: ImportTerms,
): readonly FileSeries[] {
  const { symbols, leaveOut } = terms;
  const own = form.symbol === null ? ownSymbol(file, ticker, symbols) : '';
  const nameOf = (text: string): string => (form.symbol === null ? own : columnSymbol(file, text));
  const refused = new Map<string, RefusedRow[]>();
  const read = readSeries(table, form, {
    kindOf: (text) => {
      const symbol = nameOf(text);
      if (form.symbol !== null && symbols.length > 0 && !symbols.includes(symbol)) return null;
      return { ...storedKind(symbol, terms), lengthRemedy: lengthRemedy(file) };
    },
    refusedOf: leaveOut ? (text) => listOf(refused, text) : undefined,
  });
  return [...read].map(([text, { bars, remarks }]) => {
    remarks.forEach(terms.say);
    const rows = refused.get(text) ?? [];
    const sound = withoutRefused(bars, rows);
    const leftOut = rows.length + bars.length - sound.length;
    const [first] = rows;
    if (first !== undefined)
      terms.say(`${leftOut} rows are left out; the first: ${first.refused.message}`);
    return { file, symbol: nameOf(text), bars: sound, leftOut };
  });
}

/** A list to which rows are added under the name. */
function listOf(lists: Map<string, RefusedRow[]>, name: string): (row: RefusedRow) => void {
  const list: RefusedRow[] = [];
  lists.set(name, list);
  return (row) => void list.push(row);
}

const lengthRemedy =
  (file: string) =>
  (minutes: number): string =>
    `; "--minutes ${minutes}" imports the bars of "${file}" as they are, and no replay reads them`;

function ownSymbol(file: string, ticker: string | null, symbols: readonly string[]): string {
  const [given, ...others] = symbols;
  if (others.length > 0)
    refuseFile(
      `--symbol must name one stock, since no column of "${file}" says which a row is of, was ${symbols.join(' ')}`,
      'DATA_SOURCE',
    );
  const symbol = given ?? (ticker === null ? symbolOfFile(bareName(file)) : symbolOf(ticker));
  return (
    symbol ??
    refuseFile(
      `"${file}" must be named after its stock, like INFY.csv, or --symbol must name it`,
      'DATA_SOURCE',
    )
  );
}

const columnSymbol = (file: string, text: string): string =>
  symbolOf(text) ??
  refuseFile(`"${file}": the stock of a row must be a symbol like INFY, was "${text}"`);

function merged(store: StagedStore, series: FileSeries, terms: ImportTerms): ImportedSeries {
  const { symbol, bars, leftOut } = series;
  const candles = candlesOfBars(bars);
  const merge = mergeCandles(store.read(symbol), candles);
  if (!terms.replace) refuseDiffering(series, merge);
  if (merge.added + merge.differing.length > 0) store.stage(symbol, merge.candles);
  const listedFrom = `${Math.min(...terms.calendar.years)}-01-01`;
  const dates = merge.candles.length === 0 ? [] : [merge.candles[0], merge.candles.at(-1)];
  const [first = '', last = ''] = dates.flatMap((one) =>
    one === undefined ? [] : [istDate(one.at)],
  );
  return {
    symbol,
    candles: candles.length,
    added: merge.added,
    equal: merge.equal,
    replaced: merge.differing.length,
    leftOut,
    first,
    last,
    unlisted: candles.filter(({ at }) => istDate(at) < listedFrom).length,
  };
}

/** @throws Refused DATA_CONFLICT naming file, line, and both values. */
function refuseDiffering({ file, symbol, bars }: FileSeries, { differing }: Merged): void {
  const [first] = differing;
  if (first === undefined) return;
  const [stored, incoming] = first;
  const line = bars.find(({ at }) => at === incoming.at)?.line ?? 0;
  const more = differing.length === 1 ? '' : ` (and ${differing.length - 1} more)`;
  refuseFile(
    `"${file}" line ${line}: ${symbol} at ${istText(incoming.at)} is stored as ${valuesText(stored)}, and here it is ${valuesText(incoming)}${more}; they must be equal, or --replace takes these`,
    'DATA_CONFLICT',
  );
}

const valuesText = ({ open, high, low, close, volume }: Candle): string =>
  `${[open, high, low, close].map((price) => (price / 100).toFixed(2)).join(' ')} volume ${volume}`;

const joined = (before: ImportedSeries | undefined, next: ImportedSeries): ImportedSeries =>
  before === undefined
    ? next
    : {
        ...next,
        candles: before.candles + next.candles,
        added: before.added + next.added,
        equal: before.equal + next.equal,
        replaced: before.replaced + next.replaced,
        leftOut: before.leftOut + next.leftOut,
        unlisted: before.unlisted + next.unlisted,
      };
