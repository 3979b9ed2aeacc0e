// Adds indicators to bars in CSV form; `ratchet indicators` uses it. Each row is a bar of its own, whatever
// its length. VWAP starts again with each IST date. Prices keep their unit.
import { Refused } from '../errors';
import { istDate } from '../session/sessionClock';
import { epochMs, type EpochMs, type Paise, type Shares } from '../units';
import { barIndicators } from './barIndicators';
import { checkCandle } from './candleCheck';
import { sessionVwap } from './sessionVwap';
import type { IndicatorSnapshot } from './snapshot';

const inputColumns = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;

/** Columns added to the input's, in this order; a cell is empty while its indicator warms up. */
export const indicatorColumns = [
  'ema9',
  'ema21',
  'sma20',
  'sma50',
  'rsi14',
  'rsi21',
  'macd',
  'macdSignal',
  'macdHistogram',
  'atr14',
  'vwap',
  'superTrend',
  'superTrendDirection',
] as const satisfies readonly (keyof IndicatorSnapshot)[];

function refuse(message: string): never {
  throw new Refused({ code: 'INDICATOR_CSV', message });
}

/** A timestamp without an offset is Indian time; a bare date is its midnight. */
function instantOf(text: string, line: number): EpochMs {
  const dated = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : text.replace(' ', 'T');
  const at = Date.parse(/(?:Z|[+-]\d{2}:?\d{2})$/.test(dated) ? dated : `${dated}+05:30`);
  if (Number.isNaN(at)) {
    refuse(`line ${line}: ts must be a time like 2021-04-15T09:15:00+05:30, was "${text}"`);
  }
  return epochMs(at);
}

interface CsvBar {
  readonly at: EpochMs;
  readonly open: Paise;
  readonly high: Paise;
  readonly low: Paise;
  readonly close: Paise;
  readonly volume: Shares;
}

function barOf(fields: readonly string[], places: readonly number[], line: number): CsvBar {
  const cell = (column: number): string => fields[places[column] ?? -1]?.trim() ?? '';
  const numberAt = (column: number): number => {
    const text = cell(column);
    const value = text === '' ? NaN : Number(text);
    if (Number.isFinite(value)) return value;
    return refuse(`line ${line}: ${inputColumns[column] ?? ''} must be a number, was "${text}"`);
  };
  return {
    at: instantOf(cell(0), line),
    open: numberAt(1) as Paise,
    high: numberAt(2) as Paise,
    low: numberAt(3) as Paise,
    close: numberAt(4) as Paise,
    volume: numberAt(5) as Shares,
  };
}

function columnPlaces(header: string): number[] {
  const names = header.split(',').map((name) => name.trim());
  return inputColumns.map((column) => {
    const place = names.indexOf(column);
    return place < 0
      ? refuse(`the header must have ${inputColumns.join(',')}; ${column} is missing`)
      : place;
  });
}

/**
 * The input's ts, open, high, low, close and volume with `indicatorColumns` behind them.
 * @throws Refused INDICATOR_CSV or CANDLE_* naming the line, the field and the value.
 */
export function indicatorCsv(text: string): string {
  const [header = '', ...lines] = text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/);
  const places = columnPlaces(header);
  const indicators = barIndicators();
  const vwap = sessionVwap();
  let previousAt: EpochMs | null = null;
  const rows = lines.map((line, index) => {
    const fields = line.split(',');
    const bar = barOf(fields, places, index + 2);
    checkCandle(bar, previousAt);
    previousAt = bar.at;
    const session = istDate(bar.at);
    vwap.add(session, bar);
    const snapshot = indicators.next(bar, { session, barMinutes: 1, vwap: vwap.values() });
    const kept = places.map((place) => fields[place]?.trim() ?? '');
    return [...kept, ...indicatorColumns.map((column) => snapshot[column] ?? '')].join(',');
  });
  return `${[[...inputColumns, ...indicatorColumns].join(','), ...rows].join('\n')}\n`;
}
