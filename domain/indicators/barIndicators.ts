// Every indicator of one stock, advanced one bar at a time. VWAP is fed candle by candle instead, because
// minutes give a more exact average than five-minute bars.
import type { SessionDate } from '../session/calendar';
import type { EpochMs } from '../units';
import { exponentialAverage, simpleAverage } from './averages';
import { crossing } from './crossing';
import { rsiDivergence } from './divergence';
import { averageTrueRange, movingAverageConvergence, relativeStrength } from './momentum';
import { rsiZone } from './rsiZone';
import type { IndicatorSnapshot, VwapValues } from './snapshot';
import { superTrend } from './superTrend';

/** A closed bar: paise and shares, as plain numbers. */
export interface PriceBar {
  readonly at: EpochMs;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What a bar's snapshot needs besides the bar. */
export interface BarContext {
  readonly session: SessionDate;
  readonly barMinutes: number;
  readonly vwap: VwapValues;
}

function averagesOf(): (
  close: number,
) => Pick<IndicatorSnapshot, 'sma20' | 'sma50' | 'ema9' | 'ema21' | 'emaCross'> {
  const sma20 = simpleAverage(20);
  const sma50 = simpleAverage(50);
  const ema9 = exponentialAverage(9);
  const ema21 = exponentialAverage(21);
  const cross = crossing();
  return (close) => {
    const fast = ema9.next(close);
    const slow = ema21.next(close);
    return {
      sma20: sma20.next(close),
      sma50: sma50.next(close),
      ema9: fast,
      ema21: slow,
      emaCross: cross.next(fast === null || slow === null ? null : fast - slow),
    };
  };
}

function strengthOf(): (
  bar: PriceBar,
) => Pick<IndicatorSnapshot, 'rsi14' | 'rsi21' | 'rsi14Zone' | 'rsi21Zone' | 'divergence'> {
  const fast = relativeStrength(14);
  const slow = relativeStrength(21);
  const divergence = rsiDivergence();
  return (bar) => {
    const rsi14 = fast.next(bar.close);
    const rsi21 = slow.next(bar.close);
    return {
      rsi14,
      rsi21,
      rsi14Zone: rsiZone(rsi14),
      rsi21Zone: rsiZone(rsi21),
      divergence: divergence.next({ high: bar.high, low: bar.low, rsi: rsi14 }),
    };
  };
}

/** All indicators of one stock. `next` takes checked bars in order. */
export function barIndicators(): {
  next(bar: PriceBar, context: BarContext): IndicatorSnapshot;
} {
  const averages = averagesOf();
  const strength = strengthOf();
  const volumeMean = simpleAverage(20);
  const atr = averageTrueRange(14);
  const macd = movingAverageConvergence();
  const macdCross = crossing();
  const trend = superTrend();
  return {
    next(bar, { session, barMinutes, vwap }) {
      const { at: barAt, ...prices } = bar;
      const convergence = macd.next(bar.close);
      return {
        barAt,
        barMinutes,
        session,
        ...prices,
        volumeSma20: volumeMean.next(bar.volume),
        ...averages(bar.close),
        atr14: atr.next(bar),
        ...vwap,
        ...strength(bar),
        ...convergence,
        macdCross: macdCross.next(convergence.macdHistogram),
        ...trend.next(bar),
      };
    },
  };
}
