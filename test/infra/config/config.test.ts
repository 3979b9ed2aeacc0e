// Goal: one value is a whole configuration; what is wrong is one sentence with the key, the value and what is
// allowed; and what was configured before goes on meaning the same.
import { basename } from 'node:path';
import { defaultDecisionConfig } from '../../../domain/decision';
import { effectiveSettings, outlineOf } from '../../../domain/settings';
import { standardPolicy } from '../../../domain/trailing';
import { paise } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';
import { configSchema } from '../../../infra/config/configSchema';
import { readWritten, refusalOf } from '../../support/configFile';
import spelledOut from './spelledOut.json';

describe('what is left out has its default', () => {
  test.each([
    [{}, loadConfig()],
    [
      { decision: { longThreshold: 0.35 } },
      { ...loadConfig(), decision: { ...defaultDecisionConfig, longThreshold: 0.35 } },
    ],
    [{ risk: { leverage: 2 } }, { ...loadConfig(), risk: { ...loadConfig().risk, leverage: 2 } }],
    [{ decision: {} }, loadConfig()],
    [{ decision: { agents: { trend: {} }, weights: { ranging: {} } } }, loadConfig()],
  ])('%j is a whole configuration', (written, expected) => {
    const { config } = readWritten(written);
    // The folder of strategies is meant from where the file lies.
    const { folder } = config.strategies;
    expect(basename(folder)).toBe('strategies');
    expect({ ...config, strategies: { ...config.strategies, folder: '' } }).toEqual({
      ...expected,
      strategies: { ...expected.strategies, folder: '' },
    });
  });

  test('a decision that spells every number out is what it was', () => {
    expect(readWritten({ decision: spelledOut }).config.decision).toEqual(defaultDecisionConfig);
  });
});

describe('every way to trail can be configured', () => {
  const policyOf = (trailing: object): unknown =>
    standardPolicy(readWritten({ trailing }).config.trailing, paise(500), paise(5));
  const standard = standardPolicy(loadConfig().trailing, paise(500), paise(5));

  test.each([
    [{}, { kind: 'hybrid', share: 0.8, minDistance: 250 }],
    [
      { follow: 0.5, minDistance: 1 },
      { kind: 'hybrid', share: 0.5, minDistance: 500 },
    ],
    [{ rule: { kind: 'atr', multiple: 3 } }, { kind: 'atr', multiple: 3 }],
    [{ rule: { kind: 'atr' } }, { kind: 'atr', multiple: 2 }],
    [{ rule: { kind: 'percentage', share: 0.6 } }, { kind: 'percentage', share: 0.6 }],
    [
      { rule: { kind: 'fixed', stepMove: 0.2, stepStop: 0.1 } },
      { kind: 'fixed', stepMove: 100, stepStop: 50 },
    ],
    [
      { rule: { kind: 'hybrid', share: 0.6, minDistance: 0.2 } },
      { kind: 'hybrid', share: 0.6, minDistance: 100 },
    ],
  ])('%j', (trailing, rule) => {
    expect(policyOf(trailing)).toEqual({ ...standard, rule });
  });

  test('the bounds of a policy too', () => {
    const volatilityAdjustment = { min: 0.5, max: 2 };
    expect(policyOf({ maxTrailDistance: 2, volatilityAdjustment })).toEqual({
      ...standard,
      maxTrailDistance: 1000,
      volatilityAdjustment,
    });
  });
});

test.each([
  [
    { decision: { longThreshold: 1.5 } },
    'decision.longThreshold must be a number between 0 and 1, was 1.5',
  ],
  [{ risk: { leverage: 9 } }, 'risk.leverage must be a number between 1 and 5, was 9'],
  [
    { risk: { riskPerTradeBps: 400 } },
    'risk.riskPerTradeBps (400) must not exceed risk.openRiskBps (150): one trade would break the limit on open risk',
  ],
  [
    { risk: { orderValueMin: 0.5 } },
    'risk.orderValueMin must be a whole number between 0 and 10000000000, was 0.5',
  ],
  [
    { screener: { priceMin: 100, priceMax: 10 } },
    'screener.priceMin must not exceed screener.priceMax (10), was 100',
  ],
  [
    { screener: { atrPctMin: 9 } },
    'screener.atrPctMin must not exceed screener.atrPctMax (8), was 9',
  ],
  [
    { decision: { fullSizeScore: 0.2 } },
    'decision.fullSizeScore must be beyond both thresholds, 0.3 and -0.3, was 0.2',
  ],
  [
    { trailing: { rule: { kind: 'atr', multiple: 0 } } },
    'trailing.rule.multiple must be a number between 0.1 and 20, was 0',
  ],
  [
    { trailing: { rule: { kind: 'atr' }, follow: 0.5 } },
    'trailing.follow must not be set beside trailing.rule, which replaces it, was 0.5',
  ],
  [
    { trailing: { maxTrailDistanc: 2 } },
    'trailing.maxTrailDistanc is not a known key; did you mean trailing.maxTrailDistance?',
  ],
  [
    { longThreshold: 0.3 },
    'longThreshold is not a known key; did you mean decision.longThreshold?',
  ],
  [{ webhooks: [{ url: 'alerts' }] }, 'webhooks.0.url must be a URL, was "alerts"'],
  [
    { account: 'Bad Name' },
    'account must be 1 to 31 lower-case letters, digits and dashes, was "Bad Name"',
  ],
])('%j is refused in one sentence', (written, sentence) => {
  expect(refusalOf(written)).toBe(sentence);
});

test('an unknown way to trail is told which there are', () => {
  expect(refusalOf({ trailing: { rule: { kind: 'art' } } })).toMatch(
    /^trailing\.rule\.kind must be one of .*"atr".*, was "art"$/,
  );
});

test('a file that is no JSON, or none at all, is refused', () => {
  expect(() => loadConfig('/no/such/config.json')).toThrow(
    'config /no/such/config.json: cannot be read',
  );
  expect(() => loadConfig(__filename)).toThrow(/is not valid JSON/);
});

test('the values in force are those of the configuration, marked default or set', () => {
  const written = { decision: { longThreshold: 0.35, weights: { ranging: { trend: 2 } } } };
  const { config } = readWritten(written);
  const settings = effectiveSettings(outlineOf(configSchema), config, written);
  expect(settings.filter(({ source }) => source === 'set')).toEqual([
    { key: 'decision.weights.ranging.trend', value: 2, source: 'set' },
    { key: 'decision.longThreshold', value: 0.35, source: 'set' },
  ]);
  expect(settings).toContainEqual({ key: 'universe', value: null, source: 'default' });
  expect(settings).toContainEqual({ key: 'risk.leverage', value: 4, source: 'default' });
  expect(settings.filter(({ key }) => key.startsWith('trailing.rule'))).toHaveLength(1);
});
