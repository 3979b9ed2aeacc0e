// Steps 4 and 5: from candles and news to the votes of all agents and one technical score. Everything
// that led to the score is in the answer, which is what is stored for every stock and bar.
import { allVotes, type AgentName, type AgentVote } from '../agents';
import { Refused } from '../errors';
import { snapshots, type IndicatorSnapshot } from '../indicators';
import type { Candle } from '../market/candle';
import type { Instrument } from '../market/instrument';
import type { SentimentView } from '../sentiment/view';
import type { EpochMs } from '../units';
import type { DecisionConfig } from './config';
import { regimeOf, type Regime } from './regime';

/** Bars before the current one that agents and features may look at. */
export const recentBars = 30;

/** What is known of one stock when a bar closes. */
export interface StockInput {
  readonly instrument: Pick<Instrument, 'tradingsymbol'>;
  /** Closed one-minute candles, ascending; earlier sessions warm the indicators up. */
  readonly candles: readonly Candle[];
  readonly sentiment: SentimentView;
  readonly config: DecisionConfig;
}

/** The judgement of one stock on one bar. JSON-plain. */
export interface StockAnalysis {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly snapshot: IndicatorSnapshot;
  /** Bars before it, oldest first: what the votes and the model's features looked back on. */
  readonly recent: readonly IndicatorSnapshot[];
  readonly votes: readonly AgentVote[];
  /** −1..1 from the votes. */
  readonly technical: number;
  readonly regime: Regime;
  /** 0 all voters agree … 1 both sides weigh the same. */
  readonly conflict: number;
  /** The weight each agent's vote had. */
  readonly weights: Readonly<Record<AgentName, number>>;
}

/**
 * Judges the last closed bar.
 * @throws Refused CANDLE_* on candles that cannot be, ANALYSIS_NO_BAR when no bar has closed yet.
 */
export function analyseStock(input: StockInput): StockAnalysis {
  const bars = snapshots(input.candles, { barMinutes: input.config.barMinutes });
  return analyseBars(bars.slice(-recentBars - 1), input);
}

/** The same from snapshots an engine already made, ascending; the last one is judged. */
export function analyseBars(
  bars: readonly IndicatorSnapshot[],
  { instrument, sentiment, config }: Omit<StockInput, 'candles'>,
): StockAnalysis {
  const snapshot = bars.at(-1);
  if (snapshot === undefined) {
    throw new Refused({
      code: 'ANALYSIS_NO_BAR',
      message: `${instrument.tradingsymbol}: no ${config.barMinutes}-minute bar has closed yet`,
    });
  }
  const recent = bars.slice(-recentBars - 1, -1);
  const votes = allVotes({ snapshot, recent, sentiment, config: config.agents });
  const regime = regimeOf(snapshot, recent);
  const weights = weightsOf(regime, config);
  return {
    tradingsymbol: instrument.tradingsymbol,
    barAt: snapshot.barAt,
    snapshot,
    recent,
    votes,
    regime,
    weights,
    ...technicalScore(votes, weights, config),
  };
}

function weightsOf(regime: Regime, config: DecisionConfig): Readonly<Record<AgentName, number>> {
  if (regime === 'trending-up' || regime === 'trending-down') return config.weights.trending;
  return regime === 'volatile' ? config.weights.volatile : config.weights.ranging;
}

/**
 * Weighted mean of the signed confidences of those who voted, reduced in proportion while fewer than
 * the quorum did: one lone voice is not a chorus. Opposing votes cancel inside the mean.
 */
export function technicalScore(
  votes: readonly AgentVote[],
  weights: Readonly<Record<AgentName, number>>,
  config: Pick<DecisionConfig, 'fullQuorum'>,
): { technical: number; conflict: number } {
  let buy = 0;
  let sell = 0;
  let voted = 0;
  for (const vote of votes) {
    if (vote.action === 'NONE') continue;
    const weight = weights[vote.agent];
    voted += weight;
    if (vote.action === 'BUY') buy += weight * vote.confidence;
    else sell += weight * vote.confidence;
  }
  if (voted === 0) return { technical: 0, conflict: 0 };
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  const quorum = Math.min(1, voted / (config.fullQuorum * total));
  const conflict = Math.max(buy, sell) === 0 ? 0 : Math.min(buy, sell) / Math.max(buy, sell);
  return { technical: (quorum * (buy - sell)) / voted, conflict };
}
