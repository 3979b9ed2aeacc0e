// How long the drill's outages last, and what must hold at its end.
import type { DrillPlan, DrillResult } from './drill';

const second = 1_000;
const hour = 3_600 * second;

/** @param hours of shadow and of live trading beside the acts. */
export const planOf = (
  isShort: boolean,
  hours: number,
): Omit<DrillPlan, 'folder' | 'date' | 'seed'> =>
  isShort
    ? {
        speed: 4,
        shadowMs: 5 * second,
        liveMs: 0,
        lasts: { dark: 3 * second, feedCut: 20 * second, workerStop: 20 * second },
      }
    : {
        speed: 1,
        shadowMs: Math.max(60 * second, hours * hour),
        liveMs: hours * hour,
        lasts: { dark: 20 * second, feedCut: 90 * second, workerStop: 150 * second },
      };

const answerMaxMs = 10_000;

/** What does not hold, a sentence each. */
export function failures(result: DrillResult): readonly string[] {
  const noneOf = ['entriesOnHoles', 'shadowWrites', 'duplicateEntries', 'ledgerDiffPaise'] as const;
  const withinOf = ['uncoveredMaxMs', 'alertedMaxMs'] as const;
  return [
    ...withinOf
      .filter((name) => result[name] > answerMaxMs)
      .map((name) => `${name} is ${result[name]}, more than ${answerMaxMs}`),
    ...noneOf
      .filter((name) => result[name] !== 0)
      .map((name) => `${name} is ${result[name]}, and must be 0`),
    ...(result.entries === 0 ? ['nothing was entered, so nothing was shown'] : []),
    ...result.violations,
  ];
}
