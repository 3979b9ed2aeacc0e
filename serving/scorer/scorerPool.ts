// Several scorers behind one bounded queue. An idle scorer takes everything that waits, up to the batch limit
// in rows. No request waits for others: batches form only while scorers are busy. Requests that arrive in one
// turn of the event loop are taken together. Giving work only to idle scorers is balancing by least
// outstanding, with a limit of one.
import { availableParallelism } from 'node:os';
import type { Tensor } from '../protocol/datatypes';
import { codeOf, retryable } from '../protocol/errors';
import type { ModelFile } from '../repository/modelFile';
import { joinBatch, sameTrailingShapes, splitBatch } from './batch';
import { Pace } from './pace';
import type { ScorerReady } from './session';
import {
  ScorerProcess,
  type MakeScorer,
  type RunResult,
  type Scorer,
  type ScorerLimits,
} from './scorerProcess';

export interface PoolOptions extends ScorerLimits {
  readonly scorers: number;
  readonly maxBatchRows: number;
  /** Rows that may wait. Beyond this, callers are refused at once. */
  readonly maxQueueRows: number;
  /** May requests share a run? */
  readonly batchable: boolean;
  /** Deaths within `crashWindowMs` after which the pool gives up and reports `onFailed`. */
  readonly maxCrashes: number;
  readonly crashWindowMs: number;
  /** Where the model runs; a child process when absent. */
  readonly makeScorer?: MakeScorer | undefined;
}

const spawned: MakeScorer = (limits, onExit) => new ScorerProcess(limits, onExit);

/** Opens the model's file; called for every start of a scorer. */
export type OpenModel = () => Promise<ModelFile>;

export interface PoolEvents {
  /** A scorer that had been ready ended by itself or took too long. */
  readonly onCrash: () => void;
  /** The pool keeps losing its scorers and has given up. */
  readonly onFailed: (reason: string) => void;
  readonly onBatch: (requests: number, runMs: number) => void;
}

/** One request on its way through the pool. */
export interface ScoringJob {
  readonly inputs: readonly Tensor[];
  readonly rows: number;
  /** `performance.now()` after which the answer is not wanted any more. */
  readonly deadlineAt: number;
}

export interface PendingJob extends ScoringJob {
  readonly resolve: (outputs: readonly Tensor[]) => void;
  readonly reject: (error: unknown) => void;
  /** Set after its batch failed. It then runs alone, so that only the request at fault fails. */
  alone: boolean;
}

interface Slot {
  process: Scorer | undefined;
  isReady: boolean; // Loaded. A run sent before would end up in the middle of the model's bytes.
  readonly pace: Pace;
  busy: boolean;
  restartTimer: NodeJS.Timeout | undefined;
}

export class ScorerPool {
  readonly #openModel: OpenModel;
  readonly #options: PoolOptions;
  readonly #events: PoolEvents;
  readonly #slots: Slot[];
  readonly #queue: PendingJob[] = [];
  #queuedRows = 0;
  #running = 0;
  #scheduled = false;
  #stopping = false;
  #crashTimes: number[] = [];
  #expiryTimer: NodeJS.Timeout | undefined;
  #onIdle: (() => void)[] = [];

  constructor(openModel: OpenModel, options: PoolOptions, events: PoolEvents) {
    this.#openModel = openModel;
    this.#options = options;
    this.#events = events;
    this.#slots = Array.from({ length: options.scorers }, () => ({
      process: undefined,
      isReady: false,
      pace: new Pace(availableParallelism()),
      busy: false,
      restartTimer: undefined,
    }));
  }

  /** Starts every scorer. @throws Refused or Retryable when one of them can not load the model. */
  async start(): Promise<ScorerReady> {
    try {
      const model = await this.#openModel();
      const ready = await Promise.all(this.#slots.map((slot) => this.#fill(slot, model)));
      const [first] = ready;
      if (first === undefined) throw retryable('MODEL_UNAVAILABLE', 'The model has no scorer.');
      return { ...first, residentBytes: ready.reduce((sum, each) => sum + each.residentBytes, 0) };
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  get queuedRows(): number {
    return this.#queuedRows;
  }

  get liveScorers(): number {
    return this.#slots.filter((slot) => slot.process?.alive).length;
  }

  /** Process ids of the scorers, for the status page and for tests that kill one. */
  get pids(): readonly number[] {
    return this.#slots.flatMap(({ process }) =>
      process?.alive && process.pid ? [process.pid] : [],
    );
  }

  /** @throws Retryable QUEUE_FULL, DEADLINE_EXCEEDED or SCORER_DIED; Fatal when the model fails. */
  score(job: ScoringJob): Promise<readonly Tensor[]> {
    if (this.#stopping) {
      return Promise.reject(retryable('MODEL_UNAVAILABLE', 'This version is being unloaded.'));
    }
    if (this.#queuedRows + job.rows > this.#options.maxQueueRows) {
      const sentence = `${this.#queuedRows} rows are waiting for this model already; try again.`;
      return Promise.reject(retryable('QUEUE_FULL', sentence));
    }
    return new Promise((resolve, reject) => {
      const { inputs, rows, deadlineAt } = job;
      this.#queue.push({ inputs, rows, deadlineAt, resolve, reject, alone: false });
      this.#queuedRows += job.rows;
      this.#schedule();
    });
  }

  /** Lets queued and running work end, then ends the scorers. */
  async drain(): Promise<void> {
    while (this.#queue.length > 0 || this.#running > 0) {
      await new Promise<void>((resolve) => this.#onIdle.push(resolve));
    }
    await this.stop();
  }

  /** Ends at once. Waiting requests are refused. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#expiryTimer);
    this.#rejectQueued(retryable('MODEL_UNAVAILABLE', 'This version is being unloaded.'));
    await Promise.all(
      this.#slots.map(async (slot) => {
        clearTimeout(slot.restartTimer);
        if (slot.busy) slot.process?.kill('the server is stopping');
        await slot.process?.stop();
      }),
    );
  }

  /** Waits for the end of this turn of the event loop, so that its requests share a batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#dispatch();
    });
  }

  #dispatch(): void {
    for (const slot of this.#slots) {
      if (this.#queue.length === 0) break;
      if (slot.busy || !slot.isReady || slot.process?.alive !== true) continue;
      const batch = this.#takeBatch();
      if (batch.length > 0) void this.#runBatch(slot, slot.process, batch);
    }
    const [oldest] = this.#queue;
    if (oldest !== undefined) this.#wakeAt(oldest.deadlineAt);
    else if (this.#running === 0) this.#wakeDrains();
  }

  /** Refuses expired requests even when no scorer asks for work. */
  #wakeAt(deadlineAt: number): void {
    this.#expiryTimer ??= setTimeout(
      () => {
        this.#expiryTimer = undefined;
        const now = performance.now();
        for (let job = this.#queue[0]; job && job.deadlineAt <= now; job = this.#queue[0]) {
          this.#dequeue();
          job.reject(retryable('DEADLINE_EXCEEDED', 'The request waited past its deadline.'));
        }
        this.#dispatch();
      },
      deadlineAt - performance.now() + 1,
    );
  }

  /** The next requests that may run together: same trailing shapes, within the row limit. */
  #takeBatch(): PendingJob[] {
    const batch: PendingJob[] = [];
    let rows = 0;
    for (let job = this.#queue[0]; job !== undefined; job = this.#queue[0]) {
      if (job.deadlineAt <= performance.now()) {
        this.#dequeue();
        job.reject(retryable('DEADLINE_EXCEEDED', 'The request waited past its deadline.'));
        continue;
      }
      const [first] = batch;
      if (first !== undefined && !this.#mayJoin(first, job, rows)) break;
      this.#dequeue();
      batch.push(job);
      rows += job.rows;
    }
    return batch;
  }

  #mayJoin(first: PendingJob, job: PendingJob, rows: number): boolean {
    if (!this.#options.batchable || first.alone || job.alone) return false;
    return rows + job.rows <= this.#options.maxBatchRows && sameTrailingShapes(first, job);
  }

  #dequeue(): void {
    const job = this.#queue.shift();
    if (job !== undefined) this.#queuedRows -= job.rows;
  }

  async #runBatch(slot: Slot, process: Scorer, batch: PendingJob[]): Promise<void> {
    slot.busy = true;
    this.#running += 1;
    try {
      const awake = slot.pace.begin(performance.now(), batch.length);
      const result = await process.run(joinBatch(batch), awake);
      slot.pace.end(performance.now());
      this.#deliver(batch, result);
    } catch (error) {
      this.#retryAlone(batch, error);
    }
    slot.busy = false;
    this.#running -= 1;
    this.#dispatch();
  }

  #deliver(batch: readonly PendingJob[], result: RunResult): void {
    this.#events.onBatch(batch.length, result.runMs);
    for (const [index, outputs] of splitBatch(batch, result.tensors).entries()) {
      batch[index]?.resolve(outputs);
    }
  }

  /** Runs the requests of a failed batch again, one by one. A request that failed alone gets its error. */
  #retryAlone(batch: readonly PendingJob[], error: unknown): void {
    const again: PendingJob[] = [];
    for (const job of batch) {
      const lost = codeOf(error) === 'SCORER_DIED';
      if (job.alone || (batch.length === 1 && !lost)) job.reject(error);
      else {
        job.alone = true;
        again.push(job);
      }
    }
    this.#queue.unshift(...again);
    this.#queuedRows += again.reduce((sum, job) => sum + job.rows, 0);
  }

  async #fill(slot: Slot, model: ModelFile): Promise<ScorerReady> {
    slot.isReady = false;
    const process = (this.#options.makeScorer ?? spawned)(this.#options, () => {
      if (slot.process === process && slot.isReady) this.#replace(slot);
    });
    slot.process = process;
    try {
      const report = await process.load(model);
      slot.isReady = true;
      return report;
    } catch (error) {
      process.kill('it could not load its model');
      throw error;
    }
  }

  /** Restarts a lost scorer, after a longer pause each time, and gives up when it keeps dying. */
  #replace(slot: Slot, failure?: unknown): void {
    if (this.#stopping) return;
    const now = performance.now();
    this.#crashTimes = this.#crashTimes.filter((at) => now - at < this.#options.crashWindowMs);
    this.#crashTimes.push(now);
    this.#events.onCrash();
    const crashes = this.#crashTimes.length;
    if (crashes > this.#options.maxCrashes && this.liveScorers === 0) {
      const last =
        failure instanceof Error ? `, at last: ${failure.message.replace(/\.$/, '')}` : '';
      const { crashWindowMs } = this.#options;
      this.#giveUp(`its scorers died ${crashes} times within ${crashWindowMs} ms${last}`);
      return;
    }
    const delayMs = crashes === 1 ? 0 : Math.min(100 * 2 ** crashes, 5_000);
    slot.restartTimer = setTimeout(() => void this.#restart(slot), delayMs);
  }

  async #restart(slot: Slot): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.#fill(slot, await this.#openModel());
      this.#dispatch();
    } catch (error) {
      this.#replace(slot, error);
    }
  }

  #giveUp(reason: string): void {
    this.#rejectQueued(
      retryable('MODEL_UNAVAILABLE', `This version is out of service: ${reason}.`),
    );
    this.#events.onFailed(reason);
  }

  #wakeDrains(): void {
    for (const wake of this.#onIdle.splice(0)) wake();
  }

  #rejectQueued(error: Error): void {
    for (const job of this.#queue.splice(0)) job.reject(error);
    this.#queuedRows = 0;
    if (this.#running === 0) this.#wakeDrains();
  }
}
