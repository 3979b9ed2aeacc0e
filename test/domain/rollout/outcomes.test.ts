// Goal: the A/B test on outcomes looks once, at the planned size. What it may conclude then, and what not.
import fc from 'fast-check';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { addPair, noAgreement } from '../../../domain/rollout/agreement';
import { judgeStep, type ArmEvidence } from '../../../domain/rollout/judge';
import { noEvidence } from '../../../domain/rollout/errorEvidence';
import { judgeOutcomes, noOutcomes } from '../../../domain/rollout/outcomes';
import { rolloutPolicy } from '../../../domain/rollout/policy';
import { startRollout, type Rollout } from '../../../domain/rollout/rollout';
import { epochMs } from '../../../domain/units';

const policy = rolloutPolicy({ outcomeKeys: 1_000, canaryPercents: [10, 50] });
const arm = (keys: number, successes: number): { keys: number; successes: number } => ({
  keys,
  successes,
});

test.each([
  ['too few keys', arm(999, 900), arm(5_000, 10), 'insufficient', /999 of 1000/],
  ['a better candidate', arm(1_000, 600), arm(1_000, 500), 'pass', /60.00 % against 50.00 %/],
  ['a worse candidate', arm(1_000, 500), arm(1_000, 600), 'rollback', /50.00 %/],
  ['no difference', arm(1_000, 505), arm(1_000, 500), 'pause', /no winner/],
  ['nothing that varies', arm(1_000, 0), arm(1_000, 0), 'pause', /no winner/],
  ['keys the split can not explain', arm(1_000, 600), arm(1_400, 500), 'pause', /split/],
] as const)('%s', (...[, candidate, stable, kind, reason]) => {
  const verdict = judgeOutcomes(policy, { candidate, stable }, 0.5);
  expect(verdict.kind).toBe(kind);
  expect(verdict.reason).toMatch(reason);
});

test('the p-value is that of the normal distribution: 1.96 pooled errors are 0.05', () => {
  // 531 of 1,000 against 487: z = 1.968, p = 0.0491.
  const outcomes = { candidate: arm(1_000, 531), stable: arm(1_000, 487) };
  expect(judgeOutcomes(policy, outcomes, 0.5).reason).toMatch(/p = 0\.049/);
  const nearer = { candidate: arm(1_000, 530), stable: arm(1_000, 487) };
  expect(judgeOutcomes(policy, nearer, 0.5).kind).toBe('pause');
});

test('of 2,000 tests of equal versions, about 5 % name a winner', () => {
  const random = xoroshiro128plus(7);
  const successes = (): number => {
    let sum = 0;
    for (let key = 0; key < 1_000; key += 1) {
      if ((random.next() >>> 0) / 2 ** 32 < 0.4) sum += 1;
    }
    return sum;
  };
  let winners = 0;
  for (let run = 0; run < 2_000; run += 1) {
    const outcomes = { candidate: arm(1_000, successes()), stable: arm(1_000, successes()) };
    if (judgeOutcomes(policy, outcomes, 0.5).kind !== 'pause') winners += 1;
  }
  expect(winners / 2_000).toBeGreaterThan(0.035);
  expect(winners / 2_000).toBeLessThan(0.065);
});

test('outcomes decide the last step only', () => {
  const evidence: ArmEvidence = {
    answered: 400,
    failed: 0,
    invalidOutputs: 0,
    consecutiveFailures: 0,
    crashes: 0,
    p99Ms: 1,
    scores: [],
  };
  const at = epochMs(0);
  const fresh = startRollout({ model: 'm', stable: '1', candidate: '2', policy, salt: 's' }, at);
  const step = (number: number): Rollout => ({
    ...fresh,
    phase: { kind: 'canary', step: number, since: at },
  });
  const shown = {
    candidate: evidence,
    stable: evidence,
    errors: noEvidence,
    outcomes: noOutcomes,
  };
  expect(judgeStep(step(0), shown, epochMs(60_000)).kind).toBe('pass');
  expect(judgeStep(step(1), shown, epochMs(60_000))).toEqual({
    kind: 'insufficient',
    reason: 'outcomes of 0 of 1000 keys',
  });
});

test('agreement is the mean, the largest difference and the opposed pairs', () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(score, score), { minLength: 1 }), (pairs) => {
      const report = pairs.reduce((sum, [a, b]) => addPair(sum, a, b, 0.5), noAgreement);
      const differences = pairs.map(([a, b]) => Math.abs(a - b));
      const mean = differences.reduce((sum, each) => sum + each, 0) / pairs.length;
      expect(report.pairs).toBe(pairs.length);
      expect(report.meanDifference).toBeCloseTo(mean, 10);
      expect(report.maxDifference).toBe(Math.max(...differences));
      expect(report.opposed).toBe(pairs.filter(([a, b]) => a >= 0.5 !== b >= 0.5).length);
    }),
  );
});
