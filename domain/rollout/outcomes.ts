// The A/B test: which version's answers turned out better, by outcomes reported later. The unit is the key,
// counted once, because a key always gets the same version. Two proportions are compared once, when both
// versions have the keys planned for. Looking earlier, and stopping at will, would find winners in noise.
import { sampleRatioMismatch } from './drift';
import type { RolloutPolicy } from './policy';
import type { Verdict } from './rollout';

/** Keys of one version with an outcome, and those that turned out well. */
export interface OutcomeArm {
  readonly keys: number;
  readonly successes: number;
}

export interface Outcomes {
  readonly candidate: OutcomeArm;
  readonly stable: OutcomeArm;
}

export const noOutcomes: Outcomes = {
  candidate: { keys: 0, successes: 0 },
  stable: { keys: 0, successes: 0 },
};

/** What the outcomes say. @param share the candidate's share of the traffic while they were collected. */
export function judgeOutcomes(
  policy: Pick<RolloutPolicy, 'outcomeKeys' | 'outcomeAlpha'>,
  { candidate, stable }: Outcomes,
  share: number,
): Verdict {
  const fewest = Math.min(candidate.keys, stable.keys);
  if (fewest < policy.outcomeKeys) {
    return { kind: 'insufficient', reason: `outcomes of ${fewest} of ${policy.outcomeKeys} keys` };
  }
  if (sampleRatioMismatch(candidate.keys, candidate.keys + stable.keys, share)) {
    const reason = `outcomes came for ${candidate.keys} and ${stable.keys} keys, which the split can not explain`;
    return { kind: 'pause', reason };
  }
  const z = differenceZ(candidate, stable);
  const p = 2 * normalTail(Math.abs(z));
  const reason = `outcomes ${rate(candidate)} against ${rate(stable)} (p = ${p.toPrecision(2)})`;
  if (p >= policy.outcomeAlpha) return { kind: 'pause', reason: `no winner: ${reason}` };
  return { kind: z > 0 ? 'pass' : 'rollback', reason };
}

/** Difference of two proportions over its pooled standard error; 0 when nothing varies. */
function differenceZ(candidate: OutcomeArm, stable: OutcomeArm): number {
  const pooled = (candidate.successes + stable.successes) / (candidate.keys + stable.keys);
  const variance = pooled * (1 - pooled) * (1 / candidate.keys + 1 / stable.keys);
  const difference = candidate.successes / candidate.keys - stable.successes / stable.keys;
  return variance === 0 ? 0 : difference / Math.sqrt(variance);
}

/** P(Z > z) for z ≥ 0, to 7.5e-8: Abramowitz and Stegun, 26.2.17. */
function normalTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const coefficients = [0.31938153, -0.356563782, 1.781477937, -1.821255978, 1.330274429];
  const polynomial = coefficients.reduceRight((sum, coefficient) => (sum + coefficient) * t, 0);
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

const rate = ({ keys, successes }: OutcomeArm): string =>
  `${((100 * successes) / keys).toFixed(2)} %`;
