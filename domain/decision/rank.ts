// Several stocks want the same limited risk: which come first, and which do not come at all because
// their sector already has its share. A total order: equal scores are settled by name, not by chance.
import type { Decision } from './decide';

export interface RankLimits {
  /** Sector of a tradingsymbol, for the cap. */
  readonly sectorOf: (tradingsymbol: string) => string;
  /** Candidates of one sector and direction let through. */
  readonly maxPerSector: number;
}

/** What is offered to risk, strongest first, and what was left out with the reason. */
export interface Ranking {
  readonly candidates: readonly Decision[];
  readonly leftOut: readonly { readonly decision: Decision; readonly reason: string }[];
}

/** Expected worth of a trade: its score, size and, where known, the model's probability. */
const worth = (decision: Decision): number =>
  decision.confidence * decision.sizeFactor * (decision.probability ?? 0.5);

/** LONG and SHORT decisions, strongest first; SKIPs are not in the answer. */
export function rankCandidates(decisions: readonly Decision[]): Decision[] {
  return decisions
    .filter((decision) => decision.action !== 'SKIP')
    .sort((a, b) => worth(b) - worth(a) || (a.tradingsymbol < b.tradingsymbol ? -1 : 1));
}

/** Ranks, then lets at most `maxPerSector` of one sector and direction through. */
export function rankWithinSectors(decisions: readonly Decision[], limits: RankLimits): Ranking {
  const taken = new Map<string, number>();
  const candidates: Decision[] = [];
  const leftOut: { decision: Decision; reason: string }[] = [];
  for (const decision of rankCandidates(decisions)) {
    const sector = limits.sectorOf(decision.tradingsymbol);
    const key = `${sector} ${decision.action}`;
    const count = taken.get(key) ?? 0;
    if (count >= limits.maxPerSector) {
      const reason = `${count} stronger ${decision.action} candidates of ${sector} come first; at most ${limits.maxPerSector} at once`;
      leftOut.push({ decision, reason });
    } else {
      taken.set(key, count + 1);
      candidates.push(decision);
    }
  }
  return { candidates, leftOut };
}
