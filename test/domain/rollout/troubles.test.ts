// Goal: which parts of a status are trouble, and which are only numbers.
import { troubleKey, troublesOf, type WatchedVersion } from '../../../domain/rollout/troubles';

const version = (changes: Partial<WatchedVersion> = {}): WatchedVersion => ({
  version: '1',
  state: 'READY',
  reason: null,
  answered: 1_000,
  failed: 0,
  inputDrift: null,
  outputDrift: 0.1,
  ...changes,
});
const told = (now: readonly WatchedVersion[], before: readonly WatchedVersion[] = []): string[] =>
  troublesOf(
    [{ name: 'quality', stable: '1', versions: before }],
    [{ name: 'quality', stable: '1', versions: now }],
  ).map((trouble) => `${troubleKey(trouble)}: ${trouble.why}`);

test.each([
  ['a healthy version', [version()], [], []],
  ['few failures', [version({ failed: 10 })], [], []],
  [
    'failures',
    [version({ failed: 20 })],
    [],
    ['model.failing/quality/1: 2.0 % of its requests fail'],
  ],
  [
    'failures of long ago',
    [version({ answered: 2_000, failed: 50 })],
    [version({ failed: 50 })],
    [],
  ],
  ['too few answers to say', [version({ answered: 99, failed: 50 })], [], []],
  [
    'drifted inputs',
    [version({ inputDrift: 0.3 })],
    [],
    ['model.drifted/quality/1: its inputs have moved from those it began with: index 0.30'],
  ],
  [
    'a version out beside one that serves',
    [version(), version({ version: '2', state: 'FAILED', reason: 'it failed 20 in a row' })],
    [],
    ['model.version_out/quality/2: it failed 20 in a row'],
  ],
  [
    'nobody left',
    [version({ state: 'FAILED', reason: 'it failed 20 in a row' })],
    [],
    [
      'model.version_out/quality/1: it failed 20 in a row',
      'model.unavailable/quality/1: no version of it is ready: what needs its score goes without',
    ],
  ],
])('%s', (_, now, before, expected) => {
  expect(told(now, before)).toEqual(expected);
});
