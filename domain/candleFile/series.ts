// The checks that every candle passes, whatever file it comes from: text in any form, or a stored series.
import { Refused } from '../errors';
import { refuseCell } from './cell';
import { minuteCheck, type MinuteKind } from './minuteCheck';
import {
  placeIn,
  priceColumns,
  type BarColumn,
  type NamedFile,
  type WrittenBar,
} from './writtenBar';

export interface WrittenBars {
  /** Oldest first, each minute once. */
  readonly bars: readonly WrittenBar[];
  /** What was not as it should be and was put right, in sentences. */
  readonly remarks: readonly string[];
}

/** What the bars of a file must be. */
export type BarKind =
  /** Bars of any length, in any unit. */
  { readonly kind: 'any' } | MinuteKind;

/** A row that a check refuses. */
export interface RefusedRow {
  readonly bar: WrittenBar;
  /** Its time is none of a session; it repeats a row, or contradicts one; or what stands in it cannot be. */
  readonly because: 'time' | 'again' | 'twice' | 'value';
  readonly refused: Refused;
}

/** Told of every row that is refused, which is then left out. Without it the first one is thrown. */
export type OnRefused = (row: RefusedRow) => void;

/** The bars of one series, one after the other. */
export interface SeriesBars {
  /** @throws Refused CANDLE_FILE */
  add(bar: WrittenBar): void;
  /** All of them, in order of time. @throws Refused CANDLE_FILE on a minute that is there twice. */
  done(): WrittenBars;
}

/** The largest price, ten crore of the file's unit, and the largest volume: their sums stay exact. */
const priceMax = 1e8;
const volumeMax = 1e12;

export function seriesBars(file: NamedFile, kind: BarKind, onRefused?: OnRefused): SeriesBars {
  const check = kind.kind === 'minute' ? minuteCheck(file, kind) : undefined;
  const bars: WrittenBar[] = [];
  const checked = (bar: WrittenBar): void => {
    checkNumbers(file, bar);
    check?.time(bar);
    check?.values(bar);
  };
  const told = (bar: WrittenBar, because: RefusedRow['because'], test: () => void): boolean => {
    const refused = refusalOf(test);
    if (refused !== null) onRefused?.({ bar, because, refused });
    return refused === null;
  };
  return {
    add(bar) {
      if (onRefused === undefined) checked(bar);
      else if (
        !told(bar, 'value', () => checkNumbers(file, bar)) ||
        !told(bar, 'time', () => check?.time(bar)) ||
        !told(bar, 'value', () => check?.values(bar))
      )
        return;
      bars.push(bar);
    },
    done() {
      const { sorted, remarks } = inOrder(file, bars);
      const once = sorted.filter((bar, index) => {
        const before = sorted[index - 1];
        if (before?.at !== bar.at) return true;
        return onRefused === undefined
          ? refuseTwice(file, bar, before)
          : told(bar, isSame(bar, before) ? 'again' : 'twice', () =>
              refuseTwice(file, bar, before),
            );
      });
      check?.all(once);
      return { bars: once, remarks };
    },
  };
}

function refusalOf(test: () => void): Refused | null {
  try {
    test();
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

const isPrice = (value: number): boolean => value > 0 && value <= priceMax;

function checkNumbers(file: NamedFile, bar: WrittenBar): void {
  const { open, high, low, close, volume } = bar;
  const refuse = (column: BarColumn, must: string): never =>
    refuseCell(placeIn(file, bar, column), must);
  if (!(isPrice(open) && isPrice(high) && isPrice(low) && isPrice(close)))
    refuse(
      priceColumns.find((one) => !isPrice(bar[one])) ?? 'open',
      `must be a price like 1234.50, above 0 and at most ${priceMax}`,
    );
  if (!Number.isInteger(volume) || volume > volumeMax)
    refuse('volume', `must be a whole number of shares from 0 to ${volumeMax}`);
  if (high < low) refuse('high', `must not be below the row’s low ${low}`);
  if (open <= high && open >= low && close <= high && close >= low) return;
  refuse(
    open > high || open < low ? 'open' : 'close',
    `must lie between the row’s low ${low} and high ${high}`,
  );
}

interface OrderedBars {
  readonly sorted: readonly WrittenBar[];
  readonly remarks: readonly string[];
}

/** Rows in another order are sorted, which is said. */
function inOrder({ file }: NamedFile, bars: readonly WrittenBar[]): OrderedBars {
  const early = bars.find((bar, index) => bar.at < (bars[index - 1]?.at ?? -Infinity));
  if (early === undefined) return { sorted: bars, remarks: [] };
  const remark = `"${file}": rows are not in order of time from line ${early.line} on; they are sorted`;
  return { sorted: bars.toSorted((a, b) => a.at - b.at || a.line - b.line), remarks: [remark] };
}

const isSame = (one: WrittenBar, other: WrittenBar): boolean =>
  priceColumns.every((column) => one[column] === other[column]) && one.volume === other.volume;

const refuseTwice = (file: NamedFile, bar: WrittenBar, before: WrittenBar): never =>
  refuseCell(
    placeIn(file, bar, 'ts'),
    `must be another time than that of line ${before.line}: each may be there once`,
  );
