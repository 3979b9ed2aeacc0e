// Splits and bonuses that a user names, and what they do to the history before them: prices are divided by the factor
// and moved to the nearest tick, volumes are multiplied and rounded.
import { roundToTick } from '../market/instrument';
import type { Candle } from '../market/candle';
import { tickSizeOn } from '../market/tickSize';
import { isCalendarDate, type SessionDate } from '../session/calendar';
import { istDate } from '../session/sessionClock';
import { paise, shares, type Paise } from '../units';
import { plainDecimal, refuseCell } from './cell';
import { eachRow, type CsvTable } from './table';

export const factorColumns = ['symbol', 'ex_date', 'factor'] as const;

/** Shares after for one before: 2 for a bonus of one for one, 5 for a split of ₹10 into ₹2. */
interface Factor {
  readonly exDate: SessionDate;
  readonly factor: number;
}

/** By tradingsymbol. */
export type Factors = ReadonlyMap<string, readonly Factor[]>;

export const noFactors: Factors = new Map();

const factorMax = 1_000;

/** @param known the symbols there are candles of. @throws Refused CANDLE_FILE naming line, column and value. */
export function readFactors(table: CsvTable, known: ReadonlySet<string>): Factors {
  const { file, delimiter } = table;
  const factors = new Map<string, Factor[]>();
  eachRow(table, factorColumns, (line, [symbol = '', exDate = '', text = '']) => {
    const place = (column: string, value: string) => ({ file, line, column, value });
    if (!known.has(symbol))
      refuseCell(place('symbol', symbol), 'must be a stock that the folder has candles of');
    if (!isCalendarDate(exDate))
      refuseCell(place('ex_date', exDate), 'must be a calendar date like 2026-11-20');
    const factor = Number(plainDecimal(text, delimiter) ?? Number.NaN);
    if (!(factor > 0 && factor <= factorMax && factor !== 1))
      refuseCell(
        place('factor', text),
        `must be a number above 0 and at most ${factorMax} other than 1, like 2 for a bonus of one for one`,
      );
    const named = factors.get(symbol) ?? [];
    if (named.some((one) => one.exDate === exDate))
      refuseCell(place('ex_date', exDate), `must be there once for ${symbol}`);
    factors.set(symbol, [...named, { exDate, factor }]);
  });
  return factors;
}

/** Shares on the newest date for one on the date. */
export const factorOn = (factors: readonly Factor[], date: SessionDate): number =>
  factors.reduce((product, { exDate, factor }) => (date < exDate ? product * factor : product), 1);

/** The candles as if today’s shares had traded. */
export function adjusted(
  candles: readonly Candle[],
  factors: readonly Factor[],
): readonly Candle[] {
  if (factors.length === 0) return candles;
  return candles.map((candle) => {
    const date = istDate(candle.at);
    const factor = factorOn(factors, date);
    return factor === 1 ? candle : divided(candle, date, factor);
  });
}

function divided(candle: Candle, date: SessionDate, factor: number): Candle {
  // One tick for all four, so that they keep their order.
  const tick = tickSizeOn(date, paise(Math.round(candle.low / factor)));
  const price = (value: Paise): Paise =>
    paise(Math.max(tick, roundToTick(value / factor, tick, 'nearest')));
  const { at, open, high, low, close, volume } = candle;
  return {
    at,
    open: price(open),
    high: price(high),
    low: price(low),
    close: price(close),
    volume: shares(Math.round(volume * factor)),
  };
}
