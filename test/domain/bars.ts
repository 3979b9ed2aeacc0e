// Snapshots made by hand for agent and decision tests: calm bars around ₹2,000 on which no agent votes,
// changed where a test needs it.
import type { IndicatorSnapshot } from '../../domain/indicators';
import type { SentimentView } from '../../domain/sentiment/view';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs } from '../../domain/units';

const calm: IndicatorSnapshot = {
  barAt: istInstant('2021-04-15', '11:00'),
  barMinutes: 5,
  session: '2021-04-15',
  open: 200_000,
  high: 200_200,
  low: 199_800,
  close: 200_000,
  volume: 1000,
  volumeSma20: 1000,
  sma20: 200_000,
  sma50: 200_000,
  ema9: 200_000,
  ema21: 200_000,
  emaCross: null,
  atr14: 400,
  vwap: 200_000,
  vwapUpper1: 200_300,
  vwapLower1: 199_700,
  vwapUpper2: 200_600,
  vwapLower2: 199_400,
  rsi14: 50,
  rsi21: 50,
  rsi14Zone: null,
  rsi21Zone: null,
  divergence: { bullish: null, bearish: null },
  macd: 0,
  macdSignal: 0,
  macdHistogram: 0,
  macdCross: null,
  superTrend: null,
  superTrendDirection: null,
  superTrendFlip: null,
};

/** A calm bar with these fields changed. */
export const bar = (changed: Partial<IndicatorSnapshot>): IndicatorSnapshot => ({
  ...calm,
  ...changed,
});

/** A sentiment view with this score and confidence. */
export const news = (score: number, confidence: number): SentimentView => ({
  score,
  confidence,
  evidence: [],
  itemCount: 1,
  asOf: epochMs(0),
});
