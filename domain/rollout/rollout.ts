// The life of one rollout: shadow, canary steps, and one of two ends. A paused rollout takes no traffic, so
// waiting for a person does no harm. Pure: the server and the modelRollout workflow both use it.
import { unreachable } from '../assert';
import { Refused } from '../errors';
import type { EpochMs } from '../units';
import type { RolloutPolicy } from './policy';

/** Where a rollout stands. `since` starts the step's clock. */
export type RolloutPhase =
  | { readonly kind: 'shadow'; readonly since: EpochMs }
  | { readonly kind: 'canary'; readonly step: number; readonly since: EpochMs }
  | {
      readonly kind: 'paused';
      readonly step: number | 'shadow';
      readonly since: EpochMs;
      readonly reason: string;
    }
  | { readonly kind: 'promoted'; readonly since: EpochMs; readonly reason: string }
  | { readonly kind: 'rolledBack'; readonly since: EpochMs; readonly reason: string };

export interface Rollout {
  readonly model: string;
  readonly stable: string;
  readonly candidate: string;
  readonly policy: RolloutPolicy;
  /** Salt of the sticky assignment. A new rollout has a new one, and so draws other keys. */
  readonly salt: string;
  readonly phase: RolloutPhase;
}

/** The verdict on the current step. */
export type Verdict =
  | { readonly kind: 'insufficient'; readonly reason: string }
  | { readonly kind: 'pass'; readonly reason: string }
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'rollback'; readonly reason: string };

export type RolloutEvent =
  | { readonly kind: 'judged'; readonly verdict: Verdict }
  | { readonly kind: 'pause'; readonly reason: string }
  | { readonly kind: 'approve'; readonly reason: string }
  | { readonly kind: 'promote'; readonly reason: string }
  | { readonly kind: 'abort'; readonly reason: string };

/** A rollout at its start: requests are copied to the candidate, which answers none. */
export function startRollout(options: Omit<Rollout, 'phase'>, at: EpochMs): Rollout {
  if (options.stable === options.candidate) {
    throw new Refused({
      code: 'ROLLOUT_SAME_VERSION',
      message: `Version ${options.candidate} of ${options.model} is the stable one already.`,
    });
  }
  return { ...options, phase: { kind: 'shadow', since: at } };
}

/**
 * The rollout after an event.
 * @throws Refused when the rollout has ended or the event does not fit its phase.
 */
export function advanceRollout(rollout: Rollout, event: RolloutEvent, at: EpochMs): Rollout {
  if (hasEnded(rollout)) throw misplaced(rollout, `${event.kind} is too late`);
  switch (event.kind) {
    case 'judged':
      return judged(rollout, event.verdict, at);
    case 'pause':
      return pause(rollout, event.reason, at);
    case 'approve':
      return approve(rollout, at);
    case 'promote':
      return { ...rollout, phase: { kind: 'promoted', since: at, reason: event.reason } };
    case 'abort':
      return { ...rollout, phase: { kind: 'rolledBack', since: at, reason: event.reason } };
    default:
      return unreachable(event);
  }
}

/** Share of the traffic, 0…1, the candidate answers now. */
export function candidateShare({ phase, policy }: Rollout): number {
  switch (phase.kind) {
    case 'canary':
      return (policy.canaryPercents[phase.step] ?? 0) / 100;
    case 'promoted':
      return 1;
    case 'shadow':
    case 'paused':
    case 'rolledBack':
      return 0;
    default:
      return unreachable(phase);
  }
}

/** Whether a pass now means promotion. */
export const isLastStep = ({ phase, policy }: Rollout): boolean =>
  phase.kind === 'canary' && phase.step === policy.canaryPercents.length - 1;

/** Does the candidate get copies of requests it does not answer? */
export const isMirrored = ({ phase }: Rollout): boolean => phase.kind === 'shadow';

export const hasEnded = ({ phase }: Rollout): boolean =>
  phase.kind === 'promoted' || phase.kind === 'rolledBack';

function judged(rollout: Rollout, verdict: Verdict, at: EpochMs): Rollout {
  const { phase, policy } = rollout;
  if (phase.kind !== 'shadow' && phase.kind !== 'canary') return rollout;
  switch (verdict.kind) {
    case 'pass':
      return nextStep(rollout, verdict.reason, at);
    case 'pause':
      return pause(rollout, verdict.reason, at);
    case 'rollback':
      return { ...rollout, phase: { kind: 'rolledBack', since: at, reason: verdict.reason } };
    case 'insufficient': {
      if (at - phase.since < policy.progressDeadlineMs) return rollout;
      const reason = `no decision within ${policy.progressDeadlineMs} ms: ${verdict.reason}`;
      return { ...rollout, phase: { kind: 'rolledBack', since: at, reason } };
    }
    default:
      return unreachable(verdict);
  }
}

function nextStep(rollout: Rollout, reason: string, at: EpochMs): Rollout {
  const { phase, policy } = rollout;
  const step = phase.kind === 'canary' ? phase.step + 1 : 0;
  if (step < policy.canaryPercents.length) {
    return { ...rollout, phase: { kind: 'canary', step, since: at } };
  }
  return { ...rollout, phase: { kind: 'promoted', since: at, reason } };
}

function pause(rollout: Rollout, reason: string, at: EpochMs): Rollout {
  const { phase } = rollout;
  if (phase.kind === 'paused') return rollout;
  const step = phase.kind === 'canary' ? phase.step : 'shadow';
  return { ...rollout, phase: { kind: 'paused', step, since: at, reason } };
}

/** A person's approval takes a paused rollout back to the step it was paused in, with a fresh clock. */
function approve(rollout: Rollout, at: EpochMs): Rollout {
  const { phase } = rollout;
  if (phase.kind !== 'paused') throw misplaced(rollout, 'only a paused rollout can be approved');
  if (phase.step === 'shadow') return { ...rollout, phase: { kind: 'shadow', since: at } };
  return { ...rollout, phase: { kind: 'canary', step: phase.step, since: at } };
}

const misplaced = (rollout: Rollout, sentence: string): Refused =>
  new Refused({
    code: 'ROLLOUT_STATE_CONFLICT',
    message: `The rollout of ${rollout.model} ${rollout.candidate} is ${rollout.phase.kind}: ${sentence}.`,
  });
