// The kill switch goes several ways at once. A way that fails is named and does not stop the others.
import { wordsOf } from '../domain/errors';

/**
 * How long to wait for a workflow. One whose worker is down does not answer, and the switch is on by then.
 */
const answerMs = 3_000;

/** Tries one of several paths. A failed path is named in `unanswered`. */
export async function attempt<T>(
  what: string,
  unanswered: string[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    unanswered.push(`${what}: ${wordsOf(error)}`);
    return undefined;
  }
}

/** @throws Error when there is no answer in time. */
export const inTime = <T>(work: Promise<T>): Promise<T> =>
  Promise.race([
    work,
    new Promise<never>((_, reject) =>
      // This timer does not keep the process alive once the answer is there.
      setTimeout(
        () => reject(new Error(`no answer within ${answerMs / 1000} s`)),
        answerMs,
      ).unref(),
    ),
  ]);
