// Goal: the courier goes on whatever its reports do, and logs when reporting fails and when it works again.
import { startOutcomeCourier } from '../../workers/outcomeCourier';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a failing server costs one line, its return another, and no look is missed', async () => {
  const results = [
    () => Promise.reject(new Error('no server')),
    () => Promise.reject(new Error('no server')),
    () => Promise.resolve(2),
    () => Promise.resolve(0),
  ];
  let looks = 0;
  const lines: string[] = [];
  const stop = startOutcomeCourier(
    () => results[looks++]?.() ?? Promise.resolve(0),
    (line) => lines.push(line),
  );
  await jest.advanceTimersByTimeAsync(20_000);
  expect(looks).toBe(4);
  expect(lines).toEqual(['outcomes are not told: no server', 'outcomes are told again']);
  await stop();
  await jest.advanceTimersByTimeAsync(20_000);
  expect(looks).toBe(4);
});

test('stopping waits for the look under way', async () => {
  let finish: (() => void) | undefined;
  const stop = startOutcomeCourier(
    () => new Promise<void>((resolve) => (finish = resolve)),
    () => undefined,
  );
  await jest.advanceTimersByTimeAsync(5_000);
  let stopped = false;
  const ended = stop().then(() => (stopped = true));
  await jest.advanceTimersByTimeAsync(1_000);
  expect(stopped).toBe(false);
  finish?.();
  await ended;
  await jest.advanceTimersByTimeAsync(20_000);
  expect(jest.getTimerCount()).toBe(0);
});
