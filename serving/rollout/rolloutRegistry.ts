// The rollouts of one server. It loads a candidate beside the stable version, feeds the pure state machine of
// domain/rollout with what both versions did, and carries out its decisions. The guard runs on every fault of
// a candidate. So a bad one is dropped within the request that condemns it, without waiting for a timer, a
// workflow or another server.
import { randomUUID } from 'node:crypto';
import { errorEValue } from '../../domain/rollout/errorEvidence';
import { hardStop, judgeStep } from '../../domain/rollout/judge';
import { rolloutPolicy } from '../../domain/rollout/policy';
import type { RolloutReport } from '../../domain/rollout/report';
import {
  advanceRollout,
  candidateShare,
  hasEnded,
  startRollout,
  type Rollout,
  type RolloutEvent,
} from '../../domain/rollout/rollout';
import { epochMs, type EpochMs } from '../../domain/units';
import { refused } from '../protocol/errors';
import type { LoadedVersion } from '../registry/loadedVersion';
import type { ModelRegistry } from '../registry/modelRegistry';
import { LiveRollout, type Arm } from './liveRollout';
import type { RolloutChange, StartOptions } from './rolloutChange';

const maxChanges = 1_000;
const guardName = 'guard';

export class RolloutRegistry {
  readonly #registry: ModelRegistry;
  readonly #now: () => number;
  readonly #live = new Map<string, LiveRollout>();
  readonly #changes: RolloutChange[] = [];
  readonly #strangeOutcomes = new Map<string, number>();
  readonly #onChange: (change: RolloutChange) => void;

  /** @param now epoch milliseconds. @param onChange called with every change made here. */
  constructor(
    registry: ModelRegistry,
    now: () => number,
    onChange: (change: RolloutChange) => void = () => undefined,
  ) {
    this.#registry = registry;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** Loads and checks the candidate, then copies traffic to it. @throws Refused when that fails. */
  async start(options: StartOptions): Promise<RolloutReport> {
    const { model, candidate, policy, by, reason, conductor, id = randomUUID() } = options;
    const known = this.#live.get(model)?.rollout;
    if (known?.salt === id) return this.report(model);
    if (known !== undefined && !hasEnded(known)) {
      throw refused('STATE_CONFLICT', `A rollout of ${model} ${known.candidate} is running.`);
    }
    const stable = this.#registry.route(model);
    const named = { model, stable: stable.version, candidate, salt: id };
    const rollout = startRollout({ ...named, policy: rolloutPolicy(policy) }, this.#time());
    const loaded = await this.#registry.loadBeside(model, candidate);
    const live = new LiveRollout(rollout, { candidate: loaded, stable }, conductor === 'server');
    this.#live.set(model, live);
    this.#record(rollout, by, 'started', reason);
    this.#registry.direct(model, rollout);
    return this.report(model);
  }

  /** An operator's decision. @throws Refused when there is no rollout or the event does not fit. */
  act(model: string, event: RolloutEvent & { readonly reason: string }, by: string): RolloutReport {
    this.#move(this.#of(model), event, { by, reason: event.reason });
    return this.report(model);
  }

  /** Judges every running rollout once; called on a timer. */
  judgeAll(): void {
    for (const live of this.#live.values()) {
      if (hasEnded(live.rollout)) continue;
      live.closeWindow();
      const verdict = judgeStep(live.rollout, live.evidence, this.#time());
      if (verdict.kind === 'pass' && !live.movesItself) continue;
      this.#move(live, { kind: 'judged', verdict }, { by: guardName, reason: verdict.reason });
    }
  }

  /** Drops a candidate at once when it meets a hard stop. */
  guard(loaded: LoadedVersion): void {
    const live = this.#live.get(loaded.config.name);
    if (live?.candidate !== loaded || hasEnded(live.rollout)) return;
    const reason = loaded.reason ?? hardStop(live.rollout.policy, live.evidence.candidate);
    if (reason === undefined) return;
    const event: RolloutEvent = { kind: 'judged', verdict: { kind: 'rollback', reason } };
    this.#move(live, event, { by: guardName, reason });
  }

  /**
   * Counts an outcome for the version that answered its key. @returns that version, or undefined when it was not
   * counted. @throws Refused STATE_CONFLICT for a key that was not scored by the caller who tells outcomes.
   */
  noteOutcome(model: string, key: string, success: boolean): Arm | undefined {
    try {
      return this.running(model)?.noteOutcome(key, success);
    } catch (error) {
      this.#strangeOutcomes.set(model, this.strangeOutcomes(model) + 1);
      throw error;
    }
  }

  /** Outcomes refused because nobody had asked for them. */
  strangeOutcomes(model: string): number {
    return this.#strangeOutcomes.get(model) ?? 0;
  }

  /** The rollout that shares a model's traffic now. */
  running(model: string): LiveRollout | undefined {
    const live = this.#live.get(model);
    return live === undefined || hasEnded(live.rollout) ? undefined : live;
  }

  /** @throws Refused STATE_CONFLICT when the model has had no rollout. */
  report(model: string): RolloutReport {
    const live = this.#of(model);
    const { rollout, evidence, agreement } = live;
    return {
      ...rollout,
      share: candidateShare(rollout),
      evidence: { ...evidence, eValue: errorEValue(evidence.errors) },
      agreement,
      verdict: hasEnded(rollout) ? undefined : judgeStep(rollout, evidence, this.#time()),
    };
  }

  /**
   * Goes back to the version that served before, which is still loaded. @throws Refused when there is none.
   */
  rollback(model: string, by: string, reason: string): string {
    const live = this.running(model);
    if (live !== undefined) {
      this.#move(live, { kind: 'abort', reason }, { by, reason });
      return live.rollout.stable;
    }
    const version = this.#registry.rollback(model);
    const change = { by, change: 'rolled back', reason, stable: version };
    this.#note({ at: this.#time(), model, candidate: version, ...change });
    return version;
  }

  /** Records that a repository call made another version the stable one. */
  noteLoaded(model: string): void {
    const stable = this.#registry.model(model).stable ?? '';
    const change = { by: 'repository load', change: 'loaded', reason: 'asked for', stable };
    this.#note({ at: this.#time(), model, candidate: stable, ...change });
  }

  /** Changes of one model, oldest first. */
  changes(model: string): readonly RolloutChange[] {
    return this.#changes.filter((change) => change.model === model);
  }

  /** Applies a change that another server made. @throws Refused when a version cannot be loaded here. */
  async follow(change: RolloutChange): Promise<void> {
    const { model, rollout, stable } = change;
    this.#remember(change);
    if (rollout === undefined) return this.#makeStable(model, stable);
    const live = this.#live.get(model);
    if (hasEnded(rollout)) {
      live?.moveTo(rollout);
      if (rollout.phase.kind === 'promoted') await this.#makeStable(model, rollout.candidate);
      this.#registry.direct(model, rollout);
      return;
    }
    if (live?.rollout.salt === rollout.salt) live.moveTo(rollout);
    else {
      const candidate = await this.#registry.loadBeside(model, rollout.candidate);
      const arms = { candidate, stable: this.#registry.route(model) };
      this.#live.set(model, new LiveRollout(rollout, arms, false));
    }
    this.#registry.direct(model, rollout);
  }

  /** Makes the version stable: by one assignment where it is loaded, else by loading it. */
  async #makeStable(model: string, version: string): Promise<void> {
    const { stable, previous, rollout } = this.#registry.model(model);
    if (stable === version) return;
    const ready = this.#registry.isReady(model, version);
    if (ready && version === rollout?.candidate) return;
    if (ready && version === previous) this.#registry.rollback(model);
    else await this.#registry.load(model, version);
  }

  #move(
    live: LiveRollout,
    event: RolloutEvent,
    { by, reason }: { by: string; reason: string },
  ): void {
    const before = live.rollout;
    const after = advanceRollout(before, event, this.#time());
    if (after === before) return;
    live.moveTo(after);
    this.#registry.direct(after.model, after);
    this.#record(after, by, changeOf(after), reason);
  }

  #record(rollout: Rollout, by: string, change: string, reason: string): void {
    const { model, candidate } = rollout;
    const stable = this.#registry.model(model).stable ?? '';
    this.#note({ at: this.#time(), model, candidate, by, change, reason, stable, rollout });
  }

  #note(change: RolloutChange): void {
    this.#remember(change);
    this.#onChange(change);
  }

  #remember(change: RolloutChange): void {
    this.#changes.push(change);
    if (this.#changes.length > maxChanges) this.#changes.shift();
  }

  #of(model: string): LiveRollout {
    const live = this.#live.get(model);
    if (live === undefined) throw refused('STATE_CONFLICT', `${model} has no rollout.`);
    return live;
  }

  #time(): EpochMs {
    return epochMs(Math.floor(this.#now()));
  }
}

const changeOf = ({ phase, policy }: Rollout): string =>
  phase.kind === 'canary' ? `canary at ${policy.canaryPercents[phase.step] ?? 0} %` : phase.kind;
