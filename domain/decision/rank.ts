// Which of several candidates come first for the same limited risk. The order is total: equal scores are
// settled by name, never by chance. How many positions of a sector may be open is a limit of risk.
import type { Decision } from './decision';

/** Expected worth of a trade: its score, size and, where known, the model's probability. */
const worth = (decision: Decision): number =>
  decision.confidence * decision.sizeFactor * (decision.probability ?? 0.5);

/** LONG and SHORT decisions, strongest first; SKIPs are left out. */
export function rankCandidates(decisions: readonly Decision[]): Decision[] {
  return decisions
    .filter((decision) => decision.action !== 'SKIP')
    .sort((a, b) => worth(b) - worth(a) || (a.tradingsymbol < b.tradingsymbol ? -1 : 1));
}
