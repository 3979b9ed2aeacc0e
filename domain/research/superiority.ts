// Is the best of many trials better than a benchmark, or only the luckiest? White's reality check (A Reality Check for
// Data Snooping, Econometrica 68, 2000) and Hansen's test of superior predictive ability (A Test for Superior
// Predictive Ability, Journal of Business & Economic Statistics 23, 2005), both by the stationary bootstrap.
import { meanOf } from './moments';
import { drawnDays, type Bootstrap } from './stationaryBootstrap';

/** p-values: the probability of so good a best trial where none is better than the benchmark. */
export interface Superiority {
  readonly realityCheck: number;
  /** Hansen's three: a bound below, the consistent one, and a bound above. */
  readonly lower: number;
  readonly consistent: number;
  readonly upper: number;
}

/** A trial's differences from the benchmark. */
interface Trial {
  readonly differences: readonly number[];
  readonly mean: number;
  /** Deviation of √n × mean. */
  readonly deviation: number;
  /** What is taken off its drawn means under the lower, the consistent and the upper null. */
  readonly centres: readonly [number, number, number];
}

/** Hansen's estimate with the kernel of the bootstrap itself. */
function longRunDeviation(differences: readonly number[], mean: number, meanRun: number): number {
  const days = differences.length;
  const stay = 1 - 1 / meanRun;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let day = lag; day < days; day += 1)
      sum += ((differences[day] ?? 0) - mean) * ((differences[day - lag] ?? 0) - mean);
    return sum / days;
  };
  let variance = covariance(0);
  for (let lag = 1; lag < days; lag += 1) {
    const weight = ((days - lag) / days) * stay ** lag + (lag / days) * stay ** (days - lag);
    if (weight < 1e-9) continue;
    variance += 2 * weight * covariance(lag);
  }
  return Math.sqrt(Math.max(0, variance));
}

function trialOf(differences: readonly number[], meanRun: number): Trial {
  const mean = meanOf(differences);
  const days = differences.length;
  const deviation = longRunDeviation(differences, mean, meanRun);
  const poor = mean < 0 - (deviation / Math.sqrt(days)) * Math.sqrt(2 * Math.log(Math.log(days)));
  return { differences, mean, deviation, centres: [Math.max(mean, 0), poor ? 0 : mean, mean] };
}

function drawnMean({ differences }: Trial, days: Int32Array): number {
  let sum = 0;
  for (const day of days) sum += differences[day] ?? 0;
  return sum / days.length;
}

/**
 * null of no trial, or of fewer than ten days.
 * @param trials each one's result less the benchmark's, day by day.
 */
export function superiorityOf(
  trials: readonly (readonly number[])[],
  bootstrap: Bootstrap,
): Superiority | null {
  const days = trials[0]?.length ?? 0;
  if (days < 10) return null;
  const all = trials.map((differences) => trialOf(differences, bootstrap.meanRun));
  const root = Math.sqrt(days);
  const standardised = (one: Trial, mean: number): number =>
    one.deviation === 0 ? 0 : (root * mean) / one.deviation;
  const white = Math.max(...all.map(({ mean }) => root * mean));
  const hansen = Math.max(0, ...all.map((one) => standardised(one, one.mean)));
  const beyond = [0, 0, 0, 0];
  for (let draw = 0; draw < bootstrap.draws; draw += 1) {
    const drawn = drawnDays(days, bootstrap);
    const best = [-Infinity, 0, 0, 0];
    for (const one of all) {
      const mean = drawnMean(one, drawn);
      best[0] = Math.max(best[0] ?? 0, root * (mean - one.mean));
      one.centres.forEach((centre, index) => {
        best[index + 1] = Math.max(best[index + 1] ?? 0, standardised(one, mean - centre));
      });
    }
    best.forEach((value, index) => {
      if (value >= (index === 0 ? white : hansen)) beyond[index] = (beyond[index] ?? 0) + 1;
    });
  }
  const share = (index: number): number => (1 + (beyond[index] ?? 0)) / (1 + bootstrap.draws);
  return { realityCheck: share(0), lower: share(1), consistent: share(2), upper: share(3) };
}
