// The spread of some values.

export interface Spread {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean, and the values below and above which a share lies (nearest rank); null for no values.
 * @param outside of each side.
 */
export function spreadOf(values: readonly number[], outside = 0.05): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? 0;
  if (sorted.length === 0) return null;
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
  return { mean, low: at(outside), high: at(1 - outside) };
}
