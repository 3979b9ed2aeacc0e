// When a candidate version may go on, must stop, or needs a person. Every number can be set per rollout;
// docs/serving.md says what the defaults do.
import { Refused } from '../errors';

export interface RolloutPolicy {
  /** Shares of the traffic in per cent, rising; after the last comes promotion. */
  readonly canaryPercents: readonly number[];
  /** Candidate answers a step needs before it can pass. */
  readonly minSamples: number;
  readonly minStepMs: number;
  /** A step that cannot be decided for this long is rolled back: no traffic is not a pass. */
  readonly progressDeadlineMs: number;
  /** Level of the error test over the whole rollout. */
  readonly alpha: number;
  /** Failures in a row that end the rollout at once. */
  readonly maxConsecutiveFailures: number;
  /** Share of answers that break the contract, from 50 answers on, that ends it at once. */
  readonly maxInvalidShare: number;
  /**
   * Share of failures of any kind, from 50 answers on, that ends it at once. Where the stable version answers
   * from its cache, there is no baseline to test against.
   */
  readonly maxFailedShare: number;
  /** p99 against the stable version: both the factor and the floor must be exceeded. */
  readonly latencyTolerance: number;
  readonly latencyFloorMs: number;
  readonly latencyMinSamples: number;
  /** Stability index of the scores above which a person is asked. */
  readonly maxDrift: number;
  readonly driftMinSamples: number;
  /** Keys per version with an outcome at which the last step is decided as an A/B test; 0 for no test. */
  readonly outcomeKeys: number;
  /** Two-sided level of that test. */
  readonly outcomeAlpha: number;
}

const defaultPolicy: RolloutPolicy = {
  canaryPercents: [1, 5, 10, 25, 50],
  minSamples: 300,
  minStepMs: 30_000,
  progressDeadlineMs: 600_000,
  alpha: 0.01,
  maxConsecutiveFailures: 20,
  maxInvalidShare: 0.05,
  maxFailedShare: 0.2,
  latencyTolerance: 1.25,
  latencyFloorMs: 2,
  latencyMinSamples: 1_000,
  maxDrift: 0.25,
  driftMinSamples: 500,
  outcomeKeys: 0,
  outcomeAlpha: 0.05,
};

/** The policy with some fields changed. @throws Refused naming the first field that makes no sense. */
export function rolloutPolicy(changes: Partial<RolloutPolicy> = {}): RolloutPolicy {
  const policy = { ...defaultPolicy, ...changes };
  const { canaryPercents, alpha, maxInvalidShare } = policy;
  const rising = canaryPercents.every(
    (percent, index) => percent > (canaryPercents[index - 1] ?? 0) && percent < 100,
  );
  if (canaryPercents.length === 0 || !rising) {
    throw wrong(`canaryPercents is [${canaryPercents.join(', ')}], must rise between 0 and 100`);
  }
  if (!(alpha > 0 && alpha <= 0.2))
    throw wrong(`alpha is ${alpha}, must be above 0 and at most 0.2`);
  if (!(maxInvalidShare > 0 && maxInvalidShare < 1)) {
    throw wrong(`maxInvalidShare is ${maxInvalidShare}, must be between 0 and 1`);
  }
  if (!(policy.maxFailedShare > 0 && policy.maxFailedShare <= 1)) {
    throw wrong(`maxFailedShare is ${policy.maxFailedShare}, must be above 0 and at most 1`);
  }
  if (!(policy.outcomeAlpha > 0 && policy.outcomeAlpha <= 0.2)) {
    throw wrong(`outcomeAlpha is ${policy.outcomeAlpha}, must be above 0 and at most 0.2`);
  }
  if (policy.latencyTolerance < 1) {
    throw wrong(`latencyTolerance is ${policy.latencyTolerance}, must be at least 1`);
  }
  return policy;
}

const wrong = (sentence: string): Refused =>
  new Refused({ code: 'ROLLOUT_POLICY_INVALID', message: `The rollout's ${sentence}.` });
