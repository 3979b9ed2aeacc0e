// Compares the spread of two versions' scores: the population stability index over equal bins. Below 0.1
// nothing has changed; above 0.25 something has. Also checks whether traffic was split as intended: a share
// of requests that cannot be chance means the experiment is broken.

/** Half an observation per bin keeps an empty bin from making the index infinite. */
const smoothing = 0.5;

/**
 * PSI of two histograms with the same bins; 0 when they agree.
 * @returns undefined while either side has fewer than `minSamples`.
 */
export function stabilityIndex(
  reference: readonly number[],
  current: readonly number[],
  minSamples: number,
): number | undefined {
  const referenceTotal = total(reference);
  const currentTotal = total(current);
  if (referenceTotal < minSamples || currentTotal < minSamples) return undefined;
  return reference.reduce((sum, count, bin) => {
    const expected = share(count, referenceTotal, reference.length);
    const actual = share(current[bin] ?? 0, currentTotal, reference.length);
    return sum + (actual - expected) * Math.log(actual / expected);
  }, 0);
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

const share = (count: number, all: number, bins: number): number =>
  (count + smoothing) / (all + smoothing * bins);

/** χ² with one degree of freedom at p = 0.001. */
const sampleRatioLimit = 10.83;

/** Does `candidate` of `all` requests contradict the intended share, at p < 0.001? */
export function sampleRatioMismatch(candidate: number, all: number, share: number): boolean {
  if (all === 0 || share <= 0 || share >= 1) return false;
  const expected = all * share;
  const difference = candidate - expected;
  return difference ** 2 / expected + difference ** 2 / (all - expected) > sampleRatioLimit;
}
