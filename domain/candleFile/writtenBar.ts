// One row of a candle file that has passed every check.
import type { EpochMs } from '../units';
import type { CellPlace } from './cell';

export const barColumns = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;
export const priceColumns = ['open', 'high', 'low', 'close'] as const;

export type BarColumn = (typeof barColumns)[number];

/** One row; prices in the file's own unit. */
export interface WrittenBar {
  readonly line: number;
  readonly at: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Shares. */
  readonly volume: number;
  /** The cells of `barColumns`. */
  readonly written: readonly string[];
}

/** A file, and what it calls the columns. */
export interface NamedFile {
  /** As the user named it. */
  readonly file: string;
  readonly columns: Readonly<Record<BarColumn, string>>;
}

/** The names of our own form. */
export const ownColumns: NamedFile['columns'] = {
  ts: 'ts',
  open: 'open',
  high: 'high',
  low: 'low',
  close: 'close',
  volume: 'volume',
};

/** Where a value of the row stands. */
export const placeIn = (
  { file, columns }: NamedFile,
  { line, written }: Pick<WrittenBar, 'line' | 'written'>,
  column: BarColumn,
): CellPlace => ({
  file,
  line,
  column: columns[column],
  value: written[barColumns.indexOf(column)] ?? '',
});
