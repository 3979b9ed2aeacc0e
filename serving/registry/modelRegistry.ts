// Which models and versions are loaded, and which version answers. A new version is loaded and checked beside
// the old one. The switch is one assignment, and the old version is drained afterwards. So no request is
// lost, and a version that cannot load changes nothing.
import { hasEnded, type Rollout } from '../../domain/rollout/rollout';
import { codeOf, errorAnswer, refused } from '../protocol/errors';
import { misnamedWhy, unknownVersion, type ModelRepository } from '../repository/modelRepository';
import type { ModelConfig } from '../repository/modelConfig';
import type { OpenModel } from '../scorer/scorerPool';
import { versionsToRetire } from './memoryBudget';
import { indexEntries, type IndexEntry, type LoadFailure } from './repositoryIndex';
import { routeByKey, standingVersion, type Routed, type ServedModel } from './routing';
import { LoadedVersion, type VersionOptions } from './loadedVersion';

export interface RegistryOptions extends VersionOptions {
  /** Scorers' memory above which unneeded versions are unloaded. */
  readonly memoryBudgetBytes: number;
}

/** How long a version that could not be loaded on demand is refused without another try. */
const demandPauseMs = 30_000;

export class ModelRegistry {
  readonly #repository: ModelRepository;
  readonly #options: RegistryOptions;
  readonly #models = new Map<string, ServedModel>();
  /** Why a model's last load failed, kept even where the model was never loaded. */
  readonly #failures = new Map<string, LoadFailure>();
  /** Versions asked for that could not be loaded; bounded by what the configs declare. */
  readonly #demandFailures = new Map<string, { until: number; error: unknown }>();
  /** Runs the loads of one model one after the other. */
  readonly #turns = new Map<string, Promise<void>>();
  readonly #draining = new Set<Promise<void>>();

  constructor(repository: ModelRepository, options: RegistryOptions) {
    this.#repository = repository;
    this.#options = options;
  }

  /**
   * Loads every model of the repository. A failure is reported by the index, not thrown.
   * @param stable the recorded stable version of each model; the newest where none is recorded.
   */
  async loadAll(stable: ReadonlyMap<string, string> = new Map()): Promise<void> {
    const names = await this.#repository.names();
    await Promise.all(
      names.map((name) => this.load(name, stable.get(name)).catch(() => undefined)),
    );
  }

  /** Loads and checks a version without routing to it. @throws Refused as `load`. */
  async loadBeside(name: string, version: string): Promise<LoadedVersion> {
    let beside: LoadedVersion | undefined;
    await this.#inTurn(name, async () => {
      const model = this.model(name);
      const config = await this.#repository.config(name);
      const standing = model.versions.get(version);
      beside = standing?.state === 'READY' ? standing : await this.#loadVersion(config, version);
      model.config = config;
      model.versions.set(version, beside);
    });
    if (beside === undefined) throw unknownVersion(name, version);
    return beside;
  }

  /**
   * Receives the file of a declared version and checks it: graph, load, warm-up and golden cases, in a
   * process of its own that ends again. @throws Refused with the reason; then nothing of the version is kept.
   */
  async receivePush(
    name: string,
    version: string,
    upload: Parameters<ModelRepository['receivePush']>[2],
  ): Promise<void> {
    await this.#repository.receivePush(name, version, upload);
    try {
      const trial = await this.#loadVersion(await this.#repository.config(name), version);
      await trial.stop();
    } catch (error) {
      await this.#repository.withdrawPush(name, version);
      throw error;
    }
  }

  /** Declares a version that will be sent. @throws Refused STATE_CONFLICT. */
  declarePush(
    name: string,
    version: string,
    declaration: Parameters<ModelRepository['declarePush']>[2],
  ): Promise<void> {
    return this.#repository.declarePush(name, version, declaration);
  }

  /**
   * The named version. It is loaded now if the repository has it, with room made inside the memory budget.
   * @throws Refused as `load`; a refused version is not tried again for a while.
   */
  async demand(name: string, version: string): Promise<LoadedVersion> {
    const model = this.model(name);
    if (model.versions.has(version)) return standingVersion(model, version);
    const key = `${name}/${version}`;
    const refusedBefore = this.#demandFailures.get(key);
    if (refusedBefore !== undefined && performance.now() < refusedBefore.until) {
      throw refusedBefore.error;
    }
    try {
      const loaded = await this.loadBeside(name, version);
      this.#keepBudget(loaded);
      return loaded;
    } catch (error) {
      if (!model.config.versions.has(version)) throw error;
      this.#demandFailures.set(key, { until: performance.now() + demandPauseMs, error });
      throw error;
    }
  }

  /** Applies a rollout: shares the traffic, and at its end promotes or drops the candidate. */
  direct(name: string, rollout: Rollout): void {
    const model = this.model(name);
    model.rollout = hasEnded(rollout) ? undefined : rollout;
    if (rollout.phase.kind === 'promoted') this.#promote(model, rollout.candidate);
    if (rollout.phase.kind === 'rolledBack' && model.stable !== rollout.candidate) {
      this.#retireVersion(model, rollout.candidate);
    }
  }

  /** Makes the previous version the stable one again, at once. @throws Refused STATE_CONFLICT. */
  rollback(name: string): string {
    const model = this.model(name);
    const { previous, stable } = model;
    if (previous === undefined || model.versions.get(previous)?.state !== 'READY') {
      throw refused('STATE_CONFLICT', `Model ${name} has no earlier version that is still loaded.`);
    }
    model.stable = previous;
    model.previous = stable;
    return previous;
  }

  /**
   * Loads the newest version (or the one named) and makes it the stable one.
   * @throws Refused when the model is unknown or refused; the version before then goes on serving.
   */
  load(name: string, version?: string): Promise<void> {
    return this.#inTurn(name, async () => {
      let wanted = version;
      try {
        const config = await this.#repository.config(name);
        const model = this.#modelOf(name, config);
        wanted ??= newestVersion(config, model.stable);
        const loaded = await this.#loadVersion(config, wanted);
        const replaced = model.versions.get(wanted);
        model.config = config;
        model.versions.set(wanted, loaded);
        this.#failures.delete(name);
        if (replaced !== undefined) this.#retire(replaced);
        this.#promote(model, wanted);
      } catch (error) {
        const why = errorAnswer(error).message;
        if (codeOf(error) !== 'MODEL_UNKNOWN') this.#failures.set(name, { version: wanted, why });
        throw error;
      }
    });
  }

  /** Stops routing to the model, drains it and ends its scorers. An unknown model is no error. */
  unload(name: string): Promise<void> {
    return this.#inTurn(name, async () => {
      const model = this.#models.get(name);
      if (model === undefined) return;
      model.stable = undefined;
      model.previous = undefined;
      model.rollout = undefined;
      for (const version of [...model.versions.keys()]) this.#retireVersion(model, version);
      await Promise.resolve();
    });
  }

  /** The named version, or the stable one. @throws Refused MODEL_UNKNOWN, Retryable MODEL_UNAVAILABLE. */
  route(name: string, version?: string): LoadedVersion {
    return standingVersion(this.model(name), version);
  }

  /** The version for a request that names none. @throws as `route`. */
  routeByKey(name: string, key: string | undefined): Routed {
    return routeByKey(this.model(name), key);
  }

  /** The model with its versions. @throws Refused MODEL_UNKNOWN. */
  model(name: string): ServedModel {
    const model = this.#models.get(name);
    if (model === undefined) throw unknownModel(name);
    return model;
  }

  get models(): readonly ServedModel[] {
    return [...this.#models.values()];
  }

  isReady(name: string, version?: string): boolean {
    try {
      return this.route(name, version).state === 'READY';
    } catch (error) {
      if (codeOf(error) === 'UNEXPECTED') throw error;
      return false;
    }
  }

  /** Models whose last load failed, whatever serves meanwhile. */
  get failures(): ReadonlyMap<string, LoadFailure> {
    return this.#failures;
  }

  /** Does every model answer that should? */
  get allReady(): boolean {
    const serving = this.models.filter(({ stable }) => stable !== undefined);
    return this.#failures.size === 0 && serving.every(({ name }) => this.isReady(name));
  }

  /** Every model of the repository folder, loaded or not. */
  async index(): Promise<readonly IndexEntry[]> {
    const { names, misnamed } = await this.#repository.listing();
    const all = new Set([...names, ...this.#models.keys(), ...misnamed]);
    return [...all].sort().flatMap((name) => {
      const failure = misnamed.includes(name)
        ? { version: undefined, why: misnamedWhy }
        : this.#failures.get(name);
      return indexEntries(name, this.#models.get(name), failure);
    });
  }

  /** Drains everything, at the end of the server. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#turns.values());
    await Promise.all(
      this.models.flatMap(({ versions }) => [...versions.values()].map((each) => each.drain())),
    );
    await Promise.all(this.#draining);
  }

  /** One assignment moves every following request. The version before is kept; older ones are drained. */
  #promote(model: ServedModel, version: string): void {
    const { stable, previous } = model;
    if (stable === version) return;
    model.stable = version;
    model.previous = stable;
    if (previous !== undefined && previous !== version) this.#retireVersion(model, previous);
  }

  #modelOf(name: string, config: ModelConfig): ServedModel {
    const known = this.#models.get(name);
    if (known !== undefined) return known;
    const model: ServedModel = {
      name,
      config,
      versions: new Map(),
      stable: undefined,
      previous: undefined,
      rollout: undefined,
    };
    this.#models.set(name, model);
    return model;
  }

  async #loadVersion(config: ModelConfig, version: string): Promise<LoadedVersion> {
    const openModel: OpenModel = () => this.#repository.modelFile(config, version);
    const loaded = new LoadedVersion(config, version, openModel, this.#options);
    await loaded.start();
    return loaded;
  }

  #keepBudget(wanted: LoadedVersion): void {
    const { memoryBudgetBytes } = this.#options;
    for (const { config, version } of versionsToRetire(this.models, memoryBudgetBytes, wanted)) {
      this.#retireVersion(this.model(config.name), version);
    }
  }

  #retireVersion(model: ServedModel, version: string): void {
    const loaded = model.versions.get(version);
    if (loaded === undefined) return;
    this.#retire(loaded, () => {
      if (model.versions.get(version) === loaded) model.versions.delete(version);
    });
  }

  #retire(loaded: LoadedVersion, onGone?: () => void): void {
    const drained = loaded.drain().then(() => {
      onGone?.();
      this.#draining.delete(drained);
    });
    this.#draining.add(drained);
  }

  #inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const before = this.#turns.get(name) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(name, turn);
    return turn;
  }
}

/**
 * The highest version number of the repository folder, or the stable one where that is newer. A pushed
 * version serves only after a rollout, never because it is stored.
 * @throws Refused MODEL_REFUSED when there is none.
 */
function newestVersion(config: ModelConfig, stable: string | undefined): string {
  const serving = [...config.versions].filter(
    ([version, { pushed }]) => pushed !== true || version === stable,
  );
  const newest = Math.max(...serving.map(([version]) => Number(version)));
  if (!Number.isFinite(newest)) {
    throw refused('MODEL_REFUSED', `Model ${config.name} has no versions.`);
  }
  return String(newest);
}

const unknownModel = (name: string): Error =>
  refused('MODEL_UNKNOWN', `Request for unknown model: '${name.slice(0, 80)}' is not found`);
