// One closed bar as the agents see it: its prices, its volume and every indicator at its close. Plain JSON. A
// number is null while its indicator warms up. PRICES ARE PAISE, but as floats, because an average of paise
// is not whole.
import type { SessionDate } from '../session/calendar';
import type { EpochMs } from '../units';

/** The direction in which something turned on exactly this bar. */
export type Turn = 'bullish' | 'bearish';

/** Regular: price and RSI disagree at an extreme. Hidden: they disagree in a pull-back. */
export type DivergenceKind = 'regular' | 'hidden';

/** What RSI 14 showed against price at the pivot confirmed on this bar; null where there was none. */
export interface Divergence {
  readonly bullish: DivergenceKind | null;
  readonly bearish: DivergenceKind | null;
}

/** Beyond 70 or below 30, strictly; null inside. */
export type RsiZone = 'overbought' | 'oversold';

/** Volume-weighted average price since the session's open, with bands of one and two deviations. */
export interface VwapValues {
  readonly vwap: number | null;
  readonly vwapUpper1: number | null;
  readonly vwapLower1: number | null;
  readonly vwapUpper2: number | null;
  readonly vwapLower2: number | null;
}

/** One closed bar with its indicators. Prices and distances in paise (floats), volume in shares. */
export interface IndicatorSnapshot extends VwapValues {
  /** Start of the bar on the market's clock; it covers [barAt, barAt + barMinutes). */
  readonly barAt: EpochMs;
  readonly barMinutes: number;
  /** The IST date; VWAP starts again when it changes. */
  readonly session: SessionDate;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  /** Mean volume of the last 20 bars, this one included. */
  readonly volumeSma20: number | null;
  readonly sma20: number | null;
  readonly sma50: number | null;
  readonly ema9: number | null;
  readonly ema21: number | null;
  /** EMA 9 crossed EMA 21 on this bar. */
  readonly emaCross: Turn | null;
  readonly atr14: number | null;
  readonly rsi14: number | null;
  readonly rsi21: number | null;
  readonly rsi14Zone: RsiZone | null;
  readonly rsi21Zone: RsiZone | null;
  readonly divergence: Divergence;
  readonly macd: number | null;
  readonly macdSignal: number | null;
  readonly macdHistogram: number | null;
  /** The MACD line crossed its signal on this bar. */
  readonly macdCross: Turn | null;
  readonly superTrend: number | null;
  /** +1 price above the line (up), −1 below it. */
  readonly superTrendDirection: 1 | -1 | null;
  readonly superTrendFlip: Turn | null;
}
