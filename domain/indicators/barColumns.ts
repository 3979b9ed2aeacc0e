// The bars of one stock with every indicator, as columns. The arithmetic is that of `barIndicators`, number for
// number; only where it is kept differs. A search goes over millions of bars, and an object for each would be most
// of its time.
import type { MinuteColumns } from '../market/minuteColumns';
import type { SessionDate } from '../session/calendar';
import { istDate, istDayNumber } from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';
import { exponentialAverage, simpleAverage } from './averages';
import { barStart } from './barAggregator';
import { crossing } from './crossing';
import { rsiDivergence } from './divergence';
import { averageTrueRange, movingAverageConvergence, relativeStrength } from './momentum';
import { SessionVwap } from './sessionVwap';
import type { DivergenceKind, Turn } from './snapshot';
import { superTrend } from './superTrend';

const minuteMs = 60_000;

const numbers = [
  'open',
  'high',
  'low',
  'close',
  'volume',
  'volumeSma20',
  'sma20',
  'sma50',
  'ema9',
  'ema21',
  'atr14',
  'rsi14',
  'rsi21',
  'macd',
  'macdSignal',
  'macdHistogram',
  'superTrend',
  'vwap',
  'vwapDeviation',
] as const;

const codes = [
  'emaCross',
  'macdCross',
  'superTrendFlip',
  'superTrendDirection',
  'bullish',
  'bearish',
] as const;

type Numbers = Readonly<Record<(typeof numbers)[number], Float64Array>>;
type Codes = Readonly<Record<(typeof codes)[number], Int8Array>>;

/** NaN is a value that is not known yet. Prices in paise, volume in shares. */
export interface BarColumns extends Numbers, Codes {
  readonly length: number;
  readonly barMinutes: number;
  /** Minutes since 1970 at each bar's start. */
  readonly minute: Int32Array;
  /** Days since 1970 in India: bars of one session have the same. */
  readonly day: Int32Array;
  /** The date of each of those days. */
  readonly sessions: ReadonlyMap<number, SessionDate>;
}

const instantOf = (minute: number): EpochMs => epochMs(minute * minuteMs);
const dayOf = (minute: number): number => istDayNumber(instantOf(minute));

const priceNumbers = ['open', 'high', 'low', 'close', 'volume', 'vwap', 'vwapDeviation'] as const;

/** Bars of whole sessions before any indicator. */
export interface PriceBars extends Readonly<Record<(typeof priceNumbers)[number], Float64Array>> {
  readonly length: number;
  readonly minute: Int32Array;
}

/** The bars of the minutes in rows [from, until), the last one too where its end is past. */
export function priceBars(
  minutes: MinuteColumns,
  { from, until }: { readonly from: number; readonly until: number },
  barMinutes: number,
): PriceBars {
  const bars = new BarWriter(until - from, barMinutes);
  for (let row = from; row < until; row += 1) bars.add(minutes, row);
  return bars.bars();
}

/** Joins minutes into bars. VWAP starts again with every session. */
class BarWriter {
  readonly #barMinutes: number;
  readonly #minute: Int32Array;
  readonly #numbers: Record<(typeof priceNumbers)[number], Float64Array>;
  readonly #vwap = new SessionVwap();
  #count = 0;

  constructor(most: number, barMinutes: number) {
    this.#barMinutes = barMinutes;
    this.#minute = new Int32Array(most);
    this.#numbers = columnsNamed(priceNumbers, () => new Float64Array(most));
  }

  add(minutes: MinuteColumns, row: number): void {
    const start = barStart(instantOf(minutes.minute[row] ?? 0), this.#barMinutes) / minuteMs;
    if (this.#count === 0 || this.#minute[this.#count - 1] !== start)
      this.#begin(start, minutes, row);
    const { high: highs, low: lows, close: closes, volume: volumes } = this.#numbers;
    const at = this.#count - 1;
    const [high, low] = [minutes.high[row] ?? 0, minutes.low[row] ?? 0];
    const [close, volume] = [minutes.close[row] ?? 0, minutes.volume[row] ?? 0];
    if (high > (highs[at] ?? 0)) highs[at] = high;
    if (low < (lows[at] ?? 0)) lows[at] = low;
    closes[at] = close;
    volumes[at] = (volumes[at] ?? 0) + volume;
    this.#vwap.addTraded(dayOf(start), (high + low + close) / 3, volume);
  }

  bars(): PriceBars {
    this.#end();
    const length = this.#count;
    const columns = columnsNamed(priceNumbers, (name) => this.#numbers[name].slice(0, length));
    return { ...columns, length, minute: this.#minute.slice(0, length) };
  }

  #begin(start: number, minutes: MinuteColumns, row: number): void {
    this.#end();
    const at = this.#count;
    this.#count += 1;
    this.#minute[at] = start;
    this.#numbers.open[at] = minutes.open[row] ?? 0;
    this.#numbers.high[at] = minutes.high[row] ?? 0;
    this.#numbers.low[at] = minutes.low[row] ?? 0;
  }

  /** VWAP of the bar that has just ended. */
  #end(): void {
    if (this.#count === 0) return;
    this.#numbers.vwap[this.#count - 1] = this.#vwap.mean;
    this.#numbers.vwapDeviation[this.#count - 1] = this.#vwap.deviation;
  }
}

const columnsNamed = <Name extends string, Column>(
  names: readonly Name[],
  made: (name: Name) => Column,
): Record<Name, Column> =>
  // TypeScript knows no keys of an object made from entries; they are the names given.
  Object.fromEntries(names.map((name) => [name, made(name)])) as Record<Name, Column>;

/**
 * All parts as one series, with every indicator from its first bar on.
 * @param parts sessions, ascending. @param wanted the first bar whose simple means are wanted: each is of a window of
 * its own, so those before it need not be worked out.
 */
export function barColumns(
  parts: readonly PriceBars[],
  barMinutes: number,
  wanted = 0,
): BarColumns {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const into = columnsNamed(numbers, () => new Float64Array(length));
  const coded = columnsNamed(codes, () => new Int8Array(length));
  const minute = new Int32Array(length);
  let at = 0;
  for (const part of parts) {
    minute.set(part.minute, at);
    for (const name of priceNumbers) into[name].set(part[name], at);
    at += part.length;
  }
  runMeans(into, wanted);
  runAverages(into, coded);
  runMomentum(into, coded);
  runRanges(into, coded);
  const day = minute.map(dayOf);
  const sessions = new Map<number, SessionDate>();
  for (const [bar, number] of day.entries())
    if (!sessions.has(number)) sessions.set(number, istDate(instantOf(minute[bar] ?? 0)));
  return { ...into, ...coded, length, barMinutes, minute, day, sessions };
}

const turnCode = (turn: Turn | null): number => (turn === null ? 0 : turn === 'bullish' ? 1 : -1);
const kindCode = (kind: DivergenceKind | null): number =>
  kind === null ? 0 : kind === 'regular' ? 1 : 2;

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);

/** Runs over one column. */
function pass(
  from: Float64Array,
  into: Float64Array,
  running: { next(value: number): number | null },
): void {
  for (let at = 0; at < from.length; at += 1) into[at] = running.next(from[at] ?? NaN) ?? NaN;
}

function runMeans({ close, volume, volumeSma20, sma20, sma50 }: Numbers, wanted: number): void {
  runMean(volume, volumeSma20, 20, wanted);
  runMean(close, sma20, 20, wanted);
  runMean(close, sma50, 50, wanted);
}

function runMean(from: Float64Array, into: Float64Array, length: number, wanted: number): void {
  const first = Math.max(0, wanted - length + 1);
  into.fill(NaN, 0, first);
  pass(from.subarray(first), into.subarray(first), simpleAverage(length));
}

function runAverages(into: Numbers, coded: Record<'emaCross', Int8Array>): void {
  const { close } = into;
  pass(close, into.ema9, exponentialAverage(9));
  pass(close, into.ema21, exponentialAverage(21));
  const cross = crossing();
  for (let at = 0; at < close.length; at += 1)
    coded.emaCross[at] = turnCode(
      cross.next(known((into.ema9[at] ?? NaN) - (into.ema21[at] ?? NaN))),
    );
}

function runMomentum(
  into: Numbers,
  coded: Record<'macdCross' | 'bullish' | 'bearish', Int8Array>,
): void {
  const { close, high, low } = into;
  pass(close, into.rsi14, relativeStrength(14));
  pass(close, into.rsi21, relativeStrength(21));
  const macd = movingAverageConvergence();
  const macdCross = crossing();
  const divergence = rsiDivergence();
  for (let at = 0; at < close.length; at += 1) {
    const values = macd.next(close[at] ?? NaN);
    into.macd[at] = values.macd ?? NaN;
    into.macdSignal[at] = values.macdSignal ?? NaN;
    into.macdHistogram[at] = values.macdHistogram ?? NaN;
    coded.macdCross[at] = turnCode(macdCross.next(values.macdHistogram));
    const rsi = known(into.rsi14[at] ?? NaN);
    const found = divergence.next({ high: high[at] ?? NaN, low: low[at] ?? NaN, rsi });
    coded.bullish[at] = kindCode(found.bullish);
    coded.bearish[at] = kindCode(found.bearish);
  }
}

function runRanges(
  into: Numbers,
  coded: Record<'superTrendFlip' | 'superTrendDirection', Int8Array>,
): void {
  const { high, low, close } = into;
  const atr = averageTrueRange(14);
  const trend = superTrend();
  for (let at = 0; at < close.length; at += 1) {
    const bar = { high: high[at] ?? NaN, low: low[at] ?? NaN, close: close[at] ?? NaN };
    into.atr14[at] = atr.next(bar) ?? NaN;
    const values = trend.next(bar);
    into.superTrend[at] = values.superTrend ?? NaN;
    coded.superTrendDirection[at] = values.superTrendDirection ?? 0;
    coded.superTrendFlip[at] = turnCode(values.superTrendFlip);
  }
}
