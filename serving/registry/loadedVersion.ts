// One loaded version of one model: its scorers, its contract, its counters. It becomes READY only after the
// graph fits the declaration, warm-up has run and every golden case agrees, so the first real request is
// neither cold nor wrong.
import type { Tensor } from '../protocol/datatypes';
import { codeOf, refused } from '../protocol/errors';
import type { ModelConfig } from '../repository/modelConfig';
import type { ScorerReady } from '../scorer/session';
import {
  ScorerPool,
  type PoolOptions,
  type OpenModel,
  type ScoringJob,
} from '../scorer/scorerPool';
import {
  checkGolden,
  checkOutputs,
  checkSignature,
  goldenInputs,
  warmUpInputs,
} from './outputCheck';
import { DriftWatch } from './driftWatch';
import { ResultCache } from './resultCache';
import { placeInRange, SanityWatch, scoreOf } from './sanityWatch';
import { VersionCounters } from './versionCounters';

/** The life of a loaded version. FAILED means it took itself out of rotation. */
export type VersionState = 'LOADING' | 'READY' | 'DRAINING' | 'FAILED';

export interface VersionOptions {
  readonly pool: Omit<PoolOptions, 'batchable'>;
  /** Answers in a row that break the contract after which the version leaves the rotation. */
  readonly maxConsecutiveFailures: number;
  /** Answers kept per version; 0 turns the cache off. */
  readonly cacheEntries: number;
  /** Called after every fault of a version, so that a guard can act at once. */
  readonly onFault?: (loaded: LoadedVersion) => void;
}

const warmUpRuns = 3;

export class LoadedVersion {
  readonly config: ModelConfig;
  readonly version: string;
  readonly counters = new VersionCounters();
  readonly #pool: ScorerPool;
  readonly #cache: ResultCache;
  readonly #sanity: SanityWatch;
  readonly #inputDrift: DriftWatch;
  readonly #outputDrift: DriftWatch;
  readonly #options: VersionOptions;
  readonly #startedAt = performance.now();
  #state: VersionState = 'LOADING';
  #reason: string | undefined;
  #ready: ScorerReady | undefined;
  #loadMs = 0;
  #lastUsedAt = performance.now();

  constructor(config: ModelConfig, version: string, openModel: OpenModel, options: VersionOptions) {
    this.config = config;
    this.version = version;
    this.#options = options;
    this.#cache = new ResultCache(options.cacheEntries);
    this.#sanity = new SanityWatch(config.constantWindow);
    this.#inputDrift = new DriftWatch(config.inputs[0]);
    this.#outputDrift = new DriftWatch(config.outputs[0]);
    const pool: PoolOptions = {
      ...options.pool,
      scorers: config.scorers ?? options.pool.scorers,
      maxBatchRows: config.maxBatchRows ?? options.pool.maxBatchRows,
      batchable: config.batchable,
    };
    this.#pool = new ScorerPool(openModel, pool, {
      onCrash: () => {
        this.counters.crashes += 1;
        options.onFault?.(this);
      },
      onFailed: (reason) => this.takeOut(reason),
      onBatch: (requests, runMs) => {
        this.counters.batches += 1;
        this.counters.batchedRequests += requests;
        this.counters.runMs += runMs;
      },
    });
  }

  /** Loads, warms up and checks the version. @throws Refused MODEL_REFUSED with the reason. */
  async start(): Promise<void> {
    this.#ready = await this.#pool.start();
    try {
      checkSignature(this.config, this.#ready);
      await this.#warmUp();
      await this.#proveGolden();
    } catch (error) {
      this.#state = 'FAILED';
      await this.#pool.stop();
      throw error;
    }
    this.#loadMs = performance.now() - this.#startedAt;
    this.#state = 'READY';
  }

  get state(): VersionState {
    return this.#state;
  }

  /** Why the version left the rotation, in words. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Time from start to READY. */
  get loadMs(): number {
    return this.#loadMs;
  }

  /** Memory of its scorers just after loading. */
  get residentBytes(): number {
    return this.#ready?.residentBytes ?? 0;
  }

  /** `performance.now()` of the last request. */
  get lastUsedAt(): number {
    return this.#lastUsedAt;
  }

  /** How far inputs and outputs have moved from the version's first ones; undefined while not known. */
  get drift(): { readonly inputs: number | undefined; readonly outputs: number | undefined } {
    return { inputs: this.#inputDrift.index, outputs: this.#outputDrift.index };
  }

  get queuedRows(): number {
    return this.#pool.queuedRows;
  }

  get scorerPids(): readonly number[] {
    return this.#pool.pids;
  }

  /**
   * The declared outputs for one request, checked.
   * @throws Refused OUTPUT_INVALID, Retryable or Fatal; each is counted against the version.
   */
  async score(job: ScoringJob): Promise<readonly Tensor[]> {
    const cached = this.#cache.get(job.inputs);
    if (cached !== undefined) {
      this.counters.cacheHits += 1;
      this.#countScore(cached);
      return cached;
    }
    const startedAt = performance.now();
    this.#lastUsedAt = startedAt;
    try {
      const outputs = checkOutputs(this.config, job.rows, await this.#pool.score(job));
      this.counters.cacheMisses += 1;
      this.counters.recordAnswer(performance.now() - startedAt, job.rows, Date.now());
      this.#watch(outputs);
      this.#inputDrift.observe(job.inputs[0]);
      this.#outputDrift.observe(outputs[0]);
      this.#cache.set(job.inputs, outputs);
      return outputs;
    } catch (error) {
      this.counters.recordError(codeOf(error));
      this.#checkHealth();
      throw error;
    }
  }

  /** Takes the version out of rotation, until it is loaded again. */
  takeOut(reason: string): void {
    if (this.#state !== 'READY') return;
    this.#state = 'FAILED';
    this.#reason = reason;
    this.#options.onFault?.(this);
  }

  /** Lets accepted requests end, then ends the scorers. The caller has stopped routing to this version. */
  async drain(): Promise<void> {
    this.#state = 'DRAINING';
    await this.#pool.drain();
  }

  /** Ends the scorers at once. */
  async stop(): Promise<void> {
    this.#state = 'DRAINING';
    await this.#pool.stop();
  }

  #checkHealth(): void {
    const { consecutiveFailures } = this.counters;
    if (consecutiveFailures >= this.#options.maxConsecutiveFailures) {
      this.takeOut(`it failed ${consecutiveFailures} requests in a row`);
    }
    if (consecutiveFailures > 0) this.#options.onFault?.(this);
  }

  /**
   * Counts where the score lies. Cached answers count too: with a warm cache beside a cold one, two equal
   * versions would otherwise seem to differ.
   */
  #countScore(outputs: readonly Tensor[]): number {
    const [contract] = this.config.outputs;
    const score = scoreOf(outputs);
    if (contract !== undefined && !Number.isNaN(score)) {
      this.counters.recordScore(placeInRange(contract, score));
    }
    return score;
  }

  /** Checks whether the score ever changes. */
  #watch(outputs: readonly Tensor[]): void {
    const score = this.#countScore(outputs);
    const complaint = this.#sanity.observe(score);
    if (complaint !== undefined) this.takeOut(complaint);
  }

  async #warmUp(): Promise<void> {
    const limit = this.config.maxBatchRows ?? this.#options.pool.maxBatchRows;
    for (const rows of this.config.batchable ? [1, limit] : [1]) {
      for (let run = 0; run < warmUpRuns; run += 1) {
        const job = this.#job(warmUpInputs(this.config, rows), rows);
        await this.#pool.score({ ...job });
      }
    }
  }

  async #proveGolden(): Promise<void> {
    const own = this.config.versions.get(this.version)?.golden;
    for (const golden of own ?? this.config.golden) {
      const inputs = goldenInputs(this.config, golden);
      const rows = this.config.batchable ? (inputs[0]?.shape[0] ?? 1) : 1;
      const answers = await this.#pool.score(this.#job(inputs, rows));
      try {
        checkGolden(this.config, golden, checkOutputs(this.config, rows, answers));
      } catch (error) {
        const reason = error instanceof Error ? error.message : 'it can not be compared';
        throw refused('MODEL_REFUSED', `Version ${this.version} fails a golden case: ${reason}`);
      }
    }
  }

  #job(inputs: readonly Tensor[], rows: number): ScoringJob {
    const { loadTimeoutMs } = this.#options.pool;
    return { inputs, rows, deadlineAt: performance.now() + loadTimeoutMs };
  }
}
