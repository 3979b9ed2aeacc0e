// The one reading of candle files: every command that takes candles takes them from here. What is certain is read,
// whatever form it has; everything else is refused with its file, line, column and value. Nothing is guessed.
import type { TradingCalendar } from '../session/calendar';
import type { EpochMs } from '../units';
import { requireEnding } from './ending';
import { plainDecimal, refuseCell } from './cell';
import { instantForm, instantReader } from './instant';
import { minuteCheck } from './minuteCheck';
import { eachRow, type CsvTable } from './table';
import { barColumns, placeIn, priceColumns, type WrittenBar } from './writtenBar';

export interface WrittenBars {
  /** Oldest first, each minute once. */
  readonly bars: readonly WrittenBar[];
  /** What was not as it should be and was put right, in sentences. */
  readonly remarks: readonly string[];
}

/** What the bars of a file must be. */
export type BarKind =
  /** Bars of any length, in any unit. */
  | { readonly kind: 'any' }
  /** Minutes of the exchange's sessions in rupees. */
  | { readonly kind: 'minute'; readonly calendar: TradingCalendar; readonly isIndex: boolean };

/** The largest price, ten crore of the file's unit, and the largest volume: their sums stay exact. */
const priceMax = 1e8;
const volumeMax = 1e12;

/** @throws Refused CANDLE_FILE naming file, line, column and value. */
export function readBars(table: CsvTable, kind: BarKind): WrittenBars {
  const { file, delimiter } = table;
  const instantOf = zonedInstants(file);
  const check = kind.kind === 'minute' ? minuteCheck(file, kind) : undefined;
  const bars: WrittenBar[] = [];
  eachRow(table, barColumns, (line, written) => {
    const [, open, high, low, close, volume] = written;
    const bar = {
      line,
      at: instantOf({ line, written }),
      open: numberIn(open, delimiter),
      high: numberIn(high, delimiter),
      low: numberIn(low, delimiter),
      close: numberIn(close, delimiter),
      volume: numberIn(volume, delimiter),
      written,
    };
    checkNumbers(file, bar);
    check?.bar(bar);
    bars.push(bar);
  });
  requireEnding(table, bars);
  const ordered = inOrder(table, bars);
  check?.all(ordered.bars);
  return ordered;
}

type WrittenRow = Pick<WrittenBar, 'line' | 'written'>;

/** One file must say of all its times what they are, or of none. */
function zonedInstants(file: string): (row: WrittenRow) => EpochMs {
  const read = instantReader();
  let first: { readonly hasOffset: boolean; readonly line: number } | null = null;
  return (row) => {
    const found = read(row.written[0] ?? '');
    if (found === null) return refuseCell(placeIn(file, row, 'ts'), `must be ${instantForm}`);
    first ??= { hasOffset: found.hasOffset, line: row.line };
    if (first.hasOffset === found.hasOffset) return found.at;
    const must = first.hasOffset ? 'have an offset, as' : 'have no offset, as there is none in';
    return refuseCell(placeIn(file, row, 'ts'), `must ${must} line ${first.line}`);
  };
}

/** NaN where the text is no plain number. */
function numberIn(text: string | undefined, delimiter: string): number {
  const plain = text === undefined ? null : plainDecimal(text, delimiter);
  return plain === null ? Number.NaN : Number(plain);
}

const isPrice = (value: number): boolean => value > 0 && value <= priceMax;

function checkNumbers(file: string, bar: WrittenBar): void {
  const { open, high, low, close, volume } = bar;
  if (!(isPrice(open) && isPrice(high) && isPrice(low) && isPrice(close))) {
    const column = priceColumns.find((one) => !isPrice(bar[one])) ?? 'open';
    const must = `must be a price like 1234.50, above 0 and at most ${priceMax}`;
    refuseCell(placeIn(file, bar, column), must);
  }
  if (!Number.isInteger(volume) || volume > volumeMax)
    refuseCell(
      placeIn(file, bar, 'volume'),
      `must be a whole number of shares from 0 to ${volumeMax}`,
    );
  if (high < low) refuseCell(placeIn(file, bar, 'high'), `must not be below the row’s low ${low}`);
  if (open <= high && open >= low && close <= high && close >= low) return;
  const column = open > high || open < low ? 'open' : 'close';
  refuseCell(placeIn(file, bar, column), `must lie between the row’s low ${low} and high ${high}`);
}

/** Rows in another order are sorted, which is said. @throws Refused on a minute that is there twice. */
function inOrder({ file }: CsvTable, bars: readonly WrittenBar[]): WrittenBars {
  const early = bars.find((bar, index) => bar.at < (bars[index - 1]?.at ?? -Infinity));
  const sorted =
    early === undefined ? bars : bars.toSorted((a, b) => a.at - b.at || a.line - b.line);
  sorted.forEach((bar, index) => {
    const before = sorted[index - 1];
    if (before?.at !== bar.at) return;
    const place = placeIn(file, bar, 'ts');
    refuseCell(
      place,
      `must be another time than that of line ${before.line}: each may be there once`,
    );
  });
  if (early === undefined) return { bars, remarks: [] };
  const remark = `"${file}": rows are not in order of time from line ${early.line} on; they are sorted`;
  return { bars: sorted, remarks: [remark] };
}
