// Evidence that a candidate fails more often than the stable version beside it, valid however often one
// looks. Each window is read given its own margins: if both arms fail alike, the candidate's share of the
// window's failures is hypergeometric, whatever the traffic split or the stickiness of keys. The likelihood
// ratio against "odds r times higher" then has mean 1, so products over windows and averages over several r
// stay e-values, and crossing 1/α happens with probability at most α (Ville's inequality).
// Method: Netflix arXiv 2205.14762.

/** How much higher the candidate's odds of failing may be; the mixture covers slight to total failure. */
const oddsRatios = [2, 4, 16] as const;

/** Requests and failures of one arm in one window. */
export interface ArmCount {
  readonly requests: number;
  readonly failures: number;
}

/** Log likelihood ratio per odds ratio, summed over the windows so far. */
export type ErrorEvidence = readonly number[];

/** Before any window: every ratio is 1. */
export const noEvidence: ErrorEvidence = oddsRatios.map(() => 0);

/** Evidence after one more window. Windows must not overlap. */
export function addWindow(
  evidence: ErrorEvidence,
  candidate: ArmCount,
  stable: ArmCount,
): ErrorEvidence {
  const failures = candidate.failures + stable.failures;
  if (failures === 0 || candidate.requests === 0 || stable.requests === 0) return evidence;
  const weights = hypergeometricLogWeights(candidate.requests, stable.requests, failures);
  const base = logSum(weights.map(({ logWeight }) => logWeight));
  return oddsRatios.map((ratio, index) => {
    const logRatio = Math.log(ratio);
    const tilted = logSum(weights.map(({ count, logWeight }) => logWeight + count * logRatio));
    return (evidence[index] ?? 0) + candidate.failures * logRatio + base - tilted;
  });
}

/** The e-value: above 1/α, equal failure rates are refuted at level α. */
export function errorEValue(evidence: ErrorEvidence): number {
  return Math.exp(logSum(evidence) - Math.log(evidence.length));
}

/** log C(candidate, k) + log C(stable, failures − k) up to a constant, for every possible k. */
function hypergeometricLogWeights(
  candidate: number,
  stable: number,
  failures: number,
): { count: number; logWeight: number }[] {
  const first = Math.max(0, failures - stable);
  const last = Math.min(failures, candidate);
  const weights = [{ count: first, logWeight: 0 }];
  let logWeight = 0;
  for (let count = first; count < last; count += 1) {
    const up = (candidate - count) * (failures - count);
    const down = (count + 1) * (stable - failures + count + 1);
    logWeight += Math.log(up / down);
    weights.push({ count: count + 1, logWeight });
  }
  return weights;
}

function logSum(logs: readonly number[]): number {
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  return top + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - top), 0));
}
