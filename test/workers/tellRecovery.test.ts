// The alert that the system runs again: once for a start after an end that nobody wanted.
import type { RaiseOwnAlert } from '../../workers/raiseAlert';
import { tellRecovery } from '../../workers/tellRecovery';

/** What is raised, as type, key and seconds. */
function told(recovered: string | undefined, deadMs: number | null): unknown[] {
  const raised: unknown[] = [];
  const raise: RaiseOwnAlert = (type, key, body) => {
    raised.push([type, key, body]);
    return Promise.resolve();
  };
  tellRecovery({ recovered }, { deadMs }, raise);
  return raised;
}

describe('the alert of a recovery', () => {
  test.each([
    ['two seconds after the end', 2_300, 2],
    ['a minute after the end', 60_000, 60],
    ['where the worker had given its lease back', null, 0],
  ])('is raised %s, under the key of that start', (_when, deadMs, seconds) => {
    expect(told('1763950000000', deadMs)).toEqual([
      ['system.recovered', '1763950000000', { seconds }],
    ]);
  });

  test('is not raised by a worker that begins again in a system that was not killed', () => {
    expect(told(undefined, 2_300)).toEqual([]);
    expect(told(undefined, null)).toEqual([]);
  });

  test('is raised where nobody says so and the lease was left alone for long', () => {
    expect(told(undefined, 15_000)).toEqual([
      ['system.recovered', expect.any(String), { seconds: 15 }],
    ]);
  });
});
