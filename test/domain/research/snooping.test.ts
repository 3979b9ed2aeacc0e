// Goal: overfitting, reality check, superior predictive ability and the interval are the published methods. Method:
// the same draws in a separate NumPy program; the reality check also against the package arch, its draws its own.
import { overfittingOf, blocksFor } from '../../../domain/research/overfitting';
import { drawnDays, meanInterval, usualRun } from '../../../domain/research/stationaryBootstrap';
import { superiorityOf } from '../../../domain/research/superiority';
import { orderedFalls, shuffled } from '../../../domain/research/tradeOrder';
import { drawsFrom, normalsFrom, results, trialsWith } from './worked';

test('overfitting by every half of the blocks', () => {
  expect(overfittingOf(trialsWith(400), 8)).toEqual({
    probability: 8 / 70,
    loss: 6 / 70,
    blocks: 8,
    halves: 70,
  });
  const noise = overfittingOf(trialsWith(0), 12);
  expect(noise?.halves).toBe(924);
  expect(noise?.probability).toBeCloseTo(0.3917748917748918, 12);
  expect(noise?.loss).toBeCloseTo(0.24567099567099568, 12);
});

test('overfitting is not computed from one trial or from few days', () => {
  expect(overfittingOf([results])).toBeNull();
  expect(overfittingOf([results.slice(0, 11), results.slice(0, 11)])).toBeNull();
  expect([11, 12, 38, 1000].map(blocksFor)).toEqual([2, 4, 12, 12]);
});

test('equal trials are neither above nor below each other', () => {
  const same = overfittingOf([results, results, results], 8);
  expect(same?.probability).toBe(1);
});

test('a draw keeps days together', () => {
  const drawn = drawnDays(20, { meanRun: 3, unit: drawsFrom(1) });
  expect([...drawn]).toEqual([4, 5, 6, 7, 7, 8, 9, 12, 8, 9, 10, 19, 0, 13, 14, 2, 6, 14, 15, 16]);
  const long = drawnDays(9_000, { meanRun: 6, unit: drawsFrom(2) });
  const kept = long.filter(
    (day, index) => index > 0 && day === ((long[index - 1] ?? 0) + 1) % 9_000,
  );
  expect(kept.length / 9_000).toBeCloseTo(5 / 6, 1);
  expect([usualRun(4), usualRun(1000)]).toEqual([2, 10]);
});

test('the interval of a mean', () => {
  const bootstrap = { draws: 400, meanRun: 3, unit: drawsFrom(11) };
  const interval = meanInterval(results, bootstrap);
  expect(interval?.low).toBeCloseTo(196.56666666666666, 9);
  expect(interval?.high).toBeCloseTo(703.8666666666667, 9);
  expect(interval?.mean).toBeCloseTo(463.0833333333333, 9);
  expect(meanInterval(results.slice(0, 4), bootstrap)).toBeNull();
});

/** One trial far worse than the others, which Hansen leaves out and White does not. */
const withAPoorOne = trialsWith(250).map((trial, index) =>
  trial.map((result) => (index === 5 ? result - 1200 : result)),
);

test('White and Hansen', () => {
  const found = superiorityOf(withAPoorOne, { draws: 500, meanRun: 3, unit: drawsFrom(99) });
  expect(found?.realityCheck).toBeCloseTo(0.01796407, 8);
  expect(found?.lower).toBeCloseTo(0.00199601, 8);
  expect(found?.consistent).toBeCloseTo(0.00199601, 8);
  expect(found?.upper).toBeCloseTo(0.00399202, 8);
  const noise = superiorityOf(trialsWith(0), { draws: 500, meanRun: 4, unit: drawsFrom(99) });
  expect(noise?.realityCheck).toBeCloseTo(0.06387226, 8);
  expect(noise?.lower).toBeCloseTo(0.07784431, 8);
  expect(noise?.consistent).toBeCloseTo(0.10778443, 8);
  expect(noise?.upper).toBeCloseTo(0.10778443, 8);
});

// arch 8.0 does not divide by the deviation, so its upper p-value is the reality check: 0.01805 of 20,000 draws.
test('the reality check of arch', () => {
  const found = superiorityOf(withAPoorOne, { draws: 5_000, meanRun: 3, unit: drawsFrom(5) });
  expect(Math.abs((found?.realityCheck ?? 0) - 0.01805)).toBeLessThan(0.006);
});

test('a trial that never trades is never better, and few days are no test', () => {
  const still = Array.from({ length: 48 }, () => 0);
  const bootstrap = { draws: 100, meanRun: 3, unit: drawsFrom(3) };
  expect(superiorityOf([still], bootstrap)?.consistent).toBe(1);
  expect(superiorityOf([results.slice(0, 9)], bootstrap)).toBeNull();
  expect(superiorityOf([], bootstrap)).toBeNull();
});

// NumPy, 20,000 orders: mean 2400, 5 % 1476, 95 % 3742, at least as deep 0.378.
test('trades in another order fall as deep as those of a separate program', () => {
  const falls = orderedFalls(results, { draws: 20_000, unit: drawsFrom(8) });
  expect(falls?.observed).toBe(2470);
  expect(Math.abs((falls?.drawn.mean ?? 0) - 2400)).toBeLessThan(20);
  expect(Math.abs((falls?.drawn.low ?? 0) - 1476)).toBeLessThan(20);
  expect(Math.abs((falls?.drawn.high ?? 0) - 3742)).toBeLessThan(60);
  expect(Math.abs((falls?.asDeep ?? 0) - 0.378)).toBeLessThan(0.02);
  expect(orderedFalls([], { draws: 5, unit: drawsFrom(1) })).toBeNull();
});

test('every place of a shuffle is as likely as another', () => {
  const unit = drawsFrom(4);
  const firsts = Array.from({ length: 6_000 }, () => shuffled([0, 1, 2], unit)[0] ?? -1);
  for (const item of [0, 1, 2])
    expect(firsts.filter((one) => one === item).length / 6_000).toBeCloseTo(1 / 3, 1);
  expect(normalsFrom(unit)()).not.toBeNaN();
});
