// How far a running profit is below its best, the start included.

/** One for each profit, in their order: 0 at a new best, else more. @param profits what each added. */
export function fallsOf(profits: readonly number[]): readonly number[] {
  let [total, best] = [0, 0];
  return profits.map((profit) => {
    total += profit;
    best = Math.max(best, total);
    return best - total;
  });
}

/** The deepest of them; 0 of none. */
export const deepestFall = (profits: readonly number[]): number =>
  fallsOf(profits).reduce((deepest, fall) => Math.max(deepest, fall), 0);
