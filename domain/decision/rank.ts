// Several stocks want the same limited risk: which come first. A total order: equal scores are settled by
// name, not by chance. How many of a sector may be open at once is risk's to say.
import type { Decision } from './decide';

/** Expected worth of a trade: its score, size and, where known, the model's probability. */
const worth = (decision: Decision): number =>
  decision.confidence * decision.sizeFactor * (decision.probability ?? 0.5);

/** LONG and SHORT decisions, strongest first; SKIPs are not in the answer. */
export function rankCandidates(decisions: readonly Decision[]): Decision[] {
  return decisions
    .filter((decision) => decision.action !== 'SKIP')
    .sort((a, b) => worth(b) - worth(a) || (a.tradingsymbol < b.tradingsymbol ? -1 : 1));
}
