// Goal: every agent votes BUY, SELL and nothing on bars made for it. SELL bars are the mirrored BUY bars.
import { agentConfigSchema, agentNames, allVotes, type AgentName } from '../../../domain/agents';
import { mirrorSnapshot, pastOf, type IndicatorSnapshot } from '../../../domain/indicators';
import { neutralSentiment, type SentimentView } from '../../../domain/sentiment/view';
import type { StrategyVote } from '../../../domain/strategy';
import { epochMs } from '../../../domain/units';
import { bar, news } from '../bars';

interface Case {
  readonly snapshot: IndicatorSnapshot;
  readonly recent: readonly IndicatorSnapshot[];
}

const config = agentConfigSchema.parse({});
const quiet = neutralSentiment(epochMs(0));
const calm = Array.from({ length: 30 }, () => bar({}));

/** Bars on which exactly this agent's rule for buying holds. */
const buyCases: Readonly<Record<AgentName, Case>> = {
  breakout: {
    snapshot: bar({ close: 201_000, high: 201_100, volume: 3000, volumeSma20: 1000 }),
    recent: calm,
  },
  trend: {
    snapshot: bar({
      ema9: 200_300,
      ema21: 200_000,
      superTrend: 199_200,
      superTrendDirection: 1,
      macdHistogram: 20,
      emaCross: 'bullish',
    }),
    recent: calm,
  },
  scalping: {
    snapshot: bar({ close: 200_400, high: 200_450, ema9: 200_100, rsi14: 60 }),
    recent: [...calm, bar({ low: 199_900, high: 200_200, ema9: 200_000, rsi14: 52 })],
  },
  volatility: {
    snapshot: bar({ macdHistogram: 90, atr14: 500 }),
    recent: [...calm, bar({ macdHistogram: 30 }), bar({ macdHistogram: 60 })],
  },
  reversal: {
    snapshot: bar({ open: 198_900, close: 199_100, vwap: 200_500, rsi14: 35, rsi14Zone: null }),
    recent: [...calm, bar({ rsi14: 28, rsi14Zone: 'oversold' })],
  },
};

const vote = (agent: AgentName, given: Case, sentiment: SentimentView = quiet): StrategyVote => {
  const { snapshot, recent } = given;
  const votes = allVotes({ snapshot, past: pastOf(recent), sentiment, config });
  const found = votes.find((one) => one.agent === agent);
  if (found === undefined) throw new Error(`${agent} did not vote`);
  return found;
};

const mirroredCase = ({ snapshot, recent }: Case): Case => ({
  snapshot: reflectedBar(snapshot),
  recent: recent.map(reflectedBar),
});

/** Upside down around ₹2,000, so that prices stay positive. */
function reflectedBar(snapshot: IndicatorSnapshot): IndicatorSnapshot {
  const turned = mirrorSnapshot(snapshot);
  const prices =
    'open high low close sma20 sma50 ema9 ema21 vwap vwapUpper1 vwapLower1 vwapUpper2 vwapLower2 superTrend';
  return Object.fromEntries(
    Object.entries(turned).map(([field, value]) => [
      field,
      typeof value === 'number' && prices.split(' ').includes(field) ? value + 400_000 : value,
    ]),
  ) as unknown as IndicatorSnapshot;
}

describe.each(agentNames)('%s', (agent) => {
  const given = buyCases[agent];
  test('says BUY with a reason, a stop below and a target above', () => {
    const found = vote(agent, given);
    expect(found.action).toBe('BUY');
    expect(found.confidence).toBeGreaterThan(0.3);
    expect(found.confidence).toBeLessThanOrEqual(1);
    expect(found.reason.length).toBeGreaterThan(15);
    expect(found.stop).toBeLessThan(given.snapshot.close);
    expect(found.target).toBeGreaterThan(given.snapshot.close);
  });
  test('says SELL on the mirrored bars, equally sure, levels mirrored', () => {
    const buy = vote(agent, given);
    const sell = vote(agent, mirroredCase(given));
    expect(sell.action).toBe('SELL');
    expect(sell.confidence).toBeCloseTo(buy.confidence, 9);
    expect(sell.stop).toBe(400_000 - (buy.stop ?? 0));
    expect(sell.target).toBe(400_000 - (buy.target ?? 0));
  });
  test('says nothing on calm bars and while indicators warm up', () => {
    expect(vote(agent, { snapshot: bar({}), recent: calm })).toEqual({
      agent,
      action: 'NONE',
      confidence: 0,
      reason: 'no set-up',
    });
    const cold = { ...given.snapshot, atr14: null };
    expect(vote(agent, { snapshot: cold, recent: given.recent }).action).toBe('NONE');
  });
  test('is surer when the news agrees and less sure when it does not', () => {
    const plain = vote(agent, given).confidence;
    expect(vote(agent, given, news(0.6, 0.9)).confidence).toBeGreaterThan(plain);
    expect(vote(agent, given, news(-0.6, 0.9)).confidence).toBeLessThan(plain);
  });
});

describe('news by itself', () => {
  const falling = {
    snapshot: bar({ open: 199_800, close: 199_500, low: 199_400, vwap: 200_000 }),
    recent: calm,
  };
  test('strong negative news with price below VWAP raises a SELL', () => {
    const found = vote('breakout', falling, news(-0.8, 0.9));
    expect(found).toMatchObject({ action: 'SELL' });
    expect(found.reason).toMatch(/strong negative news with price below VWAP and moving down/);
  });
  test('does nothing while price disagrees, is unsure, or the agent may not', () => {
    const rising = {
      snapshot: bar({ open: 200_200, close: 200_500, high: 200_600 }),
      recent: calm,
    };
    expect(vote('breakout', rising, news(-0.8, 0.9)).action).toBe('NONE');
    expect(vote('breakout', falling, news(-0.8, 0.3)).action).toBe('NONE');
    expect(vote('trend', falling, news(-0.8, 0.9)).action).toBe('NONE');
  });
});

test('reversal: RSI overbought, MACD bearish and price below VWAP is exhaustion, a SELL', () => {
  const snapshot = bar({
    rsi14: 75,
    rsi14Zone: 'overbought',
    macdHistogram: -30,
    close: 199_600,
    vwap: 200_000,
  });
  expect(vote('reversal', { snapshot, recent: calm })).toMatchObject({
    action: 'SELL',
    reason: 'RSI overbought at 75 while MACD is bearish and price is below VWAP',
  });
});

test('an agent a recorded configuration does not name takes no part, and the others vote as before', () => {
  const { reversal, ...recorded } = config;
  const { snapshot, recent } = buyCases.trend;
  const input = { snapshot, past: pastOf(recent), sentiment: news(-0.8, 0.9), config };
  expect(reversal).toBeDefined();
  expect(allVotes({ ...input, config: recorded })).toEqual(
    allVotes(input).filter(({ agent }) => agent !== 'reversal'),
  );
});
