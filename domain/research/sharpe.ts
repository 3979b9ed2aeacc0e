// The Sharpe ratio of daily results and how sure it is. A ratio is per day and not annualised; the benchmark is cash,
// which earns nothing within a session.
import { momentsOf, type Moments } from './moments';
import { normalBelow, normalQuantile } from './normal';

export interface Sharpe extends Omit<Moments, 'mean' | 'deviation'> {
  /** Mean over deviation, per day. */
  readonly ratio: number;
  readonly standardError: number;
}

/** Trading days of a year, for the annual figure that people know. */
const daysOfYear = 252;

export const annual = (ratio: number): number => ratio * Math.sqrt(daysOfYear);

/** What skew and kurtosis add to the variance of the ratio: 1 for a normal distribution around 0. */
const varianceFactor = (
  ratio: number,
  { skew, kurtosis }: Pick<Sharpe, 'skew' | 'kurtosis'>,
): number => Math.max(1e-9, 1 - skew * ratio + ((kurtosis - 1) / 4) * ratio ** 2);

/**
 * null where nothing varies. Source of the standard error: Bailey and López de Prado, The Sharpe Ratio Efficient
 * Frontier, Journal of Risk 15(2), 2012.
 */
export function sharpeOf(results: readonly number[]): Sharpe | null {
  const moments = momentsOf(results);
  if (moments === null) return null;
  const { count, mean, deviation, skew, kurtosis } = moments;
  const ratio = mean / deviation;
  const factor = varianceFactor(ratio, moments);
  return { count, ratio, skew, kurtosis, standardError: Math.sqrt(factor / (count - 1)) };
}

/** Mean over deviation; 0 where nothing varies, such as when nothing is traded. */
export const ratioOf = (results: readonly number[]): number => sharpeOf(results)?.ratio ?? 0;

/** Probabilistic Sharpe ratio: the probability that the true ratio is above a benchmark (2012, as above). */
export const probabilityAbove = (benchmark: number, { ratio, standardError }: Sharpe): number =>
  normalBelow((ratio - benchmark) / standardError);

/**
 * How many days are needed before the ratio is above 0 with this confidence (minimum track record length, 2012); null
 * where it is not above 0.
 */
export function daysNeeded(sharpe: Sharpe, confidence = 0.95): number | null {
  if (sharpe.ratio <= 0) return null;
  const factor = varianceFactor(sharpe.ratio, sharpe);
  return Math.ceil(1 + factor * (normalQuantile(confidence) / sharpe.ratio) ** 2);
}
