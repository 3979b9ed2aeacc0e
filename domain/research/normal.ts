// The normal distribution, mean 0 and deviation 1.

const density = (x: number): number => Math.exp((0 - x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Beyond this many deviations a probability is 0 or 1 to the digits a double has. */
const farthest = 8.3;

/**
 * Probability of a value below x, to about 15 digits after the point. Source: G. Marsaglia, Evaluating the Normal
 * Distribution, Journal of Statistical Software 11(4), 2004.
 */
export function normalBelow(x: number): number {
  if (x < -farthest) return 0;
  if (x > farthest) return 1;
  let [sum, term] = [x, x];
  for (let odd = 3; sum + term !== sum; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * density(x);
}

/** The value below which lies this probability, by halving the interval; ±`farthest` at 0 and 1. */
export function normalQuantile(probability: number): number {
  let [low, high] = [-farthest, farthest];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
