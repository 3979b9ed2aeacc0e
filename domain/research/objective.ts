// What a search looks for in daily net results; more is better.
import { deepestFall } from '../portfolio/falls';
import { meanOf, sumOf } from './moments';
import { ratioOf } from './sharpe';

export const objectives = ['sharpe', 'net', 'netOverFall'] as const;
export type Objective = (typeof objectives)[number];

/** Where nothing fell, the fall counts as one rupee. */
const leastFall = 100;

/** @param results of the days after charges, in paise. */
export function scoreOf(objective: Objective, results: readonly number[]): number {
  switch (objective) {
    case 'sharpe':
      return ratioOf(results);
    case 'net':
      return meanOf(results);
    case 'netOverFall':
      return sumOf(results) / Math.max(leastFall, deepestFall(results));
  }
}
