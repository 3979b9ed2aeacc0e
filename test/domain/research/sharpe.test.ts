// Goal: the Sharpe ratio and what is made of it are the published formulas. Method: worked values from SciPy
// (stats.norm, stats.skew, stats.kurtosis) and the numerical example of the paper on the deflated ratio.
import { bestByLuck, deflatedSharpe } from '../../../domain/research/deflatedSharpe';
import { momentsOf, varianceOf } from '../../../domain/research/moments';
import { normalBelow, normalQuantile } from '../../../domain/research/normal';
import { annual, daysNeeded, probabilityAbove, sharpeOf } from '../../../domain/research/sharpe';
import { results } from './worked';

test.each([
  [-6, 9.865876450376946e-10],
  [-3.3, 0.00048342414238377744],
  [-1, 0.15865525393145707],
  [0.2, 0.579259709439103],
  [1.96, 0.9750021048517795],
  [4.5, 0.9999966023268753],
])('below %d lies %d of a normal distribution', (x, probability) => {
  expect(normalBelow(x)).toBeCloseTo(probability, 14);
});

test.each([
  [0.001, -3.090232306167813],
  [0.05, -1.6448536269514729],
  [0.5, 0],
  [0.975, 1.959963984540054],
  [0.9999, 3.719016485455709],
])('the quantile of %d is %d', (probability, x) => {
  expect(normalQuantile(probability)).toBeCloseTo(x, 10);
});

const sharpe = sharpeOf(results);

test('ratio, skew, kurtosis and standard error are SciPy’s', () => {
  expect(sharpe?.ratio).toBeCloseTo(0.4988697067490348, 12);
  expect(sharpe?.skew).toBeCloseTo(0.2847298732298978, 12);
  expect(sharpe?.kurtosis).toBeCloseTo(2.744907641525687, 12);
  expect(sharpe?.standardError).toBeCloseTo(0.12799106908786748, 12);
  expect(annual(1)).toBeCloseTo(15.8745, 4);
});

test('what never varies has no ratio', () => {
  expect([sharpeOf([]), sharpeOf([5]), sharpeOf([5, 5, 5])]).toEqual([null, null, null]);
  expect([momentsOf([0.1, 0.1, 0.1]), varianceOf([3])]).toEqual([null, 0]);
});

test('probability above a benchmark, and the days that takes', () => {
  if (sharpe === null) throw new Error('the worked results vary');
  expect(probabilityAbove(0, sharpe)).toBeCloseTo(0.9999514429969666, 10);
  expect(probabilityAbove(0.1, sharpe)).toBeCloseTo(0.9990845909111995, 10);
  expect(daysNeeded(sharpe)).toBe(12);
  expect(daysNeeded({ ...sharpe, ratio: 0 })).toBeNull();
});

test('the luck of many trials is taken off', () => {
  if (sharpe === null) throw new Error('the worked results vary');
  const luck = { count: 100, variance: 0.01 };
  expect(bestByLuck(luck)).toBeCloseTo(0.2530602893201685, 9);
  expect(bestByLuck({ count: 46, variance: 0.02 })).toBeCloseTo(0.3173736825257452, 9);
  expect(bestByLuck({ count: 1, variance: 0.01 })).toBe(0);
  expect(deflatedSharpe(sharpe, luck)).toBeCloseTo(0.9726038799633532, 9);
});

// An annual ratio of 2.5 over five years of 250 days, skew −3, kurtosis 10, trials with an annual variance of ½.
test.each([
  [100, 0.1132, 0.9004],
  [46, 0.1004, 0.9505],
])('the paper’s own example: %d trials', (count, luck, deflated) => {
  const [ratio, skew, kurtosis] = [2.5 / Math.sqrt(250), -3, 10];
  const factor = 1 - skew * ratio + ((kurtosis - 1) / 4) * ratio ** 2;
  const example = { count: 1250, ratio, skew, kurtosis, standardError: Math.sqrt(factor / 1249) };
  const trials = { count, variance: 0.5 / 250 };
  expect(bestByLuck(trials)).toBeCloseTo(luck, 4);
  expect(deflatedSharpe(example, trials)).toBeCloseTo(deflated, 4);
});
