// Goal: a search does not fool its reader. On noise, skill is claimed in at most one of twenty searches, whatever the
// best trial looks like; where there is an edge it is mostly claimed; and a number that is missing is no evidence.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { claimOf, type Evidence } from '../../../domain/research/claim';
import { searchedWith } from './madeUpSearch';

const evidence: Evidence = {
  trials: 40,
  days: 120,
  outOfSample: { mean: 52_000, low: 11_000, high: 93_000 },
  deflated: 0.97,
  overfitting: 0.08,
  zero: 0.01,
  twins: 0.02,
  twinsBelow: 0.99,
  holdOut: null,
};

test('every rule holds: skill is claimed, with what it rests on', () => {
  expect(claimOf(evidence)).toEqual({
    skill: true,
    sentence:
      'The best of 40 trials may be said to have shown skill on these days: over 120 days out of sample its choices made ₹520.00 a day after charges, 95 % between ₹110.00 and ₹930.00, more than random entries; its deflated Sharpe ratio is 0.97 and the probability of overfitting is 0.08; the hold-out has not been opened.',
  });
});

test.each<[Partial<Evidence>, string]>([
  [{ outOfSample: null }, '120 days out of sample: too few for an interval'],
  [{ outOfSample: { mean: 500, low: -1, high: 900 } }, 'which is not above 0 throughout'],
  [{ deflated: 0.94 }, 'the deflated Sharpe ratio is 0.94 and must be 0.95 or more'],
  [{ deflated: null }, 'the deflated Sharpe ratio is not known'],
  [{ overfitting: 0.21 }, 'the probability of overfitting is 0.21 and may be 0.2 at most'],
  [{ zero: 0.06 }, 'the p-value against doing nothing is 0.06 and may be 0.05 at most'],
  [{ twins: null }, 'the p-value against random entries is not known'],
  [{ twinsBelow: 0.5 }, 'the share of random runs below it is 0.50 and must be 0.95 or more'],
  [{ holdOut: { openings: 1, days: 9, mean: -100 } }, 'the hold-out made −₹1.00 a day'],
])('%j: no skill', (change, reason) => {
  const { skill, sentence } = claimOf({ ...evidence, ...change });
  expect(skill).toBe(false);
  expect(sentence).toContain('No skill may be claimed for the best of 40 trials: ');
  expect(sentence).toContain(reason);
});

test('what cannot be computed is said, and how often the hold-out was opened', () => {
  const holdOut = { openings: 3, days: 9, mean: 10_000 };
  const { skill, sentence } = claimOf({ ...evidence, overfitting: null, holdOut });
  expect(skill).toBe(true);
  expect(sentence).toContain('the probability of overfitting cannot be computed');
  expect(sentence).toContain('has been opened 3 times, of which only the first was a test');
});

/** In a process of its own: within Jest the same takes four times as long. */
function claimsIn(searches: number, edge: number): number {
  const file = join(__dirname, 'madeUpSearch.ts');
  const script = `console.log(require(${JSON.stringify(file)}).claimsIn(${searches}, ${edge}))`;
  const hook = resolve(__dirname, '../../../infra/sourceHook.cjs');
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', hook, '-e', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return Number(stdout);
}

test('on noise, searched with 20 candidates, skill is claimed in at most 5 % of 1,000 searches', () => {
  expect(claimsIn(1_000, 0)).toBeLessThanOrEqual(50);
});

test('the best candidate of noise looks good all the same: that is what is guarded against', () => {
  const best = Array.from({ length: 40 }, (_, seed) => searchedWith(seed, 0));
  expect(best.filter(({ zero }) => zero !== null && zero <= 0.05).length).toBeLessThan(10);
  expect(best.some(({ outOfSample }) => (outOfSample?.mean ?? 0) > 0)).toBe(true);
});

test('a real edge is mostly found', () => {
  expect(claimsIn(50, 0.8)).toBeGreaterThan(25);
});
