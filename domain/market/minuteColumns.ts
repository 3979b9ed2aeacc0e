// Minute candles as columns: what a search reads again and again lies side by side in memory.
import { epochMs, paise, shares, type EpochMs } from '../units';
import type { Candle } from './candle';
import { firstFrom } from './firstFrom';

const minuteMs = 60_000;

/** One stock's minute candles, ascending. All columns have the same length. */
export interface MinuteColumns {
  /** Minutes since 1970 at each candle's start. */
  readonly minute: Int32Array;
  /** Paise. */
  readonly open: Int32Array;
  readonly high: Int32Array;
  readonly low: Int32Array;
  readonly close: Int32Array;
  /** Shares. */
  readonly volume: Float64Array;
}

const columnsOf = (length: number): MinuteColumns => ({
  minute: new Int32Array(length),
  open: new Int32Array(length),
  high: new Int32Array(length),
  low: new Int32Array(length),
  close: new Int32Array(length),
  volume: new Float64Array(length),
});

/** @param candles ascending, of whole minutes. */
export function minuteColumns(candles: readonly Candle[]): MinuteColumns {
  const columns = columnsOf(candles.length);
  candles.forEach(({ at, open, high, low, close, volume }, row) => {
    columns.minute[row] = at / minuteMs;
    columns.open[row] = open;
    columns.high[row] = high;
    columns.low[row] = low;
    columns.close[row] = close;
    columns.volume[row] = volume;
  });
  return columns;
}

/** The candle of a row. */
export const candleOf = (columns: MinuteColumns, row: number): Candle => ({
  at: epochMs((columns.minute[row] ?? 0) * minuteMs),
  open: paise(columns.open[row] ?? 0),
  high: paise(columns.high[row] ?? 0),
  low: paise(columns.low[row] ?? 0),
  close: paise(columns.close[row] ?? 0),
  volume: shares(columns.volume[row] ?? 0),
});

/** The first row at or after an instant; the number of rows where there is none. */
export const rowFrom = ({ minute }: MinuteColumns, at: EpochMs): number =>
  firstFrom(minute.length, (row) => minute[row] ?? 0, at / minuteMs);
