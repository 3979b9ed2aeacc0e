// A row of a stored series. Its cells are made up only when a sentence needs them: a folder has millions of rows.
import { istDate, istTime } from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';
import type { WrittenBar } from './writtenBar';

/** The columns of a stored series; prices in paise. */
export interface StoredColumns {
  readonly ts: ArrayLike<number>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
  readonly volume: ArrayLike<number>;
}

class StoredBar implements WrittenBar {
  readonly line: number;
  readonly at: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;

  constructor(columns: StoredColumns, index: number) {
    const rupees = (column: ArrayLike<number>): number => (column[index] ?? Number.NaN) / 100;
    this.line = index + 1;
    this.at = epochMs(columns.ts[index] ?? Number.NaN);
    this.open = rupees(columns.open);
    this.high = rupees(columns.high);
    this.low = rupees(columns.low);
    this.close = rupees(columns.close);
    this.volume = columns.volume[index] ?? Number.NaN;
  }

  get written(): readonly string[] {
    const { at, open, high, low, close, volume } = this;
    const ts = `${istDate(at)}T${istTime(at)}+05:30`;
    return [ts, ...[open, high, low, close].map((price) => price.toFixed(2)), String(volume)];
  }
}

/** Row by row; a line of the file is a row, counted from 1. */
export function* storedBars(columns: StoredColumns): Generator<WrittenBar, undefined> {
  for (let index = 0; index < columns.ts.length; index += 1) yield new StoredBar(columns, index);
}
