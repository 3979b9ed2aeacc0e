// One score of all votes: how they are weighed in which market, and what they add up to.
import { agentNames } from '../agents';
import type { MarketKind, StrategyVote } from '../strategy';
import type { AgentWeights, DecisionConfig } from './config';
import type { Regime } from './regime';

const kindOf = (regime: Regime): MarketKind => {
  if (regime === 'trending-up' || regime === 'trending-down') return 'trending';
  return regime === 'volatile' ? 'volatile' : 'ranging';
};

/** Of the agents by the configuration, of the user's strategies by their own declaration or what replaces it. */
export function weightsOf(
  regime: Regime,
  { weights, strategies }: Pick<DecisionConfig, 'weights' | 'strategies'>,
): AgentWeights {
  const kind = kindOf(regime);
  if (strategies === undefined) return weights[kind];
  const own = strategies.map((one) => [one.name, one.weights[kind]] as const);
  return { ...weights[kind], ...Object.fromEntries(own) };
}

/** The weights are added in the agents' own order, because another order changes the last digit. */
export function totalWeight(
  weights: AgentWeights,
  { strategies = [] }: Pick<DecisionConfig, 'strategies'>,
): number {
  const names = [...agentNames, ...strategies.map(({ name }) => name)];
  return names.reduce((sum, name) => sum + (weights[name] ?? 0), 0);
}

/** Above 0 to buy, below 0 to sell, 0 of no opinion. */
export function signedConfidence({ action, confidence }: StrategyVote): number {
  if (action === 'NONE') return 0;
  return action === 'BUY' ? confidence : -confidence;
}

/** How votes are weighed: `weights` one for one with them. */
export interface Weighing {
  readonly weights: ArrayLike<number>;
  /** Of all who may vote. */
  readonly total: number;
  readonly fullQuorum: number;
}

export interface TechnicalScore {
  readonly technical: number;
  readonly conflict: number;
}

const nobody: TechnicalScore = { technical: 0, conflict: 0 };

/**
 * The weighted mean of the signed confidences of those who voted. It is reduced in proportion while less than
 * the quorum voted, so that one agent alone does not decide. Opposing votes cancel in the mean.
 */
export function technicalScore(
  signed: ArrayLike<number>,
  { weights, total, fullQuorum }: Weighing,
): TechnicalScore {
  let buy = 0;
  let sell = 0;
  let voted = 0;
  for (let at = 0; at < signed.length; at += 1) {
    const vote = signed[at] ?? 0;
    if (vote === 0) continue;
    const weight = weights[at] ?? 0;
    voted += weight;
    if (vote > 0) buy += weight * vote;
    else sell += weight * -vote;
  }
  if (voted === 0) return nobody;
  const quorum = Math.min(1, voted / (fullQuorum * total));
  const conflict = Math.max(buy, sell) === 0 ? 0 : Math.min(buy, sell) / Math.max(buy, sell);
  return { technical: (quorum * (buy - sell)) / voted, conflict };
}
