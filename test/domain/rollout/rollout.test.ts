// Goal: the life of a rollout and the judge of its steps: every way forward, out and back, each with its
// sentence.
import fc from 'fast-check';
import { addWindow, noEvidence } from '../../../domain/rollout/errorEvidence';
import { noOutcomes } from '../../../domain/rollout/outcomes';
import { judgeStep, type ArmEvidence } from '../../../domain/rollout/judge';
import { rolloutPolicy } from '../../../domain/rollout/policy';
import { sampleRatioMismatch, stabilityIndex } from '../../../domain/rollout/drift';
import {
  advanceRollout,
  candidateShare,
  hasEnded,
  isMirrored,
  startRollout,
  type Rollout,
  type RolloutEvent,
} from '../../../domain/rollout/rollout';
import { epochMs } from '../../../domain/units';

const at = epochMs(1_000_000);
const later = (ms: number): typeof at => epochMs(at + ms);
const fresh = (): Rollout =>
  startRollout(
    { model: 'quality', stable: '1', candidate: '2', policy: rolloutPolicy(), salt: 's' },
    at,
  );
const pass: RolloutEvent = { kind: 'judged', verdict: { kind: 'pass', reason: 'fine' } };
const arm = (changes: Partial<ArmEvidence> = {}): ArmEvidence => ({
  answered: 400,
  failed: 0,
  invalidOutputs: 0,
  consecutiveFailures: 0,
  crashes: 0,
  p99Ms: 1,
  scores: [100, 100, 100, 100],
  ...changes,
});

test('a healthy candidate goes shadow, 1, 5, 10, 25, 50 per cent, promoted', () => {
  const shares: number[] = [];
  let rollout = fresh();
  expect(isMirrored(rollout)).toBe(true);
  while (!hasEnded(rollout)) {
    shares.push(candidateShare(rollout));
    rollout = advanceRollout(rollout, pass, at);
  }
  expect(shares).toEqual([0, 0.01, 0.05, 0.1, 0.25, 0.5]);
  expect(rollout.phase.kind).toBe('promoted');
  expect(candidateShare(rollout)).toBe(1);
});

test('a paused rollout takes no traffic and returns to its step when approved', () => {
  let rollout = advanceRollout(advanceRollout(fresh(), pass, at), pass, at);
  rollout = advanceRollout(rollout, { kind: 'pause', reason: 'look' }, at);
  expect(candidateShare(rollout)).toBe(0);
  expect(advanceRollout(rollout, pass, at)).toBe(rollout);
  rollout = advanceRollout(rollout, { kind: 'approve', reason: 'fine' }, later(5));
  expect(rollout.phase).toEqual({ kind: 'canary', step: 1, since: later(5) });
});

test('whatever happens, an ended rollout stays ended and a share is always a declared one', () => {
  const event = fc.constantFrom<RolloutEvent>(
    pass,
    { kind: 'judged', verdict: { kind: 'rollback', reason: 'r' } },
    { kind: 'judged', verdict: { kind: 'pause', reason: 'r' } },
    { kind: 'judged', verdict: { kind: 'insufficient', reason: 'r' } },
    { kind: 'pause', reason: 'r' },
    { kind: 'approve', reason: 'r' },
    { kind: 'promote', reason: 'r' },
    { kind: 'abort', reason: 'r' },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(event, fc.nat(900_000))), (events) => {
      let rollout = fresh();
      let now = at;
      for (const [each, ms] of events) {
        now = epochMs(now + ms);
        const before = rollout;
        try {
          rollout = advanceRollout(rollout, each, now);
        } catch {
          expect(hasEnded(before) || each.kind === 'approve').toBe(true);
        }
        if (hasEnded(before)) expect(rollout).toBe(before);
        expect([0, 0.01, 0.05, 0.1, 0.25, 0.5, 1]).toContain(candidateShare(rollout));
      }
    }),
  );
});

test('a step without enough traffic is neither passed nor failed, and rolled back at its deadline', () => {
  const verdict = judgeStep(
    fresh(),
    { candidate: arm({ answered: 299 }), stable: arm(), errors: noEvidence, outcomes: noOutcomes },
    later(60_000),
  );
  expect(verdict).toEqual({ kind: 'insufficient', reason: '299 of 300 candidate answers' });
  const waiting = advanceRollout(fresh(), { kind: 'judged', verdict }, later(599_999));
  expect(waiting.phase.kind).toBe('shadow');
  expect(advanceRollout(fresh(), { kind: 'judged', verdict }, later(600_000)).phase.kind).toBe(
    'rolledBack',
  );
});

const manyErrors = addWindow(
  noEvidence,
  { requests: 1_000, failures: 50 },
  { requests: 1_000, failures: 5 },
);
test.each([
  ['healthy', arm(), arm(), noEvidence, 'pass', /400 answers/],
  ['a crash', arm({ crashes: 1 }), arm(), noEvidence, 'rollback', /lost 1 times/],
  [
    '20 failures in a row',
    arm({ consecutiveFailures: 20 }),
    arm(),
    noEvidence,
    'rollback',
    /in a row/,
  ],
  [
    '6 % broken answers',
    arm({ answered: 100, invalidOutputs: 6 }),
    arm(),
    noEvidence,
    'rollback',
    /6.00 %/,
  ],
  [
    '25 % failures and no baseline to compare with',
    arm({ answered: 100, failed: 25 }),
    arm({ answered: 0, p99Ms: undefined }),
    noEvidence,
    'rollback',
    /25.00 % of the candidate's requests fail/,
  ],
  [
    '49 answers, half of them failed',
    arm({ answered: 49, failed: 24 }),
    arm(),
    noEvidence,
    'insufficient',
    /49 of 300/,
  ],
  [
    'significantly more errors',
    arm({ failed: 20 }),
    arm({ failed: 2 }),
    manyErrors,
    'rollback',
    /e-value/,
  ],
  [
    'ten times slower',
    arm({ answered: 2_000, p99Ms: 10 }),
    arm({ answered: 2_000 }),
    noEvidence,
    'rollback',
    /p99 is 10.0 ms/,
  ],
  [
    'slower below the floor',
    arm({ answered: 2_000, p99Ms: 2.9 }),
    arm({ answered: 2_000 }),
    noEvidence,
    'pass',
    /answers/,
  ],
  ['slower with few samples', arm({ p99Ms: 10 }), arm(), noEvidence, 'pass', /answers/],
  [
    'other scores',
    arm({ answered: 600, scores: [600, 0, 0, 0] }),
    arm({ scores: [150, 150, 150, 150] }),
    noEvidence,
    'pause',
    /index/,
  ],
] as const)('a candidate with %s', (...[, candidate, stable, errors, kind, reason]) => {
  const verdict = judgeStep(
    fresh(),
    { candidate, stable, errors, outcomes: noOutcomes },
    later(60_000),
  );
  expect(verdict.kind).toBe(kind);
  expect(verdict.reason).toMatch(reason);
});

test('a step younger than its minimum is not passed', () => {
  const evidence = { candidate: arm(), stable: arm(), errors: noEvidence, outcomes: noOutcomes };
  expect(judgeStep(fresh(), evidence, later(29_999)).kind).toBe('insufficient');
});

test('drift is zero for equal spreads and unknown for few samples', () => {
  expect(stabilityIndex([300, 300], [3_000, 3_000], 500)).toBeCloseTo(0, 5);
  expect(stabilityIndex([300, 100], [3_000, 3_000], 500)).toBeUndefined();
});

test('a sample ratio is a mismatch only when chance can not explain it', () => {
  expect(sampleRatioMismatch(480, 10_000, 0.05)).toBe(false);
  expect(sampleRatioMismatch(700, 10_000, 0.05)).toBe(true);
});

test('a policy that makes no sense is refused by name', () => {
  expect(() => rolloutPolicy({ canaryPercents: [5, 1] })).toThrow(/canaryPercents/);
  expect(() => rolloutPolicy({ alpha: 0 })).toThrow(/alpha/);
  expect(() => rolloutPolicy({ latencyTolerance: 0.5 })).toThrow(/latencyTolerance/);
});
