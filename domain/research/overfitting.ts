// The probability of backtest overfitting, by combinatorially symmetric cross-validation: the days are cut into blocks,
// every half of the blocks chooses the best trial, and the other half says where that trial ranks. Source: Bailey,
// Borwein, López de Prado and Zhu, The Probability of Backtest Overfitting, Journal of Computational Finance, 2015.

export interface Overfitting {
  /** Share of the halves whose best trial is in the lower half of the ranks on the other days. */
  readonly probability: number;
  /** Share of the halves whose best trial loses on the other days. */
  readonly loss: number;
  readonly blocks: number;
  readonly halves: number;
}

/** 924 halves; 16 blocks make 12,870, and change the probability in its third digit. */
const blocksMax = 12;
/** Of fewer days a block's mean says nothing. */
const daysPerBlock = 3;

/** An even number; fewer than four make too few halves. */
export const blocksFor = (days: number): number =>
  Math.min(blocksMax, 2 * Math.floor(days / (2 * daysPerBlock)));

/** Of every block three numbers, one after the other: count, sum and sum of squares of its results. */
function blocksOf(results: readonly number[], blocks: number): Float64Array {
  const cut = (block: number): number => Math.round((block * results.length) / blocks);
  const sums = new Float64Array(3 * blocks);
  for (let block = 0; block < blocks; block += 1) {
    const part = results.slice(cut(block), cut(block + 1));
    sums[3 * block] = part.length;
    sums[3 * block + 1] = part.reduce((sum, one) => sum + one, 0);
    sums[3 * block + 2] = part.reduce((sum, one) => sum + one * one, 0);
  }
  return sums;
}

/** The Sharpe ratio over some blocks. */
function ratioOver(trial: Float64Array, blocks: readonly number[]): number {
  let [count, sum, squares] = [0, 0, 0];
  for (const block of blocks) {
    count += trial[3 * block] ?? 0;
    sum += trial[3 * block + 1] ?? 0;
    squares += trial[3 * block + 2] ?? 0;
  }
  const mean = sum / count;
  const variance = (squares - count * mean * mean) / (count - 1);
  return variance > 1e-12 * (squares / count) ? mean / Math.sqrt(variance) : 0;
}

/** Every choice of half of the blocks. */
function halvesOf(blocks: number, chosen: readonly number[] = []): readonly (readonly number[])[] {
  if (chosen.length === blocks / 2) return [chosen];
  const first = (chosen.at(-1) ?? -1) + 1;
  return Array.from({ length: blocks - first }, (_, index) => first + index).flatMap((block) =>
    halvesOf(blocks, [...chosen, block]),
  );
}

/** From above 0 to below 1; equals share their place. */
function relativeRank(values: readonly number[], value: number): number {
  let [below, equal] = [0, 0];
  for (const one of values) {
    if (one < value) below += 1;
    if (one === value) equal += 1;
  }
  return (below + (equal + 1) / 2) / (values.length + 1);
}

/**
 * null where it cannot be computed: fewer than two trials, or too few days for four blocks.
 * @param trials each one's results, day by day, of the same days.
 */
export function overfittingOf(
  trials: readonly (readonly number[])[],
  blocks = blocksFor(trials[0]?.length ?? 0),
): Overfitting | null {
  if (trials.length < 2 || blocks < 4) return null;
  const cut = trials.map((trial) => blocksOf(trial, blocks));
  const halves = halvesOf(blocks);
  let [low, losses] = [0, 0];
  // The halves are in the order of their blocks, so the other half of the first is the last.
  for (const [index, half] of halves.entries()) {
    const others = halves[halves.length - 1 - index] ?? [];
    const inside = cut.map((trial) => ratioOver(trial, half));
    const outside = cut.map((trial) => ratioOver(trial, others));
    const chosen = outside[inside.indexOf(Math.max(...inside))] ?? 0;
    if (relativeRank(outside, chosen) <= 0.5) low += 1;
    if (chosen < 0) losses += 1;
  }
  const count = halves.length;
  return { probability: low / count, loss: losses / count, blocks, halves: count };
}
