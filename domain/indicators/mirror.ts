// The mirrored bar: prices negated, up and down exchanged. Every rule in this system is written once, for
// buying. Selling is the same rule on the mirrored bar, so the two cannot drift apart. Mirrored prices are
// negative: use only their differences, never their ratios.
import type { DivergenceKind, IndicatorSnapshot, RsiZone, Turn } from './snapshot';

const negated = (value: number | null): number | null => (value === null ? null : -value);

const mirroredTurn = (turn: Turn | null): Turn | null =>
  turn === null ? null : turn === 'bullish' ? 'bearish' : 'bullish';

const mirroredZone = (zone: RsiZone | null): RsiZone | null =>
  zone === null ? null : zone === 'overbought' ? 'oversold' : 'overbought';

const mirroredRsi = (rsi: number | null): number | null => (rsi === null ? null : 100 - rsi);

const exchanged = (divergence: {
  bullish: DivergenceKind | null;
  bearish: DivergenceKind | null;
}): IndicatorSnapshot['divergence'] => ({
  bullish: divergence.bearish,
  bearish: divergence.bullish,
});

/** A snapshot mirrored twice is the same as before. */
export function mirrorSnapshot(snapshot: IndicatorSnapshot): IndicatorSnapshot {
  const direction = snapshot.superTrendDirection;
  return {
    ...snapshot,
    open: -snapshot.open,
    high: -snapshot.low,
    low: -snapshot.high,
    close: -snapshot.close,
    sma20: negated(snapshot.sma20),
    sma50: negated(snapshot.sma50),
    ema9: negated(snapshot.ema9),
    ema21: negated(snapshot.ema21),
    emaCross: mirroredTurn(snapshot.emaCross),
    vwap: negated(snapshot.vwap),
    vwapUpper1: negated(snapshot.vwapLower1),
    vwapLower1: negated(snapshot.vwapUpper1),
    vwapUpper2: negated(snapshot.vwapLower2),
    vwapLower2: negated(snapshot.vwapUpper2),
    rsi14: mirroredRsi(snapshot.rsi14),
    rsi21: mirroredRsi(snapshot.rsi21),
    rsi14Zone: mirroredZone(snapshot.rsi14Zone),
    rsi21Zone: mirroredZone(snapshot.rsi21Zone),
    divergence: exchanged(snapshot.divergence),
    macd: negated(snapshot.macd),
    macdSignal: negated(snapshot.macdSignal),
    macdHistogram: negated(snapshot.macdHistogram),
    macdCross: mirroredTurn(snapshot.macdCross),
    superTrend: negated(snapshot.superTrend),
    superTrendDirection: direction === null ? null : direction === 1 ? -1 : 1,
    superTrendFlip: mirroredTurn(snapshot.superTrendFlip),
  };
}
