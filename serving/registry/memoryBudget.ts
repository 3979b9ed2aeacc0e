// Which loaded versions must be unloaded when memory runs short: the least recently used first, but never one
// that traffic may need without notice. Those are a stable version, the one to roll back to, and a candidate.
import type { LoadedVersion } from './loadedVersion';
import type { ServedModel } from './routing';

/** Versions to drain, in order, until the rest fits the budget. `wanted` was just asked for and is kept. */
export function versionsToRetire(
  models: readonly ServedModel[],
  budgetBytes: number,
  wanted: LoadedVersion,
): readonly LoadedVersion[] {
  const standing = models.flatMap((model) =>
    [...model.versions.values()]
      .filter(({ state }) => state === 'READY' || state === 'FAILED')
      .map((loaded) => ({ loaded, kept: loaded === wanted || isNeeded(model, loaded.version) })),
  );
  let total = standing.reduce((sum, { loaded }) => sum + loaded.residentBytes, 0);
  const spare = standing
    .filter(({ kept }) => !kept)
    .map(({ loaded }) => loaded)
    .sort((left, right) => left.lastUsedAt - right.lastUsedAt);
  const retired: LoadedVersion[] = [];
  for (const loaded of spare) {
    if (total <= budgetBytes) break;
    total -= loaded.residentBytes;
    retired.push(loaded);
  }
  return retired;
}

const isNeeded = ({ stable, previous, rollout }: ServedModel, version: string): boolean =>
  version === stable || version === previous || version === rollout?.candidate;
