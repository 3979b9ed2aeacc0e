// The mirrored bar: prices negated, up and down exchanged. Every rule in this system is written once, for
// buying. Selling is the same rule on the mirrored bar, so the two cannot drift apart. Mirrored prices are
// negative: use only their differences, never their ratios.
import type { SessionDate } from '../session/calendar';
import type { EpochMs } from '../units';
import type { PastBars } from './pastBars';
import type { Divergence, IndicatorSnapshot, RsiZone, Turn } from './snapshot';

const negated = (value: number | null): number | null => (value === null ? null : -value);

const mirroredTurn = (turn: Turn | null): Turn | null =>
  turn === null ? null : turn === 'bullish' ? 'bearish' : 'bullish';

const mirroredZone = (zone: RsiZone | null): RsiZone | null =>
  zone === null ? null : zone === 'overbought' ? 'oversold' : 'overbought';

const mirroredRsi = (rsi: number | null): number | null => (rsi === null ? null : 100 - rsi);

/** A bar seen upside down. A rule reads a few of its numbers, so each is turned when it is read. */
export class MirroredBar implements IndicatorSnapshot {
  readonly #bar: IndicatorSnapshot;

  constructor(bar: IndicatorSnapshot) {
    this.#bar = bar;
  }

  get barAt(): EpochMs {
    return this.#bar.barAt;
  }
  get barMinutes(): number {
    return this.#bar.barMinutes;
  }
  get session(): SessionDate {
    return this.#bar.session;
  }
  get open(): number {
    return -this.#bar.open;
  }
  get high(): number {
    return -this.#bar.low;
  }
  get low(): number {
    return -this.#bar.high;
  }
  get close(): number {
    return -this.#bar.close;
  }
  get volume(): number {
    return this.#bar.volume;
  }
  get volumeSma20(): number | null {
    return this.#bar.volumeSma20;
  }
  get sma20(): number | null {
    return negated(this.#bar.sma20);
  }
  get sma50(): number | null {
    return negated(this.#bar.sma50);
  }
  get ema9(): number | null {
    return negated(this.#bar.ema9);
  }
  get ema21(): number | null {
    return negated(this.#bar.ema21);
  }
  get emaCross(): Turn | null {
    return mirroredTurn(this.#bar.emaCross);
  }
  get atr14(): number | null {
    return this.#bar.atr14;
  }
  get vwap(): number | null {
    return negated(this.#bar.vwap);
  }
  get vwapUpper1(): number | null {
    return negated(this.#bar.vwapLower1);
  }
  get vwapLower1(): number | null {
    return negated(this.#bar.vwapUpper1);
  }
  get vwapUpper2(): number | null {
    return negated(this.#bar.vwapLower2);
  }
  get vwapLower2(): number | null {
    return negated(this.#bar.vwapUpper2);
  }
  get rsi14(): number | null {
    return mirroredRsi(this.#bar.rsi14);
  }
  get rsi21(): number | null {
    return mirroredRsi(this.#bar.rsi21);
  }
  get rsi14Zone(): RsiZone | null {
    return mirroredZone(this.#bar.rsi14Zone);
  }
  get rsi21Zone(): RsiZone | null {
    return mirroredZone(this.#bar.rsi21Zone);
  }
  get divergence(): Divergence {
    const { bullish, bearish } = this.#bar.divergence;
    return { bullish: bearish, bearish: bullish };
  }
  get macd(): number | null {
    return negated(this.#bar.macd);
  }
  get macdSignal(): number | null {
    return negated(this.#bar.macdSignal);
  }
  get macdHistogram(): number | null {
    return negated(this.#bar.macdHistogram);
  }
  get macdCross(): Turn | null {
    return mirroredTurn(this.#bar.macdCross);
  }
  get superTrend(): number | null {
    return negated(this.#bar.superTrend);
  }
  get superTrendDirection(): 1 | -1 | null {
    const direction = this.#bar.superTrendDirection;
    return direction === null ? null : direction === 1 ? -1 : 1;
  }
  get superTrendFlip(): Turn | null {
    return mirroredTurn(this.#bar.superTrendFlip);
  }
}

/** The same bars, each upside down. */
export const mirroredPast = (past: PastBars): PastBars => ({
  count: past.count,
  back(bars) {
    const bar = past.back(bars);
    return bar === undefined ? undefined : new MirroredBar(bar);
  },
  range: past.range,
  highest: (most) => -past.lowest(most),
  lowest: (most) => -past.highest(most),
});

/** A snapshot upside down, as plain values. Mirrored twice it is the same as before. */
export const mirrorSnapshot = (snapshot: IndicatorSnapshot): IndicatorSnapshot =>
  plainSnapshot(new MirroredBar(snapshot));

/** The values of a bar that is read where it lies. */
export const plainSnapshot = (bar: IndicatorSnapshot): IndicatorSnapshot => ({
  barAt: bar.barAt,
  barMinutes: bar.barMinutes,
  session: bar.session,
  open: bar.open,
  high: bar.high,
  low: bar.low,
  close: bar.close,
  volume: bar.volume,
  volumeSma20: bar.volumeSma20,
  sma20: bar.sma20,
  sma50: bar.sma50,
  ema9: bar.ema9,
  ema21: bar.ema21,
  emaCross: bar.emaCross,
  atr14: bar.atr14,
  vwap: bar.vwap,
  vwapUpper1: bar.vwapUpper1,
  vwapLower1: bar.vwapLower1,
  vwapUpper2: bar.vwapUpper2,
  vwapLower2: bar.vwapLower2,
  rsi14: bar.rsi14,
  rsi21: bar.rsi21,
  rsi14Zone: bar.rsi14Zone,
  rsi21Zone: bar.rsi21Zone,
  divergence: bar.divergence,
  macd: bar.macd,
  macdSignal: bar.macdSignal,
  macdHistogram: bar.macdHistogram,
  macdCross: bar.macdCross,
  superTrend: bar.superTrend,
  superTrendDirection: bar.superTrendDirection,
  superTrendFlip: bar.superTrendFlip,
});
