// Does a position follow the price? It answers each crossing with a band. One that does not answer has stopped
// trailing, and cannot say so itself.
import type { EpochMs } from '../units';

/** A worker that is started again, or a broker that answers slowly, takes less. */
export const answerWantedMs = 10_000;

/** A band whose price has been crossed, and since when nobody has answered; host clock. */
export interface Unanswered {
  readonly workflowId: string;
  readonly since: EpochMs;
}

/** Those that should have answered by now. */
export const notFollowing = (crossed: readonly Unanswered[], now: EpochMs): readonly Unanswered[] =>
  crossed.filter(({ since }) => now - since >= answerWantedMs);
