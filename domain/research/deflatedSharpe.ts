// The deflated Sharpe ratio: the best of many trials has a high ratio by luck alone, and this takes that luck off.
// Source: Bailey and López de Prado, The Deflated Sharpe Ratio, Journal of Portfolio Management 40(5), 2014.
import { normalQuantile } from './normal';
import { probabilityAbove, type Sharpe } from './sharpe';

const eulerMascheroni = 0.5772156649015329;

/** What was tried. */
export interface Trials {
  readonly count: number;
  /** Variance of the trials' Sharpe ratios. */
  readonly variance: number;
}

/** The best Sharpe ratio to be expected of trials whose true ratio is 0. */
export function bestByLuck({ count, variance }: Trials): number {
  if (count < 2) return 0;
  const ordinary = normalQuantile(1 - 1 / count);
  const extreme = normalQuantile(1 - 1 / (count * Math.E));
  return Math.sqrt(variance) * ((1 - eulerMascheroni) * ordinary + eulerMascheroni * extreme);
}

/** The probability that the ratio is above what the best of so many trials has by luck. */
export const deflatedSharpe = (sharpe: Sharpe, trials: Trials): number =>
  probabilityAbove(bestByLuck(trials), sharpe);
