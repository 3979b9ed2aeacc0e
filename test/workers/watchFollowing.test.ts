// Goal: a position that does not answer a crossing for ten seconds is told once, and one that answers never. Method:
// a clock of the test, and crossings as the gateway counts them.
import { answerWantedMs, type Unanswered } from '../../domain/trailing';
import { epochMs } from '../../domain/units';
import { watchFollowing } from '../../workers/watchFollowing';

test('told once for each crossing that nobody answers', () => {
  jest.useFakeTimers();
  try {
    const begun = epochMs(1_000_000);
    let now = begun as number;
    let open: readonly Unanswered[] = [{ workflowId: 'position-a', since: begun }];
    const raised: unknown[] = [];
    const stop = watchFollowing(
      () => open,
      (...alert) => Promise.resolve(void raised.push(alert)),
      () => now,
    );
    const at = (ms: number): void => {
      now = begun + ms;
      jest.advanceTimersByTime(1_000);
    };
    at(answerWantedMs - 1);
    expect(raised).toEqual([]);
    at(answerWantedMs);
    at(answerWantedMs + 1_000);
    expect(raised).toEqual([
      [
        'position.not_following',
        `position-a-${begun}`,
        { workflow: 'position-a', seconds: answerWantedMs / 1_000 },
      ],
    ]);
    open = [];
    at(answerWantedMs + 2_000);
    open = [{ workflowId: 'position-a', since: epochMs(now) }];
    at(2 * answerWantedMs + 2_000);
    expect(raised).toHaveLength(2);
    stop();
  } finally {
    jest.useRealTimers();
  }
});
