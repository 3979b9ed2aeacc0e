// A bar of the columns, as rules and decisions know bars.
import type { SessionDate } from '../session/calendar';
import { epochMs, type EpochMs } from '../units';
import type { BarColumns } from './barColumns';
import { rsiZone } from './rsiZone';
import type { Divergence, DivergenceKind, IndicatorSnapshot, RsiZone, Turn } from './snapshot';

const minuteMs = 60_000;

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
