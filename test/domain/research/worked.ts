// Numbers that the worked values were computed from with NumPy 2.4 and SciPy 1.17, and the draws both sides share.

/** The linear congruential generator of Numerical Recipes: short to write in any language. Uniform in [0, 1). */
export function drawsFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Normal, mean 0 and deviation 1, by Box and Muller. */
export function normalsFrom(unit: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());
}

/** Sixty skewed daily results. */
export const results: readonly number[] = [
  962, 483, 1346, 1147, 2904, -1133, 1302, 1577, 814, 2455, 828, 180, 1452, 540, 1454, 49, 1480,
  -673, -160, -45, -1388, 417, 1097, -869, -849, 155, 216, 985, 1246, -1045, -87, 813, 686, -993,
  -253, -214, 270, -160, 554, 13, 1201, 1176, 880, -215, 2013, 230, 1423, 439, 1212, -178, -465,
  2298, -7, 143, 1418, -577, 216, -134, -607, -237,
];

/** Nine trials of 48 days, noise; the fourth has an edge where one is asked for. */
export function trialsWith(edge: number): readonly (readonly number[])[] {
  const normal = normalsFrom(drawsFrom(7));
  return Array.from({ length: 9 }, (_, trial) =>
    Array.from({ length: 48 }, () => Math.round(1000 * normal()) + (trial === 3 ? edge : 0)),
  );
}
