// The one reading of candle files: every command that takes candles takes them from here. What is certain is read,
// whatever form it has; everything else is refused with its file, line, column and value. Nothing is guessed.
import { plainDecimal, refuseCell, refuseFile } from './cell';
import { requireEnding } from './ending';
import { dateFormText, formReader, ownForm, startOf, type BarForm } from './form';
import type { EpochMs } from '../units';
import {
  seriesBars,
  type BarKind,
  type OnRefused,
  type SeriesBars,
  type WrittenBars,
} from './series';
import { eachRow, type CsvTable } from './table';
import { barColumns, placeIn, type NamedFile, type WrittenBar } from './writtenBar';

/** @throws Refused CANDLE_FILE naming file, line, column and value. */
export function readBars(table: CsvTable, kind: BarKind, onRefused?: OnRefused): WrittenBars {
  const read = readSeries(table, ownForm, {
    kindOf: () => kind,
    refusedOf: onRefused === undefined ? undefined : () => onRefused,
  });
  return read.get('') ?? { bars: [], remarks: [] };
}

/** How the series of a file are told apart and checked. */
export interface SeriesTerms {
  /** What the bars of a series must be; null for a series that is not wanted. `name` is empty where no column names one. */
  readonly kindOf: (name: string) => BarKind | null;
  /** Who is told of a series’ refused rows; without it the first one is thrown. */
  readonly refusedOf?: ((name: string) => OnRefused) | undefined;
}

/**
 * Every series of a file in its form, by what the column of the symbol says.
 * @throws Refused CANDLE_FILE naming file, line, column and value.
 */
export function readSeries(
  table: CsvTable,
  form: BarForm,
  { kindOf, refusedOf }: SeriesTerms,
): ReadonlyMap<string, WrittenBars> {
  const named = { file: table.file, columns: form.columns };
  const barOf = barReader(table, form);
  const found = new Map<string, SeriesOfFile | null>();
  const single: SinglePrecision = { prices: 0 };
  const ending: WrittenBar[] = [];
  let rows = 0;
  eachRow(table, wantedColumns(form), (line, cells) => {
    const name = form.symbol === null ? '' : (cells.at(-1) ?? '');
    let series = found.get(name);
    if (series === undefined) {
      const kind = kindOf(name);
      series =
        kind === null ? null : newSeries(named, form, { kind, onRefused: refusedOf?.(name) });
      found.set(name, series);
    }
    rows += 1;
    if (series === null) return;
    const bar = barOf(line, cells, { minutes: series.minutes, single });
    ending[0] = bar;
    series.bars.add(bar);
  });
  requireEnding(table, ending[0], rows);
  return new Map(
    [...found].flatMap(([name, series], index) => {
      if (series === null) return [];
      const { bars, remarks } = series.bars.done();
      return [
        [name, { bars, remarks: index === 0 ? [...remarks, ...said(table, single)] : remarks }],
      ];
    }),
  );
}

interface SeriesOfFile {
  readonly bars: SeriesBars;
  readonly minutes: number;
}

function newSeries(
  named: NamedFile,
  { hasVolume }: BarForm,
  { kind, onRefused }: { readonly kind: BarKind; readonly onRefused: OnRefused | undefined },
): SeriesOfFile {
  if (!hasVolume && !(kind.kind === 'minute' && kind.isIndex))
    refuseFile(
      `"${named.file}" must have a column of the volume, which only the file of an index may lack`,
    );
  const minutes = kind.kind === 'minute' ? (kind.minutes ?? 1) : 1;
  return { bars: seriesBars(named, kind, onRefused), minutes };
}

function wantedColumns({ columns, timeOfDay, symbol, hasVolume }: BarForm): readonly string[] {
  const own = barColumns.filter((column) => hasVolume || column !== 'volume');
  const more = [timeOfDay, symbol].flatMap((column) => (column === null ? [] : [column]));
  return [...own.map((column) => columns[column]), ...more];
}

/** Prices that were written as numbers of single precision. */
interface SinglePrecision {
  prices: number;
}

const said = ({ file }: CsvTable, { prices }: SinglePrecision): readonly string[] =>
  prices === 0
    ? []
    : [
        `"${file}": ${prices} prices are numbers of single precision; each is read as its whole paise`,
      ];

interface RowTerms {
  /** The length of a bar. */
  readonly minutes: number;
  readonly single: SinglePrecision;
}

type BarOfRow = (line: number, cells: readonly string[], terms: RowTerms) => WrittenBar;

function barReader(table: CsvTable, form: BarForm): BarOfRow {
  const { file, delimiter } = table;
  const { unit, stamp, timeOfDay, hasVolume } = form;
  const instantOf = zonedInstants({ file, columns: form.columns }, form);
  if (form === ownForm)
    return (line, written) => ({
      line,
      at: instantOf({ line, written }),
      open: numberIn(written[1], delimiter),
      high: numberIn(written[2], delimiter),
      low: numberIn(written[3], delimiter),
      close: numberIn(written[4], delimiter),
      volume: numberIn(written[5], delimiter),
      written,
    });
  return (line, cells, { minutes, single }) => {
    const written = barCells(cells, { timeOfDay, hasVolume });
    const [, open, high, low, close, volume] = written;
    const price = (text: string | undefined): number => {
      const value = numberIn(text, delimiter);
      return wholePaise(unit === 'paise' ? value / 100 : value, single);
    };
    const at = instantOf({ line, written });
    return {
      line,
      at: stamp === 'start' ? at : startOf(at, minutes),
      open: price(open),
      high: price(high),
      low: price(low),
      close: price(close),
      volume: numberIn(volume, delimiter),
      written,
    };
  };
}

/** The cells of `barColumns`. @param cells as `wantedColumns` has them. */
function barCells(
  cells: readonly string[],
  { timeOfDay, hasVolume }: Pick<BarForm, 'timeOfDay' | 'hasVolume'>,
): readonly string[] {
  const own = hasVolume ? cells.slice(0, barColumns.length) : [...cells.slice(0, 5), '0'];
  if (timeOfDay === null) return own;
  const [date = '', ...others] = own;
  return [`${date} ${cells[hasVolume ? barColumns.length : 5] ?? ''}`, ...others];
}

/** Above it two neighbours of single precision are more than a paisa apart. */
const singleMax = 65_536;

/** A number of single precision stands for the only whole paise that is written so: 1418.5999755859375 is 1418.60. */
function wholePaise(rupees: number, single: SinglePrecision): number {
  const nearest = Math.round(rupees * 100) / 100;
  if (Math.abs(rupees - nearest) <= 1e-6 || rupees >= singleMax) return rupees;
  if (Math.fround(nearest) !== rupees) return rupees;
  single.prices += 1;
  return nearest;
}

type WrittenRow = Pick<WrittenBar, 'line' | 'written'>;

/** One file must say of all its times what they are, or of none. */
function zonedInstants(named: NamedFile, form: BarForm): (row: WrittenRow) => EpochMs {
  const read = formReader(form);
  let first: { readonly hasOffset: boolean | null; readonly line: number } | null = null;
  return (row) => {
    const found = read(row.written[0] ?? '');
    if (found === null)
      return refuseCell(placeIn(named, row, 'ts'), `must be ${dateFormText[form.dates]}`);
    first ??= { hasOffset: found.hasOffset, line: row.line };
    if (first.hasOffset === found.hasOffset) return found.at;
    const must =
      first.hasOffset === true ? 'have an offset, as' : 'have no offset, as there is none in';
    return refuseCell(placeIn(named, row, 'ts'), `must ${must} line ${first.line}`);
  };
}

/** NaN where the text is no plain number. */
function numberIn(text: string | undefined, delimiter: string): number {
  const plain = text === undefined ? null : plainDecimal(text, delimiter);
  return plain === null ? Number.NaN : Number(plain);
}

/** The rows as a stored series has them. */
export interface StoredBars {
  readonly file: string;
  readonly bars: Iterable<WrittenBar>;
}

/** A stored series, checked as a written one is. @throws Refused CANDLE_FILE */
export function readStored(
  { file, bars }: StoredBars,
  kind: BarKind,
  onRefused?: OnRefused,
): WrittenBars {
  const series = seriesBars({ file, columns: ownForm.columns }, kind, onRefused);
  for (const bar of bars) series.add(bar);
  return series.done();
}
