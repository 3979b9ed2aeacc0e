// The four moments of some results. Skew and kurtosis are those of the sample itself (no correction for its size), as
// Bailey and López de Prado use them; a normal distribution has 0 and 3.

export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation, counted with n − 1. */
  readonly deviation: number;
  readonly skew: number;
  readonly kurtosis: number;
}

export const sumOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0);

/** 0 of none. */
export const meanOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : sumOf(values) / values.length;

/** Counted with n − 1; 0 of fewer than two. */
export function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = meanOf(values);
  return sumOf(values.map((value) => (value - mean) ** 2)) / (values.length - 1);
}

/** null where nothing varies: there are fewer than two values, or they are all the same. */
export function momentsOf(values: readonly number[]): Moments | null {
  const mean = meanOf(values);
  const central = (power: number): number => meanOf(values.map((value) => (value - mean) ** power));
  const deviation = Math.sqrt(varianceOf(values));
  if (!(deviation > 1e-12 * Math.max(1, Math.abs(mean)))) return null;
  const second = central(2);
  return {
    count: values.length,
    mean,
    deviation,
    skew: central(3) / second ** 1.5,
    kurtosis: central(4) / second ** 2,
  };
}
