// Whole searches over made-up results: noise, or noise with an edge.
import { claimOf, type Evidence } from '../../../domain/research/claim';
import { foldChoices, joined, searchFigures } from '../../../domain/research/searched';
import { walkForward } from '../../../domain/research/walkForward';
import { drawsFrom, normalsFrom } from './worked';

const [days, candidates, runs] = [60, 20, 10];
const folds = walkForward(days, { folds: 4, embargo: 1, kind: 'anchored' });

/** A whole search over made-up results. @param edge mean of the best trial, in deviations of a day; the worst has none. */
export function searchedWith(seed: number, edge: number): Evidence {
  const unit = drawsFrom(seed * 7919 + 13);
  const normal = normalsFrom(unit);
  const trials = Array.from({ length: candidates }, (_, trial) => ({
    fold: 0,
    results: Array.from(
      { length: days },
      () => 100_000 * (normal() + (edge * trial) / (candidates - 1)),
    ),
  }));
  const choices = foldChoices(trials, folds, 'sharpe');
  const judged = joined(trials, choices).length;
  const twins = Array.from({ length: runs }, () =>
    Array.from({ length: judged }, () => 100_000 * normal()),
  );
  const bootstrap = { draws: 80, meanRun: 2, unit };
  return searchFigures({ trials, choices, objective: 'sharpe', twins, bootstrap, holdOut: null })
    .evidence;
}

/** How many of some searches claim skill. */
export const claimsIn = (searches: number, edge: number): number =>
  Array.from({ length: searches }, (_, seed) => claimOf(searchedWith(seed, edge))).filter(
    ({ skill }) => skill,
  ).length;
