// The signal-quality model's features: the one implementation, used to train and to score. A SHORT is
// described by the mirrored bars, so one model serves both directions. Everything is in true ranges or
// shares, clipped to a declared range, and a value not known yet is its neutral middle: always finite.
import {
  MirroredBar,
  mirroredPast,
  newest,
  pastOf,
  type IndicatorSnapshot,
  type PastBars,
} from '../indicators';
import { rangeRegime } from '../agents';
import type { Direction } from '../units';

interface FeatureContext {
  readonly bar: IndicatorSnapshot;
  readonly past: PastBars;
  /** True range; above 0. */
  readonly range: number;
}

interface Feature {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** null where it cannot be known yet. */
  readonly of: (context: FeatureContext) => number | null;
}

const minus = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a - b;

const per = (value: number | null, unit: number): number | null =>
  value === null ? null : value / unit;

const returnOver =
  (bars: number) =>
  ({ bar, past, range }: FeatureContext): number | null =>
    per(minus(bar.close, past.back(bars)?.close ?? null), range * Math.sqrt(bars));

/** Where the close lies between the extremes of this session's recent bars, −1 low … +1 high. */
function placeInRange({ bar, past }: FeatureContext): number | null {
  const earlier = newest(past, past.count).filter(({ session }) => session === bar.session);
  const session = [...earlier, bar];
  const high = Math.max(...session.map((one) => one.high));
  const low = Math.min(...session.map((one) => one.low));
  return high > low ? (2 * (bar.close - low)) / (high - low) - 1 : null;
}

const turnValue = (turn: 'bullish' | 'bearish' | null): number =>
  turn === null ? 0 : turn === 'bullish' ? 1 : -1;

/** Newest turn within the last five bars, fading with age. */
const freshTurn =
  (field: 'emaCross' | 'macdCross' | 'superTrendFlip') =>
  ({ bar, past }: FeatureContext): number => {
    const bars = [...newest(past, 4), bar].reverse();
    const age = bars.findIndex((one) => one[field] !== null);
    return age < 0 ? 0 : turnValue(bars[age]?.[field] ?? null) / (1 + age);
  };

/** Minutes since 09:15 in India as a share of the 375-minute session. */
const sessionShare = ({ bar }: FeatureContext): number =>
  ((bar.barAt + 19_800_000) % 86_400_000) / 60_000 / 375 - 555 / 375;

const features: readonly Feature[] = [
  { name: 'return1', min: -4, max: 4, of: returnOver(1) },
  { name: 'return3', min: -4, max: 4, of: returnOver(3) },
  { name: 'return6', min: -4, max: 4, of: returnOver(6) },
  { name: 'return12', min: -4, max: 4, of: returnOver(12) },
  { name: 'body', min: -3, max: 3, of: ({ bar, range }) => (bar.close - bar.open) / range },
  {
    name: 'closePlace',
    min: -1,
    max: 1,
    of: ({ bar }) =>
      bar.high > bar.low ? (2 * bar.close - bar.high - bar.low) / (bar.high - bar.low) : null,
  },
  { name: 'rangePlace', min: -1, max: 1, of: placeInRange },
  { name: 'rsi14', min: -1, max: 1, of: ({ bar }) => per(minus(bar.rsi14, 50), 50) },
  { name: 'rsi21', min: -1, max: 1, of: ({ bar }) => per(minus(bar.rsi21, 50), 50) },
  { name: 'emaSpread', min: -4, max: 4, of: (c) => per(minus(c.bar.ema9, c.bar.ema21), c.range) },
  { name: 'overEma21', min: -6, max: 6, of: (c) => per(minus(c.bar.close, c.bar.ema21), c.range) },
  {
    name: 'overSma50',
    min: -10,
    max: 10,
    of: (c) => per(minus(c.bar.close, c.bar.sma50), c.range),
  },
  { name: 'overVwap', min: -10, max: 10, of: (c) => per(minus(c.bar.close, c.bar.vwap), c.range) },
  {
    name: 'vwapDeviations',
    min: -4,
    max: 4,
    of: ({ bar }) => {
      const deviation = minus(bar.vwapUpper1, bar.vwap);
      return deviation === null || deviation <= 0
        ? null
        : per(minus(bar.close, bar.vwap), deviation);
    },
  },
  { name: 'macd', min: -4, max: 4, of: ({ bar, range }) => per(bar.macd, range) },
  { name: 'macdHistogram', min: -2, max: 2, of: ({ bar, range }) => per(bar.macdHistogram, range) },
  {
    name: 'macdGrowth',
    min: -1,
    max: 1,
    of: ({ bar, past, range }) =>
      per(minus(bar.macdHistogram, past.back(2)?.macdHistogram ?? null), range),
  },
  {
    name: 'overSuperTrend',
    min: -6,
    max: 6,
    of: (c) => per(minus(c.bar.close, c.bar.superTrend), c.range),
  },
  { name: 'emaTurn', min: -1, max: 1, of: freshTurn('emaCross') },
  { name: 'macdTurn', min: -1, max: 1, of: freshTurn('macdCross') },
  { name: 'superTrendTurn', min: -1, max: 1, of: freshTurn('superTrendFlip') },
  {
    name: 'volumeRatio',
    min: -3,
    max: 3,
    of: ({ bar }) =>
      bar.volumeSma20 === null || bar.volumeSma20 <= 0
        ? null
        : Math.log2((bar.volume + 1) / (bar.volumeSma20 + 1)),
  },
  {
    name: 'rangeRegime',
    min: -1,
    max: 1,
    of: ({ bar, past }) => minus(rangeRegime(bar, past), 1),
  },
  { name: 'sessionShare', min: 0, max: 1, of: sessionShare },
];

/** Names in the order of `signalFeatures`. */
export const signalFeatureNames: readonly string[] = features.map((feature) => feature.name);

/** The range each feature is clipped to, in the same order; the model server refuses others. */
export const signalFeatureRanges: readonly { readonly min: number; readonly max: number }[] =
  features.map(({ min, max }) => ({ min, max }));

/**
 * The features of taking `direction` on this bar: `signalFeatureNames.length` finite numbers, each in
 * its declared range, dimensionless.
 * @param recent earlier bars, oldest first, the newest just before `snapshot`.
 */
export function signalFeatures(
  snapshot: IndicatorSnapshot,
  recent: readonly IndicatorSnapshot[],
  direction: Direction,
): number[] {
  const isLong = direction === 'LONG';
  const bar = isLong ? snapshot : new MirroredBar(snapshot);
  const past = isLong ? pastOf(recent) : mirroredPast(pastOf(recent));
  const range = bar.atr14;
  return features.map(({ min, max, of }) => {
    const neutral = Math.max(min, 0);
    if (range === null || range <= 0) return neutral;
    const value = of({ bar, past, range });
    return value === null || !Number.isFinite(value)
      ? neutral
      : Math.min(max, Math.max(min, value));
  });
}
