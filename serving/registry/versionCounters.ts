// What one loaded version has done so far. The guard, the status page, /v2/.../stats and Prometheus all read
// these figures, so they cannot disagree. Cached answers are counted apart, since they say nothing about the
// model's health.
import type { ServingCode } from '../protocol/errors';
import { LatencyHistogram } from './latencyHistogram';

/** Bins of the score histogram. */
const scoreBins = 20;

/** Codes that are the model's or its scorer's fault, not the caller's. */
export const modelFaults: ReadonlySet<ServingCode> = new Set<ServingCode>([
  'SCORING_FAILED',
  'SCORER_DIED',
  'DEADLINE_EXCEEDED',
  'OUTPUT_INVALID',
  'MODEL_UNAVAILABLE',
]);

export class VersionCounters {
  /** Requests answered by the model, and how many of them failed through its fault. */
  answered = 0;
  failed = 0;
  invalidOutputs = 0;
  consecutiveFailures = 0;
  rows = 0;
  batches = 0;
  batchedRequests = 0;
  runMs = 0;
  crashes = 0;
  cacheHits = 0;
  cacheMisses = 0;
  lastAnswerAt: number | undefined;
  readonly latency = new LatencyHistogram();
  /** Where the last element of the first output lies, in equal bins of its range. */
  readonly scores = new Array<number>(scoreBins).fill(0);
  readonly errorsByCode = new Map<ServingCode, number>();

  recordAnswer(durationMs: number, rows: number, atMs: number): void {
    this.answered += 1;
    this.consecutiveFailures = 0;
    this.rows += rows;
    this.lastAnswerAt = atMs;
    this.latency.record(durationMs);
  }

  /** @param place where the score lies in its range, 0…1. */
  recordScore(place: number): void {
    const bin = Math.min(Math.max(Math.floor(place * scoreBins), 0), scoreBins - 1);
    this.scores[bin] = (this.scores[bin] ?? 0) + 1;
  }

  recordError(code: ServingCode): void {
    this.errorsByCode.set(code, (this.errorsByCode.get(code) ?? 0) + 1);
    if (!modelFaults.has(code)) return;
    this.answered += 1;
    this.failed += 1;
    this.consecutiveFailures += 1;
    if (code === 'OUTPUT_INVALID') this.invalidOutputs += 1;
  }
}
