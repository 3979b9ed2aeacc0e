// Judges the evidence of one step. Hard stops come first, since they need no statistics, then the tests. A
// step passes only after enough traffic over enough time, because silence proves nothing.
import type { EpochMs } from '../units';
import { stabilityIndex } from './drift';
import { errorEValue, type ErrorEvidence } from './errorEvidence';
import { judgeOutcomes, type Outcomes } from './outcomes';
import type { RolloutPolicy } from './policy';
import { candidateShare, isLastStep, type Rollout, type Verdict } from './rollout';

/** What one arm did since the step began. */
export interface ArmEvidence {
  readonly answered: number;
  readonly failed: number;
  readonly invalidOutputs: number;
  readonly consecutiveFailures: number;
  readonly crashes: number;
  readonly p99Ms: number | undefined;
  /** Histogram of the scores, in equal bins. */
  readonly scores: readonly number[];
}

export interface StepEvidence {
  readonly candidate: ArmEvidence;
  readonly stable: ArmEvidence;
  /** Over the whole rollout, not only the step. */
  readonly errors: ErrorEvidence;
  /** Outcomes reported for this step's keys. */
  readonly outcomes: Outcomes;
}

const minForShares = 50;

/** The reason to drop the candidate at once, without statistics; undefined when there is none. */
export function hardStop(policy: RolloutPolicy, candidate: ArmEvidence): string | undefined {
  if (candidate.crashes > 0) return `a scorer of the candidate was lost ${candidate.crashes} times`;
  if (candidate.consecutiveFailures >= policy.maxConsecutiveFailures) {
    return `the candidate failed ${candidate.consecutiveFailures} requests in a row`;
  }
  if (candidate.answered < minForShares) return undefined;
  const invalid = candidate.invalidOutputs / candidate.answered;
  if (invalid > policy.maxInvalidShare) {
    return `${percent(invalid)} of the candidate's answers break its contract`;
  }
  const failed = candidate.failed / candidate.answered;
  return failed > policy.maxFailedShare
    ? `${percent(failed)} of the candidate's requests fail`
    : undefined;
}

/** The verdict on a step now. */
export function judgeStep(rollout: Rollout, evidence: StepEvidence, now: EpochMs): Verdict {
  const { policy, phase } = rollout;
  const { candidate, stable } = evidence;
  const stop = hardStop(policy, candidate);
  if (stop !== undefined) return { kind: 'rollback', reason: stop };
  const eValue = errorEValue(evidence.errors);
  if (eValue >= 1 / policy.alpha) {
    return { kind: 'rollback', reason: failsMore(candidate, stable, eValue) };
  }
  const slower = latencyReason(policy, candidate, stable);
  if (slower !== undefined) return { kind: 'rollback', reason: slower };
  const drift = stabilityIndex(stable.scores, candidate.scores, policy.driftMinSamples);
  if (drift !== undefined && drift > policy.maxDrift) {
    return {
      kind: 'pause',
      reason: `the scores are spread differently: index ${drift.toFixed(2)}`,
    };
  }
  if (candidate.answered < policy.minSamples) {
    const reason = `${candidate.answered} of ${policy.minSamples} candidate answers`;
    return { kind: 'insufficient', reason };
  }
  if (now - phase.since < policy.minStepMs) {
    return { kind: 'insufficient', reason: `the step is younger than ${policy.minStepMs} ms` };
  }
  if (policy.outcomeKeys > 0 && isLastStep(rollout)) {
    return judgeOutcomes(policy, evidence.outcomes, candidateShare(rollout));
  }
  return { kind: 'pass', reason: passReason(candidate, stable, eValue) };
}

function latencyReason(
  policy: RolloutPolicy,
  candidate: ArmEvidence,
  stable: ArmEvidence,
): string | undefined {
  if (candidate.p99Ms === undefined || stable.p99Ms === undefined) return undefined;
  if (Math.min(candidate.answered, stable.answered) < policy.latencyMinSamples) return undefined;
  const slower = candidate.p99Ms > stable.p99Ms * policy.latencyTolerance;
  const noticeably = candidate.p99Ms - stable.p99Ms > policy.latencyFloorMs;
  if (!slower || !noticeably) return undefined;
  return `the candidate's p99 is ${candidate.p99Ms.toFixed(1)} ms, the stable version's ${stable.p99Ms.toFixed(1)} ms`;
}

const failsMore = (candidate: ArmEvidence, stable: ArmEvidence, eValue: number): string =>
  `the candidate fails ${rate(candidate)}, the stable version ${rate(stable)} (e-value ${eValue.toPrecision(3)})`;

const passReason = (candidate: ArmEvidence, stable: ArmEvidence, eValue: number): string =>
  `${candidate.answered} answers, failures ${rate(candidate)} against ${rate(stable)} (e-value ${eValue.toPrecision(3)})`;

const rate = ({ failed, answered }: ArmEvidence): string => percent(failed / Math.max(answered, 1));
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
