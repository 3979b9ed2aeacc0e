// One rollout on this server with its evidence so far: what both versions did in the step and in the window,
// how well the shadow agrees, and which outcomes came back. It decides nothing; the judge does.
import { addPair, noAgreement, type Agreement } from '../../domain/rollout/agreement';
import { addWindow, noEvidence, type ErrorEvidence } from '../../domain/rollout/errorEvidence';
import type { StepEvidence } from '../../domain/rollout/judge';
import { noOutcomes, type Outcomes } from '../../domain/rollout/outcomes';
import { isLastStep, type Rollout } from '../../domain/rollout/rollout';
import { refused } from '../protocol/errors';
import type { Variant } from '../registry/routing';
import type { LoadedVersion } from '../registry/loadedVersion';
import { armEvidence, snapshot, type ArmSnapshot } from './armEvidence';

interface Arms {
  readonly candidate: ArmSnapshot;
  readonly stable: ArmSnapshot;
}

/** A version on trial. */
export type Arm = 'candidate' | 'stable';

/** Which version an answer counts for. A stand-in's answer says nothing about the version that failed. */
const armOf: Partial<Record<Variant, Arm>> = { canary: 'candidate', stable: 'stable' };

/** Most keys remembered per step. Later keys are not asked about, so memory stays bounded. */
const maxOutcomeKeys = 200_000;

export class LiveRollout {
  readonly candidate: LoadedVersion;
  readonly stable: LoadedVersion;
  /**
   * True when this server moves the rollout on after a passed step; otherwise a workflow or another server
   * does.
   */
  readonly movesItself: boolean;
  #rollout: Rollout;
  #errors: ErrorEvidence = noEvidence;
  #agreement: Agreement = noAgreement;
  #outcomes: Outcomes = noOutcomes;
  /** Keys answered in this step, by which version, and whether their outcome was counted. */
  readonly #asked = new Map<string, { readonly arm: Arm; counted: boolean }>();
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

  /** Enters another phase: a new step with fresh evidence, but with the error evidence kept. */
  moveTo(rollout: Rollout): void {
    this.#rollout = rollout;
    this.#stepStart = this.#now();
    this.#outcomes = noOutcomes;
    this.#asked.clear();
  }

  noteAgreement(answered: number, shadow: number, middle: number): void {
    this.#agreement = addPair(this.#agreement, answered, shadow, middle);
  }

  /**
   * Remembers which version answered the key. Only keys of the caller who tells outcomes come here. Returns whether the
   * outcome of the answer matters.
   */
  noteAnswer(key: string, variant: Variant): boolean {
    const arm = armOf[variant];
    if (arm === undefined || !this.#isTrial) return false;
    if (this.#asked.has(key)) return true;
    if (this.#asked.size >= maxOutcomeKeys) return false;
    this.#asked.set(key, { arm, counted: false });
    return true;
  }

  /**
   * Counts an outcome, once, for the version that answered its key. @returns that version, or undefined when
   * it was not counted. @throws Refused STATE_CONFLICT for a key that is not remembered from this step.
   */
  noteOutcome(key: string, success: boolean): Arm | undefined {
    if (!this.#isTrial) return undefined;
    const asked = this.#asked.get(key);
    if (asked === undefined) {
      const sentence = `routing_key "${key.slice(0, 80)}" was not scored with this token in this step of the rollout.`;
      throw refused('STATE_CONFLICT', sentence);
    }
    if (asked.counted) return undefined;
    asked.counted = true;
    const { keys, successes } = this.#outcomes[asked.arm];
    const counted = { keys: keys + 1, successes: successes + (success ? 1 : 0) };
    this.#outcomes = { ...this.#outcomes, [asked.arm]: counted };
    return asked.arm;
  }

  /** Outcomes decide only the last step, so they are asked for only there. */
  get #isTrial(): boolean {
    return this.#rollout.policy.outcomeKeys > 0 && isLastStep(this.#rollout);
  }

  #now(): Arms {
    return {
      candidate: snapshot(this.candidate.counters),
      stable: snapshot(this.stable.counters),
    };
  }
}
