// One row of a candle file that has passed every check.
import type { EpochMs } from '../units';
import type { CellPlace } from './cell';

export const barColumns = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;
export const priceColumns = ['open', 'high', 'low', 'close'] as const;

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

/** Where a value of the row stands. */
export const placeIn = (
  file: string,
  { line, written }: Pick<WrittenBar, 'line' | 'written'>,
  column: (typeof barColumns)[number],
): CellPlace => ({ file, line, column, value: written[barColumns.indexOf(column)] ?? '' });
