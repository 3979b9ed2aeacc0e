// What a version did since a given moment: its counters now less their copy from then, in the form the pure
// judge reads. The counters themselves only grow.
import type { ArmEvidence } from '../../domain/rollout/judge';
import { countsSince, quantileMs } from '../registry/latencyHistogram';
import type { VersionCounters } from '../registry/versionCounters';

/** A copy of the counters that evidence is made of. */
export interface ArmSnapshot {
  readonly answered: number;
  readonly failed: number;
  readonly invalidOutputs: number;
  readonly crashes: number;
  readonly latency: readonly number[];
  readonly scores: readonly number[];
}

export const snapshot = (counters: VersionCounters): ArmSnapshot => ({
  answered: counters.answered,
  failed: counters.failed,
  invalidOutputs: counters.invalidOutputs,
  crashes: counters.crashes,
  latency: counters.latency.counts(),
  scores: [...counters.scores],
});

/**
 * The evidence since `start`. Failures in a row count from before it too, since they are a state and not a
 * sum.
 */
export const armEvidence = (counters: VersionCounters, start: ArmSnapshot): ArmEvidence => ({
  answered: counters.answered - start.answered,
  failed: counters.failed - start.failed,
  invalidOutputs: counters.invalidOutputs - start.invalidOutputs,
  consecutiveFailures: counters.consecutiveFailures,
  crashes: counters.crashes - start.crashes,
  p99Ms: quantileMs(countsSince(counters.latency.counts(), start.latency), 0.99),
  scores: countsSince(counters.scores, start.scores),
});
