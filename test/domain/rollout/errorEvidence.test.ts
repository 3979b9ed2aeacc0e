// Goal: the error test keeps its level however often one looks and however traffic is split, and finds a real
// difference soon. Method: simulation with fixed seeds, so that the figures are fixed too.
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  addWindow,
  errorEValue,
  noEvidence,
  type ErrorEvidence,
} from '../../../domain/rollout/errorEvidence';

const generator = xoroshiro128plus(20_261_123);
const uniform = (): number => (generator.next() >>> 0) / 0x1_0000_0000;

function failures(requests: number, rate: number): number {
  let count = 0;
  for (let index = 0; index < requests; index += 1) if (uniform() < rate) count += 1;
  return count;
}

interface Trial {
  readonly windows: number;
  readonly candidate: { readonly requests: number; readonly rate: number };
  readonly stable: { readonly requests: number; readonly rate: number };
}

/** Candidate requests until the e-value crosses the limit, or undefined when it never does. */
function requestsToDetect(
  { windows, candidate, stable }: Trial,
  limit: number,
): number | undefined {
  let evidence: ErrorEvidence = noEvidence;
  for (let window = 1; window <= windows; window += 1) {
    evidence = addWindow(
      evidence,
      { requests: candidate.requests, failures: failures(candidate.requests, candidate.rate) },
      { requests: stable.requests, failures: failures(stable.requests, stable.rate) },
    );
    if (errorEValue(evidence) >= limit) return window * candidate.requests;
  }
  return undefined;
}

const repeat = (trials: number, trial: Trial, limit: number): (number | undefined)[] =>
  Array.from({ length: trials }, () => requestsToDetect(trial, limit));

test.each([
  { name: 'equal arms', candidate: 300, stable: 300, rate: 0.005 },
  { name: 'a 5 % canary', candidate: 30, stable: 570, rate: 0.01 },
  { name: 'equal arms that both fail often', candidate: 100, stable: 100, rate: 0.2 },
])('1,000 rollouts of an equal version with $name: at most 1 % dropped', (setting) => {
  const { rate } = setting;
  const trial = {
    windows: 25,
    candidate: { requests: setting.candidate, rate },
    stable: { requests: setting.stable, rate },
  };
  const dropped = repeat(1_000, trial, 100).filter((at) => at !== undefined).length;
  expect(dropped).toBeLessThanOrEqual(10);
});

test.each([
  { split: 'a 10 % canary', stable: 900, windows: 15, share: 0.95 },
  { split: 'equal arms', stable: 100, windows: 15, share: 0.85 },
  { split: 'equal arms, twice as long', stable: 100, windows: 30, share: 0.98 },
])('0.5 % against 2 % failures at level 0.05 with $split: found in $share', (setting) => {
  const trial = {
    windows: setting.windows,
    candidate: { requests: 100, rate: 0.02 },
    stable: { requests: setting.stable, rate: 0.005 },
  };
  const found = repeat(400, trial, 20).filter((at) => at !== undefined).length / 400;
  expect(found).toBeGreaterThanOrEqual(setting.share);
});

test('a version that always fails is found within ten requests', () => {
  const evidence = addWindow(
    noEvidence,
    { requests: 10, failures: 10 },
    { requests: 1_000, failures: 5 },
  );
  expect(errorEValue(evidence)).toBeGreaterThan(100);
});

test('no failures, or an empty arm, say nothing', () => {
  const none = { requests: 500, failures: 0 };
  expect(errorEValue(addWindow(noEvidence, none, none))).toBe(1);
  expect(errorEValue(addWindow(noEvidence, none, { requests: 0, failures: 0 }))).toBe(1);
});

test('a better candidate never counts as worse', () => {
  const evidence = addWindow(
    noEvidence,
    { requests: 1_000, failures: 1 },
    { requests: 1_000, failures: 50 },
  );
  expect(errorEValue(evidence)).toBeLessThan(1);
});
