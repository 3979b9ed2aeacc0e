// The server's end of one scorer process: it starts the process under a memory limit, in an empty folder with
// an empty environment and, where the system allows it, without a network, loads and runs models in it, and kills
// it when it takes too long. Killing a child process costs only its own run; terminating a worker thread inside
// run() aborts the whole server (14 of 14 tries).
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Refused } from '../../domain/errors';
import type { Tensor } from '../protocol/datatypes';
import { fatal, refused, retryable } from '../protocol/errors';
import type { ModelFile } from '../repository/modelFile';
import { withoutNetwork } from './network';
import type { Wakefulness } from './pace';
import type { ScorerReady } from './session';
import { WakefulLoop } from './wakefulLoop';
import {
  decodeTensors,
  encodeHeader,
  encodeTensorFrame,
  FrameReader,
  frameKinds,
  type BatchTensor,
  type Frame,
} from './frames';

export interface ScorerLimits {
  /** Reading the model and building its session. */
  readonly loadTimeoutMs: number;
  /** One batch; a scorer that takes longer is killed. */
  readonly runTimeoutMs: number;
  /** Data segment of the process in MiB (`ulimit -d`); above it allocation fails. */
  readonly memoryLimitMiB: number;
}

/** One finished batch. */
export interface RunResult {
  readonly tensors: readonly Tensor[];
  /** Time inside onnxruntime. */
  readonly runMs: number;
}

interface Waiting {
  readonly resolve: (frame: Frame) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Where models run: a process of its own, except where places are compared. */
export interface Scorer {
  readonly pid: number | undefined;
  readonly alive: boolean;
  /** @throws Refused MODEL_REFUSED when the model may not be served or can not, Retryable SCORER_DIED. */
  load(model: ModelFile): Promise<ScorerReady>;
  /** @throws Fatal SCORING_FAILED when the run fails, Retryable when the scorer dies or overruns. */
  run(inputs: readonly BatchTensor[], awake: Wakefulness): Promise<RunResult>;
  /** Ends an idle scorer. */
  stop(): Promise<void>;
  /** Ends a scorer at once; its runs fail with SCORER_DIED. */
  kill(reason: string): void;
}

/** @param onExit called once, when the scorer has ended for whatever reason. */
export type MakeScorer = (limits: ScorerLimits, onExit: () => void) => Scorer;

export class ScorerProcess implements Scorer {
  readonly #limits: ScorerLimits;
  readonly #child: ChildProcess;
  readonly #channel: Socket;
  readonly #folder: string;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  readonly #loop = new WakefulLoop();
  #sequence = 0;
  #death: Error | undefined;

  /** @param onExit called once, when the process has ended for whatever reason. */
  constructor(limits: ScorerLimits, onExit: () => void) {
    this.#limits = limits;
    this.#folder = mkdtempSync(join(tmpdir(), 'ratchet-scorer-'));
    this.#child = spawnScorer(limits.memoryLimitMiB, this.#folder);
    this.#channel = this.#child.stdio[3] as Socket;
    const reader = new FrameReader((frame) => this.#receive(frame));
    this.#channel.on('data', (chunk: Buffer) => reader.push(chunk));
    this.#channel.on('error', () => this.kill('its channel broke'));
    this.#exited = new Promise((resolve) => {
      const ended = (reason: string): void => {
        this.#end(reason);
        onExit();
        void rm(this.#folder, { recursive: true, force: true }).then(resolve, resolve);
      };
      this.#child.once('error', () => ended('it could not be started'));
      this.#child.once('exit', (code, signal) =>
        ended(`it ended with ${signal ?? `code ${code}`}`),
      );
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#death === undefined;
  }

  async load(model: ModelFile): Promise<ScorerReady> {
    const sequence = this.#nextSequence();
    const header = encodeHeader(frameKinds.load, sequence, model.size);
    const answered = this.#exchange(sequence, header, this.#limits.loadTimeoutMs);
    // It may die while the pieces are sent. Then both fail, and why it died is the better reason.
    answered.catch(() => undefined);
    await pipeline(model.pieces, this.#channel, { end: false }).catch((error: unknown) => {
      if (error instanceof Refused) throw error;
    });
    const answer = await answered;
    if (answer.kind === frameKinds.refused) throw refused('MODEL_REFUSED', reasonOf(answer));
    if (answer.kind === frameKinds.failed) {
      throw refused('MODEL_REFUSED', `onnxruntime refused the model: ${reasonOf(answer)}`);
    }
    return JSON.parse(answer.payload.toString('utf8')) as ScorerReady;
  }

  async run(inputs: readonly BatchTensor[], awake: Wakefulness): Promise<RunResult> {
    const sequence = this.#nextSequence();
    const frame = encodeTensorFrame(frameKinds.run, sequence, awake.scorerMs, inputs);
    const answered = this.#exchange(sequence, frame, this.#limits.runTimeoutMs);
    this.#loop.stay(awake.serverMs);
    const answer = await answered;
    this.#loop.stay(0);
    if (answer.kind === frameKinds.failed) {
      throw fatal('SCORING_FAILED', `The model failed on this input: ${reasonOf(answer)}`);
    }
    return decodeTensors(answer.payload);
  }

  /** It ends when its channel does. */
  async stop(): Promise<void> {
    this.#channel.end();
    const timer = setTimeout(() => this.kill('it did not stop'), 2_000);
    await this.#exited;
    clearTimeout(timer);
  }

  kill(reason: string): void {
    this.#end(reason);
    this.#child.kill('SIGKILL');
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence + 1) % 0x1_0000_0000;
    return this.#sequence;
  }

  #exchange(sequence: number, frame: Uint8Array, timeoutMs: number): Promise<Frame> {
    return new Promise((resolve, reject) => {
      if (this.#death !== undefined) {
        reject(this.#death);
        return;
      }
      const timer = setTimeout(() => this.#overrun(timeoutMs), timeoutMs);
      this.#waiting.set(sequence, { resolve, reject, timer });
      this.#channel.write(frame);
    });
  }

  #overrun(timeoutMs: number): void {
    this.#fail(retryable('DEADLINE_EXCEEDED', `The model did not answer within ${timeoutMs} ms.`));
    this.kill(`it overran ${timeoutMs} ms`);
  }

  #receive(frame: Frame): void {
    const waiting = this.#waiting.get(frame.sequence);
    if (waiting === undefined) return;
    this.#waiting.delete(frame.sequence);
    clearTimeout(waiting.timer);
    waiting.resolve(frame);
  }

  #end(reason: string): void {
    this.#death ??= retryable('SCORER_DIED', `The scorer of this request was lost: ${reason}.`);
    this.#fail(this.#death);
  }

  #fail(error: Error): void {
    for (const waiting of this.#waiting.values()) {
      clearTimeout(waiting.timer);
      waiting.reject(error);
    }
    this.#waiting.clear();
  }
}

const reasonOf = (frame: Frame): string => frame.payload.toString('utf8').slice(0, 400);

/**
 * All a scorer is told. Temporary files go to the folder, which ends with the scorer. onnxruntime's telemetry is
 * off. glibc keeps freed model memory unless told otherwise: 340 MB against 80 MB after 24 reloads.
 */
const scorerEnvironment = (folder: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  TMPDIR: folder,
  ORT_DISABLE_TELEMETRY: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '131072',
});

/**
 * What a run allocates is short-lived, so a larger young space only costs memory: 38 MB instead of 25 after a
 * load.
 */
const smallHeap = '--max-semi-space-size=1';

/**
 * `ulimit` belongs to the shell, so the scorer is started through one. The shell and what takes the network away each
 * become the next command, so the child is the scorer itself and can be killed by its id.
 */
function spawnScorer(memoryLimitMiB: number, folder: string): ChildProcess {
  const suffix = extname(__filename);
  const hook = suffix === '.ts' ? ['--require', join(__dirname, '../../infra/sourceHook.cjs')] : [];
  const command = [process.execPath, smallHeap, ...hook, join(__dirname, `child${suffix}`)];
  const limit = `ulimit -d ${memoryLimitMiB * 1024} && ulimit -c 0 && exec "$@"`;
  return spawn('/bin/sh', ['-c', limit, 'ratchet-scorer', ...withoutNetwork(), ...command], {
    cwd: folder,
    env: scorerEnvironment(folder),
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
}
