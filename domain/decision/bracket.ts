// Stop and target distances of a trade: what the agents on its side suggest, kept within bounds in true
// ranges, so that no single agent can set an absurd stop. The model was trained on the same usual distances.
import type { Direction } from '../units';
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
  const range = snapshot.atr14;
  if (range === null || range <= 0) return { stop: 0, target: 0 };
  const action = direction === 'LONG' ? 'BUY' : 'SELL';
  let weighted = 0;
  let total = 0;
  for (const vote of votes) {
    if (vote.action !== action || vote.stop === undefined) continue;
    const weight = (weights[vote.agent] ?? 0) * vote.confidence;
    weighted += weight * Math.abs(snapshot.close - vote.stop);
    total += weight;
  }
  const suggested = total > 0 ? weighted / total : stopRanges.usual * range;
  const stop = Math.min(stopRanges.most * range, Math.max(stopRanges.least * range, suggested));
  return { stop, target: rewardToRisk * stop };
}
