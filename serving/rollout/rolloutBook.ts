// The rollouts of one server: loads a candidate beside the stable version, feeds the pure state machine of
// domain/rollout with what both versions did, and carries out its decisions. The guard runs on every fault
// of a candidate, so a bad one is dropped within the request that condemns it, without waiting for a timer
// or a workflow.
import { randomUUID } from 'node:crypto';
import {
  addWindow,
  errorEValue,
  noEvidence,
  type ErrorEvidence,
} from '../../domain/rollout/errorEvidence';
import { hardStop, judgeStep, type StepEvidence } from '../../domain/rollout/judge';
import { rolloutPolicy, type RolloutPolicy } from '../../domain/rollout/policy';
import {
  advanceRollout,
  candidateShare,
  hasEnded,
  startRollout,
  type Rollout,
  type RolloutEvent,
  type Verdict,
} from '../../domain/rollout/rollout';
import { epochMs, type EpochMs } from '../../domain/units';
import { refused } from '../protocol/errors';
import type { LoadedVersion } from '../registry/loadedVersion';
import type { ModelRegistry } from '../registry/modelRegistry';
import { armEvidence, snapshot, type ArmSnapshot } from './armEvidence';

/** One recorded change: who did what, when and why. */
export interface RolloutChange {
  readonly at: EpochMs;
  readonly model: string;
  readonly candidate: string;
  readonly by: string;
  readonly change: string;
  readonly reason: string;
  /** The version that answers after the change. */
  readonly stable: string;
}

/** What an operator sees of a rollout. */
export interface RolloutReport extends Rollout {
  readonly share: number;
  readonly evidence: StepEvidence & { readonly eValue: number };
  readonly verdict: Verdict | undefined;
}

export interface StartOptions {
  readonly model: string;
  readonly candidate: string;
  readonly policy: Partial<RolloutPolicy>;
  readonly by: string;
  readonly reason: string;
}

interface Running {
  rollout: Rollout;
  readonly candidate: LoadedVersion;
  readonly stable: LoadedVersion;
  errors: ErrorEvidence;
  stepStart: { readonly candidate: ArmSnapshot; readonly stable: ArmSnapshot };
  windowStart: { readonly candidate: ArmSnapshot; readonly stable: ArmSnapshot };
}

const maxChanges = 1_000;
const guardName = 'guard';

export class RolloutBook {
  readonly #registry: ModelRegistry;
  readonly #now: () => number;
  readonly #running = new Map<string, Running>();
  readonly #changes: RolloutChange[] = [];
  readonly #onChange: (change: RolloutChange) => void;

  /** @param now epoch milliseconds. @param onChange told of every recorded change. */
  constructor(
    registry: ModelRegistry,
    now: () => number,
    onChange: (change: RolloutChange) => void = () => undefined,
  ) {
    this.#registry = registry;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** Loads and proves the candidate, then mirrors traffic to it. @throws Refused when that fails. */
  async start({ model, candidate, policy, by, reason }: StartOptions): Promise<RolloutReport> {
    const known = this.#running.get(model);
    if (known !== undefined && !hasEnded(known.rollout)) {
      throw refused(
        'STATE_CONFLICT',
        `A rollout of ${model} ${known.rollout.candidate} is running.`,
      );
    }
    const stable = this.#registry.route(model);
    const rollout = startRollout(
      {
        model,
        stable: stable.version,
        candidate,
        policy: rolloutPolicy(policy),
        salt: randomUUID(),
      },
      this.#time(),
    );
    const loaded = await this.#registry.loadBeside(model, candidate);
    const start = { candidate: snapshot(loaded.counters), stable: snapshot(stable.counters) };
    const running: Running = {
      rollout,
      candidate: loaded,
      stable,
      errors: noEvidence,
      stepStart: start,
      windowStart: start,
    };
    this.#running.set(model, running);
    this.#record(rollout, by, 'started', reason);
    this.#registry.direct(model, rollout);
    return this.report(model);
  }

  /** An operator's decision. @throws Refused when there is no rollout or the event does not fit. */
  act(model: string, event: RolloutEvent & { readonly reason: string }, by: string): RolloutReport {
    const running = this.#of(model);
    this.#move(running, event, { by, reason: event.reason });
    return this.report(model);
  }

  /** Judges every running rollout once; called on a timer. */
  judgeAll(): void {
    for (const running of this.#running.values()) {
      if (hasEnded(running.rollout)) continue;
      const verdict = this.#judge(running);
      const event: RolloutEvent = { kind: 'judged', verdict };
      this.#move(running, event, { by: guardName, reason: verdict.reason });
    }
  }

  /** Drops a candidate that meets a hard stop, at once. */
  guard(loaded: LoadedVersion): void {
    const running = this.#running.get(loaded.config.name);
    if (running?.candidate !== loaded || hasEnded(running.rollout)) return;
    const evidence = armEvidence(loaded.counters, running.stepStart.candidate);
    const reason = loaded.reason ?? hardStop(running.rollout.policy, evidence);
    if (reason === undefined) return;
    const event: RolloutEvent = { kind: 'judged', verdict: { kind: 'rollback', reason } };
    this.#move(running, event, { by: guardName, reason });
  }

  /** @throws Refused STATE_CONFLICT when the model has had no rollout. */
  report(model: string): RolloutReport {
    const running = this.#of(model);
    const ended = hasEnded(running.rollout);
    return {
      ...running.rollout,
      share: candidateShare(running.rollout),
      evidence: { ...this.#evidence(running), eValue: errorEValue(running.errors) },
      verdict: ended
        ? undefined
        : judgeStep(running.rollout, this.#evidence(running), this.#time()),
    };
  }

  /** Back to the version that served before, which is still loaded. @throws Refused when there is none. */
  rollback(model: string, by: string, reason: string): string {
    const running = this.#running.get(model);
    if (running !== undefined && !hasEnded(running.rollout)) {
      this.#move(running, { kind: 'abort', reason }, { by, reason });
      return running.rollout.stable;
    }
    const version = this.#registry.rollback(model);
    const change = { by, change: 'rolled back', reason, stable: version };
    this.#note({ at: this.#time(), model, candidate: version, ...change });
    return version;
  }

  /** Changes of one model, oldest first. */
  changes(model: string): readonly RolloutChange[] {
    return this.#changes.filter((change) => change.model === model);
  }

  #judge(running: Running): Verdict {
    const now = {
      candidate: snapshot(running.candidate.counters),
      stable: snapshot(running.stable.counters),
    };
    const { windowStart } = running;
    running.errors = addWindow(
      running.errors,
      {
        requests: now.candidate.answered - windowStart.candidate.answered,
        failures: now.candidate.failed - windowStart.candidate.failed,
      },
      {
        requests: now.stable.answered - windowStart.stable.answered,
        failures: now.stable.failed - windowStart.stable.failed,
      },
    );
    running.windowStart = now;
    return judgeStep(running.rollout, this.#evidence(running), this.#time());
  }

  #evidence({ candidate, stable, stepStart, errors }: Running): StepEvidence {
    return {
      candidate: armEvidence(candidate.counters, stepStart.candidate),
      stable: armEvidence(stable.counters, stepStart.stable),
      errors,
    };
  }

  #move(
    running: Running,
    event: RolloutEvent,
    { by, reason }: { by: string; reason: string },
  ): void {
    const before = running.rollout;
    const after = advanceRollout(before, event, this.#time());
    if (after === before) return;
    running.rollout = after;
    running.stepStart = {
      candidate: snapshot(running.candidate.counters),
      stable: snapshot(running.stable.counters),
    };
    this.#registry.direct(after.model, after);
    this.#record(after, by, changeOf(after), reason);
  }

  #record({ model, candidate }: Rollout, by: string, change: string, reason: string): void {
    const stable = this.#registry.model(model).stable ?? '';
    this.#note({ at: this.#time(), model, candidate, by, change, reason, stable });
  }

  #note(change: RolloutChange): void {
    this.#changes.push(change);
    if (this.#changes.length > maxChanges) this.#changes.shift();
    this.#onChange(change);
  }

  #of(model: string): Running {
    const running = this.#running.get(model);
    if (running === undefined) throw refused('STATE_CONFLICT', `${model} has no rollout.`);
    return running;
  }

  #time(): EpochMs {
    return epochMs(Math.floor(this.#now()));
  }
}

const changeOf = ({ phase, policy }: Rollout): string =>
  phase.kind === 'canary' ? `canary at ${policy.canaryPercents[phase.step] ?? 0} %` : phase.kind;
