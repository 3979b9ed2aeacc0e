// Stop and target distances of a trade: what the agents on its side suggest, kept within bounds in true
// ranges, so that no single agent can set an absurd stop. The model was trained on the same usual distances. The
// levels of a user's own strategy are part of its idea and are kept as they are; risk has limits of its own.
import type { Direction } from '../units';
import type { StrategyVote } from '../strategy';
import type { StockAnalysis } from './analyse';
import type { DecisionConfig } from './config';

/** Distances from the entry in paise (floats), 0 while the true range is not known. */
export interface Bracket {
  readonly stop: number;
  readonly target: number;
}

export function bracketOf(
  { snapshot, votes, weights }: StockAnalysis,
  direction: Direction,
  { stopRanges, rewardToRisk }: Pick<DecisionConfig, 'stopRanges' | 'rewardToRisk'>,
): Bracket {
  const action = direction === 'LONG' ? 'BUY' : 'SELL';
  const onSide = votes.filter((vote) => vote.action === action);
  const weightOf = (vote: StrategyVote): number => (weights[vote.agent] ?? 0) * vote.confidence;
  const away = (level: number | undefined): number | null =>
    level === undefined ? null : Math.abs(snapshot.close - level);
  const own = onSide.filter(({ hash }) => hash !== undefined);
  const ownStop = meanBy(own, weightOf, ({ stop }) => away(stop));
  if (ownStop !== null) {
    const ownTarget = meanBy(own, weightOf, ({ target }) => away(target));
    return { stop: ownStop, target: ownTarget ?? rewardToRisk * ownStop };
  }
  const range = snapshot.atr14;
  if (range === null || range <= 0) return { stop: 0, target: 0 };
  const suggested = meanBy(onSide, weightOf, ({ stop }) => away(stop)) ?? stopRanges.usual * range;
  const stop = Math.min(stopRanges.most * range, Math.max(stopRanges.least * range, suggested));
  return { stop, target: rewardToRisk * stop };
}

/** The mean of what the votes have of it; null where none has, or none has weight. */
function meanBy(
  votes: readonly StrategyVote[],
  weightOf: (vote: StrategyVote) => number,
  valueOf: (vote: StrategyVote) => number | null,
): number | null {
  let [weighted, total] = [0, 0];
  for (const vote of votes) {
    const value = valueOf(vote);
    if (value === null) continue;
    weighted += weightOf(vote) * value;
    total += weightOf(vote);
  }
  return total > 0 ? weighted / total : null;
}
