// The bars of one stock with every indicator, as columns. The arithmetic is that of `barIndicators`, number for
// number; only where it is kept differs. A search goes over millions of bars, and an object for each would be most
// of its time.
import type { MinuteColumns } from '../market/minuteColumns';
import type { SessionDate } from '../session/calendar';
import { istDate } from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';
import { exponentialAverage, simpleAverage } from './averages';
import { crossing } from './crossing';
import { rsiDivergence } from './divergence';
import { averageTrueRange, movingAverageConvergence, relativeStrength } from './momentum';
import { rsiZone } from './rsiZone';
import { SessionVwap } from './sessionVwap';
import type { Divergence, DivergenceKind, IndicatorSnapshot, RsiZone, Turn } from './snapshot';
import { superTrend } from './superTrend';

const minuteMs = 60_000;
const dayMinutes = 1440;
const istMinutes = 330;
const openMinute = 555;

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

/** Minutes since 1970 at which the bar that covers a minute begins; bars are counted from 09:15 in India. */
export function barMinuteOf(minute: number, barMinutes: number): number {
  const sinceOpen = ((minute + istMinutes) % dayMinutes) - openMinute;
  return minute - sinceOpen + Math.floor(sinceOpen / barMinutes) * barMinutes;
}

const dayOf = (minute: number): number => Math.floor((minute + istMinutes) / dayMinutes);

/** The bars of the minutes in rows [from, until), the last one too where its end is past. */
export function barColumns(
  minutes: MinuteColumns,
  { from, until }: { readonly from: number; readonly until: number },
  barMinutes: number,
): BarColumns {
  const bars = new BarWriter(until - from, barMinutes);
  for (let row = from; row < until; row += 1) bars.add(minutes, row);
  return bars.columns();
}

const turnCode = (turn: Turn | null): number =>
  turn === null ? 0 : turn === 'bullish' ? 1 : -1;
const kindCode = (kind: DivergenceKind | null): number =>
  kind === null ? 0 : kind === 'regular' ? 1 : 2;

/** Joins minutes into bars, then runs the indicators over them. */
class BarWriter {
  readonly #barMinutes: number;
  readonly #minute: Int32Array;
  readonly #day: Int32Array;
  readonly #numbers: Record<(typeof numbers)[number], Float64Array>;
  readonly #vwap = new SessionVwap();
  readonly #sessions = new Map<number, SessionDate>();
  #count = 0;

  constructor(most: number, barMinutes: number) {
    this.#barMinutes = barMinutes;
    this.#minute = new Int32Array(most);
    this.#day = new Int32Array(most);
    this.#numbers = Object.fromEntries(
      numbers.map((name) => [name, new Float64Array(most).fill(NaN)]),
    ) as Record<(typeof numbers)[number], Float64Array>;
  }

  add(minutes: MinuteColumns, row: number): void {
    const minute = minutes.minute[row] ?? 0;
    const start = barMinuteOf(minute, this.#barMinutes);
    const [high, low] = [minutes.high[row] ?? 0, minutes.low[row] ?? 0];
    const [close, volume] = [minutes.close[row] ?? 0, minutes.volume[row] ?? 0];
    const { open: opens, high: highs, low: lows, close: closes, volume: volumes } = this.#numbers;
    if (this.#count === 0 || this.#minute[this.#count - 1] !== start) {
      const at = this.#count;
      this.#count += 1;
      this.#minute[at] = start;
      const day = dayOf(start);
      this.#day[at] = day;
      if (!this.#sessions.has(day)) this.#sessions.set(day, istDate(epochMs(start * minuteMs)));
      opens[at] = minutes.open[row] ?? 0;
      highs[at] = high;
      lows[at] = low;
      volumes[at] = 0;
    }
    const at = this.#count - 1;
    if (high > (highs[at] ?? 0)) highs[at] = high;
    if (low < (lows[at] ?? 0)) lows[at] = low;
    closes[at] = close;
    volumes[at] = (volumes[at] ?? 0) + volume;
    this.#vwap.addTraded(this.#day[at] ?? 0, (high + low + close) / 3, volume);
    this.#numbers.vwap[at] = this.#vwap.mean;
    this.#numbers.vwapDeviation[at] = this.#vwap.deviation;
  }

  columns(): BarColumns {
    const length = this.#count;
    const cut = Object.fromEntries(
      numbers.map((name) => [name, this.#numbers[name].slice(0, length)]),
    ) as Record<(typeof numbers)[number], Float64Array>;
    const coded = Object.fromEntries(
      codes.map((name) => [name, new Int8Array(length)]),
    ) as Record<(typeof codes)[number], Int8Array>;
    runAverages(cut, coded);
    runMomentum(cut, coded);
    runRanges(cut, coded);
    return {
      ...cut,
      ...coded,
      length,
      barMinutes: this.#barMinutes,
      minute: this.#minute.slice(0, length),
      day: this.#day.slice(0, length),
      sessions: this.#sessions,
    };
  }
}

/** Runs over one column. */
function pass(from: Float64Array, into: Float64Array, next: (value: number) => number | null): void {
  for (let at = 0; at < from.length; at += 1) into[at] = next(from[at] ?? NaN) ?? NaN;
}

function runAverages(into: Numbers, coded: Record<'emaCross', Int8Array>): void {
  const { close } = into;
  pass(into.volume, into.volumeSma20, simpleAverage(20).next);
  pass(close, into.sma20, simpleAverage(20).next);
  pass(close, into.sma50, simpleAverage(50).next);
  pass(close, into.ema9, exponentialAverage(9).next);
  pass(close, into.ema21, exponentialAverage(21).next);
  const cross = crossing();
  for (let at = 0; at < close.length; at += 1)
    coded.emaCross[at] = turnCode(cross.next(known((into.ema9[at] ?? NaN) - (into.ema21[at] ?? NaN))));
}

function runMomentum(
  into: Numbers,
  coded: Record<'macdCross' | 'bullish' | 'bearish', Int8Array>,
): void {
  const { close, high, low } = into;
  pass(close, into.rsi14, relativeStrength(14).next);
  pass(close, into.rsi21, relativeStrength(21).next);
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

const known = (value: number): number | null => (Number.isNaN(value) ? null : value);
const turnOf = (code: number): Turn | null =>
  code === 0 ? null : code > 0 ? 'bullish' : 'bearish';
const kindOf = (code: number): DivergenceKind | null =>
  code === 0 ? null : code === 1 ? 'regular' : 'hidden';

/** A bar read where it lies. */
export class ColumnBar implements IndicatorSnapshot {
  readonly #columns: BarColumns;
  readonly #at: number;

  constructor(columns: BarColumns, at: number) {
    this.#columns = columns;
    this.#at = at;
  }

  get barAt(): EpochMs {
    return epochMs((this.#columns.minute[this.#at] ?? 0) * minuteMs);
  }
  get barMinutes(): number {
    return this.#columns.barMinutes;
  }
  get session(): SessionDate {
    return this.#columns.sessions.get(this.#columns.day[this.#at] ?? 0) ?? '';
  }
  get open(): number {
    return this.#columns.open[this.#at] ?? NaN;
  }
  get high(): number {
    return this.#columns.high[this.#at] ?? NaN;
  }
  get low(): number {
    return this.#columns.low[this.#at] ?? NaN;
  }
  get close(): number {
    return this.#columns.close[this.#at] ?? NaN;
  }
  get volume(): number {
    return this.#columns.volume[this.#at] ?? NaN;
  }
  get volumeSma20(): number | null {
    return known(this.#columns.volumeSma20[this.#at] ?? NaN);
  }
  get sma20(): number | null {
    return known(this.#columns.sma20[this.#at] ?? NaN);
  }
  get sma50(): number | null {
    return known(this.#columns.sma50[this.#at] ?? NaN);
  }
  get ema9(): number | null {
    return known(this.#columns.ema9[this.#at] ?? NaN);
  }
  get ema21(): number | null {
    return known(this.#columns.ema21[this.#at] ?? NaN);
  }
  get emaCross(): Turn | null {
    return turnOf(this.#columns.emaCross[this.#at] ?? 0);
  }
  get atr14(): number | null {
    return known(this.#columns.atr14[this.#at] ?? NaN);
  }
  get vwap(): number | null {
    return known(this.#columns.vwap[this.#at] ?? NaN);
  }
  get vwapUpper1(): number | null {
    return this.#vwapBand(1);
  }
  get vwapLower1(): number | null {
    return this.#vwapBand(-1);
  }
  get vwapUpper2(): number | null {
    return this.#vwapBand(2);
  }
  get vwapLower2(): number | null {
    return this.#vwapBand(-2);
  }
  get rsi14(): number | null {
    return known(this.#columns.rsi14[this.#at] ?? NaN);
  }
  get rsi21(): number | null {
    return known(this.#columns.rsi21[this.#at] ?? NaN);
  }
  get rsi14Zone(): RsiZone | null {
    return rsiZone(this.rsi14);
  }
  get rsi21Zone(): RsiZone | null {
    return rsiZone(this.rsi21);
  }
  get divergence(): Divergence {
    return {
      bullish: kindOf(this.#columns.bullish[this.#at] ?? 0),
      bearish: kindOf(this.#columns.bearish[this.#at] ?? 0),
    };
  }
  get macd(): number | null {
    return known(this.#columns.macd[this.#at] ?? NaN);
  }
  get macdSignal(): number | null {
    return known(this.#columns.macdSignal[this.#at] ?? NaN);
  }
  get macdHistogram(): number | null {
    return known(this.#columns.macdHistogram[this.#at] ?? NaN);
  }
  get macdCross(): Turn | null {
    return turnOf(this.#columns.macdCross[this.#at] ?? 0);
  }
  get superTrend(): number | null {
    return known(this.#columns.superTrend[this.#at] ?? NaN);
  }
  get superTrendDirection(): 1 | -1 | null {
    const code = this.#columns.superTrendDirection[this.#at] ?? 0;
    return code === 0 ? null : code > 0 ? 1 : -1;
  }
  get superTrendFlip(): Turn | null {
    return turnOf(this.#columns.superTrendFlip[this.#at] ?? 0);
  }

  #vwapBand(deviations: number): number | null {
    const mean = this.#columns.vwap[this.#at] ?? NaN;
    return known(mean + deviations * (this.#columns.vwapDeviation[this.#at] ?? NaN));
  }
}
