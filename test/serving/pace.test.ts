// When server and scorer stay awake for each other, and above all when they do not.
import { Pace, type Wakefulness } from '../../serving/scorer/pace';

const asleep = { serverMs: 0, scorerMs: 0 };

/** Runs of so many requests, each answered after `tookMs` and followed by the next one `gapMs` later. */
function lastOf(
  runs: number,
  { tookMs, gapMs, requests }: { tookMs: number; gapMs: number; requests: number },
  pace = new Pace(2),
): Wakefulness {
  let now = 0;
  let last: Wakefulness = asleep;
  for (let run = 0; run < runs; run += 1) {
    last = pace.begin(now, requests);
    pace.end(now + tookMs);
    now += tookMs + gapMs;
  }
  return last;
}

test('one quick request close after the other keeps both awake, but not from the first one on', () => {
  const steady = { tookMs: 0.08, gapMs: 0.1, requests: 1 };
  expect(lastOf(1, steady)).toEqual(asleep);
  const { serverMs, scorerMs } = lastOf(60, steady);
  expect(serverMs).toBeGreaterThan(0);
  expect(scorerMs).toBeGreaterThan(0);
  expect(serverMs + scorerMs).toBeLessThan(1);
});

test('requests that come rarely wake the scorer; the answer is still waited for', () => {
  const { serverMs, scorerMs } = lastOf(60, { tookMs: 0.15, gapMs: 2, requests: 1 });
  expect(serverMs).toBeGreaterThan(0);
  expect(scorerMs).toBe(0);
});

test('a few requests together keep the server awake alone', () => {
  const { serverMs, scorerMs } = lastOf(60, { tookMs: 0.1, gapMs: 0.02, requests: 3 });
  expect(serverMs).toBeGreaterThan(0);
  expect(scorerMs).toBe(0);
});

test.each([
  ['full batches', { tookMs: 0.2, gapMs: 0.02, requests: 20 }],
  ['a slow model', { tookMs: 5, gapMs: 0.1, requests: 1 }],
])('nobody waits awake for %s', (_what, load) => {
  expect(lastOf(200, load)).toEqual(asleep);
});

test('a model that was slow once is soon quick again, and a pause is soon forgotten', () => {
  const pace = new Pace(2);
  pace.begin(0, 1);
  pace.end(10_000);
  const { scorerMs } = lastOf(60, { tookMs: 0.08, gapMs: 0.1, requests: 1 }, pace);
  expect(scorerMs).toBeGreaterThan(0);
});

test('on one core nobody stays awake', () => {
  expect(lastOf(60, { tookMs: 0.08, gapMs: 0.1, requests: 1 }, new Pace(1))).toEqual(asleep);
});
