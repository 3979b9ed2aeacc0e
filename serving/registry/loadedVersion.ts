// One version of one model, standing ready: its scorers, its contract, its counters. It becomes READY only
// after the graph fits the declaration, warm-up has run and every golden case agrees, so the first real
// request is neither cold nor wrong.
import type { Tensor } from '../protocol/datatypes';
import { codeOf, refused } from '../protocol/errors';
import type { ModelConfig } from '../repository/modelConfig';
import type { ScorerReady } from '../scorer/child';
import { ScorerPool, type PoolOptions, type ScoringJob } from '../scorer/scorerPool';
import {
  checkGolden,
  checkOutputs,
  checkSignature,
  goldenInputs,
  warmUpInputs,
} from './outputCheck';
import { VersionCounters } from './versionCounters';

/** Life of a loaded version; FAILED means it took itself out of rotation. */
export type VersionState = 'LOADING' | 'READY' | 'DRAINING' | 'FAILED';

export interface VersionOptions {
  readonly pool: Omit<PoolOptions, 'batchable'>;
  /** Answers in a row that break the contract after which the version leaves the rotation. */
  readonly maxConsecutiveFailures: number;
}

const warmUpRuns = 3;

export class LoadedVersion {
  readonly config: ModelConfig;
  readonly version: string;
  readonly counters = new VersionCounters();
  readonly #pool: ScorerPool;
  readonly #options: VersionOptions;
  readonly #startedAt = performance.now();
  #state: VersionState = 'LOADING';
  #reason: string | undefined;
  #ready: ScorerReady | undefined;
  #loadMs = 0;

  constructor(
    config: ModelConfig,
    version: string,
    modelBytes: Uint8Array,
    options: VersionOptions,
  ) {
    this.config = config;
    this.version = version;
    this.#options = options;
    const pool: PoolOptions = {
      ...options.pool,
      scorers: config.scorers ?? options.pool.scorers,
      maxBatchRows: config.maxBatchRows ?? options.pool.maxBatchRows,
      batchable: config.batchable,
    };
    this.#pool = new ScorerPool(modelBytes, pool, {
      onCrash: () => (this.counters.crashes += 1),
      onFailed: (reason) => this.takeOut(reason),
      onBatch: (requests, runMs) => {
        this.counters.batches += 1;
        this.counters.batchedRequests += requests;
        this.counters.runMs += runMs;
      },
    });
  }

  /** Loads, warms up and proves the version. @throws Refused MODEL_REFUSED with the reason. */
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

  /** From start to READY. */
  get loadMs(): number {
    return this.#loadMs;
  }

  /** Memory of its scorers when they had loaded. */
  get residentBytes(): number {
    return this.#ready?.residentBytes ?? 0;
  }

  get queuedRows(): number {
    return this.#pool.queuedRows;
  }

  get scorerPids(): readonly number[] {
    return this.#pool.pids;
  }

  /**
   * The declared outputs for one request, checked.
   * @throws Refused OUTPUT_INVALID, Retryable or Fatal; each counted against the version.
   */
  async score(job: ScoringJob): Promise<readonly Tensor[]> {
    const startedAt = performance.now();
    try {
      const outputs = checkOutputs(this.config, job.rows, await this.#pool.score(job));
      this.counters.recordAnswer(performance.now() - startedAt, job.rows, Date.now());
      return outputs;
    } catch (error) {
      this.counters.recordError(codeOf(error));
      this.#checkHealth();
      throw error;
    }
  }

  /** Out of rotation, reversible only by loading again. */
  takeOut(reason: string): void {
    if (this.#state !== 'READY') return;
    this.#state = 'FAILED';
    this.#reason = reason;
  }

  /** Lets accepted requests end, then ends the scorers. The caller has stopped routing here. */
  async drain(): Promise<void> {
    this.#state = 'DRAINING';
    await this.#pool.drain();
  }

  /** Ends at once. */
  async stop(): Promise<void> {
    this.#state = 'DRAINING';
    await this.#pool.stop();
  }

  #checkHealth(): void {
    const { consecutiveFailures } = this.counters;
    if (consecutiveFailures >= this.#options.maxConsecutiveFailures) {
      this.takeOut(`it failed ${consecutiveFailures} requests in a row`);
    }
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
    for (const golden of this.config.golden) {
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
