// One rollout on this server with everything it has shown so far: what both versions did in the step and in
// the window, how the shadow agrees, what outcomes came back. It decides nothing; the judge does.
import { addPair, noAgreement, type Agreement } from '../../domain/rollout/agreement';
import { inCanary } from '../../domain/rollout/assignment';
import { addWindow, noEvidence, type ErrorEvidence } from '../../domain/rollout/errorEvidence';
import type { StepEvidence } from '../../domain/rollout/judge';
import { noOutcomes, type Outcomes } from '../../domain/rollout/outcomes';
import { candidateShare, type Rollout } from '../../domain/rollout/rollout';
import type { LoadedVersion } from '../registry/loadedVersion';
import { armEvidence, snapshot, type ArmSnapshot } from './armEvidence';

interface Arms {
  readonly candidate: ArmSnapshot;
  readonly stable: ArmSnapshot;
}

/** Keys remembered per step; later ones are not counted, so memory stays bounded. */
const maxOutcomeKeys = 200_000;

export class LiveRollout {
  readonly candidate: LoadedVersion;
  readonly stable: LoadedVersion;
  /** Whether this server moves it on when a step has passed; else a workflow or another server does. */
  readonly movesItself: boolean;
  #rollout: Rollout;
  #errors: ErrorEvidence = noEvidence;
  #agreement: Agreement = noAgreement;
  #outcomes: Outcomes = noOutcomes;
  readonly #outcomeKeys = new Set<string>();
  #stepStart: Arms;
  #windowStart: Arms;

  constructor(
    rollout: Rollout,
    arms: { readonly candidate: LoadedVersion; readonly stable: LoadedVersion },
    movesItself: boolean,
  ) {
    this.#rollout = rollout;
    this.candidate = arms.candidate;
    this.stable = arms.stable;
    this.movesItself = movesItself;
    this.#stepStart = this.#now();
    this.#windowStart = this.#stepStart;
  }

  get rollout(): Rollout {
    return this.#rollout;
  }

  get agreement(): Agreement {
    return this.#agreement;
  }

  get evidence(): StepEvidence {
    return {
      candidate: armEvidence(this.candidate.counters, this.#stepStart.candidate),
      stable: armEvidence(this.stable.counters, this.#stepStart.stable),
      errors: this.#errors,
      outcomes: this.#outcomes,
    };
  }

  /** Adds what happened since the last window to the error evidence. */
  closeWindow(): void {
    const now = this.#now();
    const counted = (arm: keyof Arms): { requests: number; failures: number } => ({
      requests: now[arm].answered - this.#windowStart[arm].answered,
      failures: now[arm].failed - this.#windowStart[arm].failed,
    });
    this.#errors = addWindow(this.#errors, counted('candidate'), counted('stable'));
    this.#windowStart = now;
  }

  /** Another phase: a new step with fresh evidence, but the same error evidence. */
  moveTo(rollout: Rollout): void {
    this.#rollout = rollout;
    this.#stepStart = this.#now();
    this.#outcomes = noOutcomes;
    this.#outcomeKeys.clear();
  }

  noteAgreement(answered: number, shadow: number, middle: number): void {
    this.#agreement = addPair(this.#agreement, answered, shadow, middle);
  }

  /** Counts an outcome for the version that answers its key; says which, or undefined when it was not counted. */
  noteOutcome(key: string, success: boolean): 'candidate' | 'stable' | undefined {
    const share = candidateShare(this.#rollout);
    const full = this.#outcomeKeys.size >= maxOutcomeKeys;
    if (this.#rollout.phase.kind !== 'canary' || full || this.#outcomeKeys.has(key)) {
      return undefined;
    }
    this.#outcomeKeys.add(key);
    const arm = inCanary(this.#rollout.salt, key, share) ? 'candidate' : 'stable';
    const { keys, successes } = this.#outcomes[arm];
    const counted = { keys: keys + 1, successes: successes + (success ? 1 : 0) };
    this.#outcomes = { ...this.#outcomes, [arm]: counted };
    return arm;
  }

  #now(): Arms {
    return {
      candidate: snapshot(this.candidate.counters),
      stable: snapshot(this.stable.counters),
    };
  }
}
