import fc from 'fast-check';
import {
  alertSentence,
  analyseBars,
  analyseStock,
  decide,
  decisionConfigSchema,
  defaultDecisionConfig,
  rankCandidates,
  signalFeatureNames,
  signalFeatureRanges,
  signalFeatures,
  type AgentWeights,
  type Decision,
  type DecisionConfig,
  type StockAnalysis,
} from '../../../domain/decision';
import { barStart } from '../../../domain/indicators';
import { snapshots } from '../../support/snapshots';
import type { SentimentView } from '../../../domain/sentiment/view';
import { epochMs, type EpochMs } from '../../../domain/units';
import { bar, news } from '../bars';
import { reflected, walk } from '../candles';

const config = defaultDecisionConfig;
const calm = Array.from({ length: 30 }, () => bar({}));
const instrument = { tradingsymbol: 'RELIANCE' };

const decisionOn = (
  analysis: StockAnalysis,
  sentiment: SentimentView,
  changed: Partial<DecisionConfig> = {},
): Decision =>
  decide({
    analysis,
    sentiment,
    probabilityLong: 0.5,
    probabilityShort: 0.5,
    config: { ...config, ...changed },
  });

/** The end of the bar that the candles end in or with. */
const barEndOf = (candles: readonly { readonly at: EpochMs }[]): EpochMs =>
  epochMs(
    barStart(candles.at(-1)?.at ?? epochMs(0), config.barMinutes) + config.barMinutes * 60_000,
  );

/** An analysis with just this technical score. */
const scored = (technical: number): StockAnalysis => ({
  ...analyseBars([bar({})], { instrument, sentiment: news(0, 0), config }),
  technical,
});

describe('the worked example of docs/deciding.md', () => {
  const sentiment = news(-0.8, 0.9);
  const weak = bar({
    rsi14: 75,
    rsi14Zone: 'overbought',
    macdHistogram: -30,
    macd: -20,
    open: 199_700,
    close: 199_600,
    vwap: 200_000,
  });
  test('RELIANCE with RSI 75, MACD bearish, below VWAP and sentiment −0.8 is a SHORT', () => {
    const analysis = analyseBars([...calm, weak], { instrument, sentiment, config });
    const decision = decisionOn(analysis, sentiment);
    expect(decision.action).toBe('SHORT');
    expect(alertSentence(decision)).toBe(
      'SHORT trade executed due to bearish sentiment + technical weakness',
    );
    expect(decision.reason).toMatch(/^SHORT: .*RSI overbought at 75 while MACD is bearish/);
    expect(decision.stopDistance).toBeGreaterThan(0);
    expect(decision.targetDistance).toBe(Math.round(1.5 * decision.stopDistance));
  });
  test('its mirror is a LONG', () => {
    const strong = bar({
      rsi14: 25,
      rsi14Zone: 'oversold',
      macdHistogram: 30,
      macd: 20,
      open: 200_300,
      close: 200_400,
      vwap: 200_000,
    });
    const mirrored = news(0.8, 0.9);
    const analysis = analyseBars([...calm, strong], { instrument, sentiment: mirrored, config });
    const decision = decisionOn(analysis, mirrored);
    expect(decision.action).toBe('LONG');
    expect(alertSentence(decision)).toBe(
      'LONG trade executed due to bullish sentiment + technical strength',
    );
  });
});

describe('the arithmetic', () => {
  test.each([
    [0.5, 0.4, 1, 0.2, 0.48],
    [0.5, 0, 0, 0.15, 0.425],
    [-0.6, -0.8, 0.9, 0.195, -0.639],
  ])(
    'technical %d and sentiment %d at confidence %d weigh %d and make %d',
    (...[t, s, c, w, combined]) => {
      const decision = decisionOn(scored(t), news(s, c));
      expect(decision.sentimentWeight).toBeCloseTo(w, 12);
      expect(decision.combined).toBeCloseTo(combined, 12);
    },
  );
  test('positive sentiment raises the confidence of a LONG', () => {
    expect(decisionOn(scored(0.5), news(0.6, 0.9)).confidence).toBeGreaterThan(
      decisionOn(scored(0.5), news(0, 0)).confidence,
    );
  });
  test('neutral sentiment shrinks the size, opposing sentiment more', () => {
    const agreeing = decisionOn(scored(0.8), news(0.3, 0.9));
    const neutral = decisionOn(scored(0.8), news(0, 0.9));
    const opposed = decisionOn(scored(0.8), news(-0.3, 0.9));
    expect(agreeing.sizeFactor).toBeGreaterThan(neutral.sizeFactor);
    expect(neutral.sizeFactor).toBeGreaterThan(opposed.sizeFactor);
    expect(opposed.sizeFactor).toBeGreaterThan(0);
  });
  test('neutral sentiment skips a score that is only just enough', () => {
    const decision = decisionOn(scored(0.36), news(0, 0));
    expect(decision).toMatchObject({ action: 'SKIP', sizeFactor: 0, confidence: 0 });
    expect(decision.reason).toMatch(/only just beyond \+0.30 and sentiment is neutral/);
  });
  test('the threshold itself is not above it', () => {
    const exact = { longThreshold: 0.425, fullSizeScore: 0.9 };
    expect(decisionOn(scored(0.5), news(0, 0), exact).action).toBe('SKIP');
  });
  test('no true range, no trade', () => {
    const cold = { ...scored(0.9), snapshot: bar({ atr14: null }) };
    expect(decisionOn(cold, news(0, 0)).reason).toMatch(/true range is not known/);
  });
});

describe('the signal-quality model', () => {
  const ask = (probability: number | null, whenAbsent: 'block' | 'pass'): Decision =>
    decide({
      analysis: scored(-0.8),
      sentiment: news(0, 0),
      probabilityLong: 0.9,
      probabilityShort: probability,
      config: { ...config, model: { whenAbsent, minProbability: 0.3, filtersOwn: false } },
    });
  test('blocks below its floor, by the probability of the side considered', () => {
    expect(ask(0.29, 'pass').reason).toMatch(
      /probability of target before stop is 0.29, below 0.30/,
    );
    expect(ask(0.31, 'pass').action).toBe('SHORT');
  });
  test('absent, it passes or blocks as configured', () => {
    expect(ask(null, 'pass').action).toBe('SHORT');
    expect(ask(null, 'block').reason).toMatch(/gave no answer and is required/);
  });
});

describe('alert sentences', () => {
  test.each([
    ['LONG', 0.6, 0.5, false, 'LONG trade executed due to bullish sentiment + technical strength'],
    ['LONG', 0.6, 0, true, 'LONG trade executed due to technical strength (neutral sentiment)'],
    [
      'LONG',
      0.6,
      -0.4,
      false,
      'LONG trade executed due to technical strength despite bearish sentiment',
    ],
    [
      'SHORT',
      -0.6,
      0.4,
      false,
      'SHORT trade executed due to technical weakness despite bullish sentiment',
    ],
  ] as const)(
    '%s, technical %d, sentiment %d',
    (...[action, technical, sentimentScore, neutral, sentence]) => {
      expect(alertSentence({ action, technical, sentimentScore, neutral })).toBe(sentence);
    },
  );
});

const opposite = { LONG: 'SHORT', SHORT: 'LONG', SKIP: 'SKIP' } as const;

test('a reflected market with negated sentiment gives the mirrored decision', () => {
  let trades = 0;
  fc.assert(
    fc.property(
      fc.nat(1e6),
      fc.integer({ min: -10, max: 10 }),
      fc.integer({ min: 0, max: 10 }),
      (seed, s, c) => {
        const candles = walk(seed, 300);
        const ours = fullDecision(candles, news(s / 10, c / 10));
        const theirs = fullDecision(reflected(candles), news(-s / 10, c / 10));
        expect(theirs.action).toBe(opposite[ours.action]);
        expect(theirs.combined).toBeCloseTo(-ours.combined, 6);
        expect(theirs.sizeFactor).toBeCloseTo(ours.sizeFactor, 6);
        expect(Math.abs(theirs.stopDistance - ours.stopDistance)).toBeLessThanOrEqual(1);
        if (ours.action !== 'SKIP') trades += 1;
      },
    ),
    { numRuns: 60, seed: 4 },
  );
  expect(trades).toBeGreaterThan(3);
});

function fullDecision(candles: ReturnType<typeof walk>, sentiment: SentimentView): Decision {
  const analysis = analyseStock({
    instrument,
    candles,
    sentiment,
    config,
    barEnd: barEndOf(candles),
  });
  return decisionOn(analysis, sentiment);
}

test('an analysis and its decision survive JSON unchanged', () => {
  const candles = walk(3, 300);
  const sentiment = news(0.4, 0.5);
  const barEnd = barEndOf(candles);
  const analysis = analyseStock({ instrument, candles, barEnd, sentiment, config });
  const decision = decisionOn(analysis, news(0.4, 0.5));
  expect(JSON.parse(JSON.stringify(analysis))).toEqual(analysis);
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
});

describe('which bar is judged', () => {
  const sentiment = news(0, 0);
  const [first] = walk(1, 1);
  const open = first?.at ?? 0;
  const minute = (n: number): EpochMs => epochMs(open + n * 60_000);
  const judge = (candles: ReturnType<typeof walk>, barEnd: EpochMs): StockAnalysis =>
    analyseStock({ instrument, candles, barEnd, sentiment, config });
  test('a stock whose first bar has not closed is refused by name', () =>
    expect(() => judge(walk(1, 3), minute(4))).toThrow('RELIANCE: no 5-minute bar has closed yet'));
  test('a bar whose last minutes had no trade is closed by the clock', () => {
    const { snapshot } = judge(walk(1, 148), minute(150));
    expect(snapshot).toMatchObject({ barAt: minute(145), close: walk(1, 148).at(-1)?.close });
  });
  test('a bar without any trade is not judged, and the one before it not again', () =>
    expect(() => judge(walk(1, 145), minute(150))).toThrow(
      'RELIANCE: nothing was traded in the 5-minute bar that ended at 11:45',
    ));
});

describe('ranking', () => {
  const candidate = (tradingsymbol: string, technical: number): Decision => ({
    ...decisionOn(scored(technical), news(0, 0)),
    tradingsymbol,
  });
  test('orders by worth, then by name, and leaves skips out', () => {
    const ranked = rankCandidates([
      candidate('B', 0.6),
      candidate('A', 0.6),
      candidate('C', -0.9),
      candidate('D', 0.1),
    ]);
    expect(ranked.map((decision) => decision.tradingsymbol)).toEqual(['C', 'A', 'B']);
  });
});

describe('model features', () => {
  const bars = snapshots(walk(11, 375), { barMinutes: 5 });
  test('are finite and in their declared ranges on every bar, warm-up included', () => {
    bars.forEach((snapshot, index) => {
      const features = signalFeatures(snapshot, bars.slice(0, index), 'LONG');
      expect(features).toHaveLength(signalFeatureNames.length);
      features.forEach((value, place) => {
        const range = signalFeatureRanges[place];
        expect(value).toBeGreaterThanOrEqual(range?.min ?? NaN);
        expect(value).toBeLessThanOrEqual(range?.max ?? NaN);
      });
    });
  });
  test('of a SHORT are those of the LONG in the reflected market', () => {
    const turned = snapshots(reflected(walk(11, 375)), { barMinutes: 5 });
    bars.forEach((snapshot, index) => {
      const short = signalFeatures(snapshot, bars.slice(0, index), 'SHORT');
      const other = turned[index] ?? snapshot;
      signalFeatures(other, turned.slice(0, index), 'LONG').forEach((value, place) =>
        expect(short[place]).toBeCloseTo(value, 6),
      );
    });
  });
  test('say where in the session the bar is', () => {
    const share = signalFeatureNames.indexOf('sessionShare');
    expect(signalFeatures(bar({}), [], 'LONG')[share]).toBeCloseTo(105 / 375, 9);
  });
});

describe('configuration', () => {
  const reading = (changed: object): readonly [string, string][] =>
    (decisionConfigSchema.safeParse(changed).error?.issues ?? []).map(({ path, message }) => [
      path.join('.'),
      message,
    ]);
  test('the default is valid', () => expect(decisionConfigSchema.parse(config)).toEqual(config));
  test('one value is a whole configuration, at any depth', () => {
    expect(decisionConfigSchema.parse({ longThreshold: 0.35 })).toEqual({
      ...config,
      longThreshold: 0.35,
    });
    const deep = decisionConfigSchema.parse({ weights: { ranging: { trend: 2 } } });
    expect(deep.weights).toEqual({
      ...config.weights,
      ranging: { ...config.weights.ranging, trend: 2 },
    });
  });
  test.each([
    [{ longThreshold: 1.5 }, 'longThreshold', /<=1/],
    [{ fullSizeScore: 0.2 }, 'fullSizeScore', /must be beyond both thresholds/],
    [{ stopRanges: { least: 2 } }, 'stopRanges', /least, usual and most in that order/],
    [{ unknown: 1 }, '', /unknown/],
  ])('%j is refused', (changed, path, message) => {
    expect(reading(changed)).toContainEqual([path, expect.stringMatching(message)]);
  });
});

test('a recorded configuration without an agent is judged as it was before there was one', () => {
  const { reversal, ...agents } = config.agents;
  const { trending, ranging, volatile } = config.weights;
  const withoutIt = (weights: AgentWeights): AgentWeights =>
    Object.fromEntries(Object.entries(weights).filter(([name]) => name !== 'reversal'));
  const recorded = {
    ...config,
    agents,
    weights: {
      trending: withoutIt(trending),
      ranging: withoutIt(ranging),
      volatile: withoutIt(volatile),
    },
  };
  const bars = [...calm, bar({ close: 201_000, high: 201_100, volume: 3000, volumeSma20: 1000 })];
  const given = { instrument, sentiment: news(0, 0) };
  const before = analyseBars(bars, { ...given, config: recorded });
  const now = analyseBars(bars, { ...given, config });
  expect(reversal).toBeDefined();
  expect(before.votes).toEqual(now.votes.filter(({ agent }) => agent !== 'reversal'));
  expect(Object.keys(before.weights)).not.toContain('reversal');
  // One voice fewer in all: the quorum is nearer, so the same votes weigh more.
  expect(before.technical).toBeGreaterThan(now.technical);
});
