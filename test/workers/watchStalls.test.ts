// Goal: a process that stood still says so when it runs again, and a busy one does not.
import { stalledMs, watchStalls } from '../../workers/watchStalls';

test.each([
  [stalledMs - 1, 0],
  [stalledMs + 1_000, 1],
])('a pause of %d ms is told %d times', async (pause, times) => {
  jest.useFakeTimers();
  const raise = jest.fn(() => Promise.resolve());
  let now = 0;
  const stop = watchStalls('worker', raise, () => now);
  try {
    now = pause;
    await jest.advanceTimersByTimeAsync(1_000);
    now += 1_000;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(raise).toHaveBeenCalledTimes(times);
  } finally {
    stop();
    jest.useRealTimers();
  }
});
