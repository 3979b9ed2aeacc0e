// Goal: a space is held against the configuration's own schema, and a point becomes a checked configuration.
import { configAt, configSpace } from '../../../backtest/research/configAt';
import { parseParameter } from '../../../domain/research/space';

const spaceOf = (...texts: string[]): unknown => configSpace(texts.map(parseParameter));

test.each([
  [
    'decision.longThreshhold=0.3..0.6',
    'decision.longThreshhold is not a key of the configuration; did you mean decision.longThreshold?',
  ],
  ['risk.leverage=1..9', 'risk.leverage must be a number between 1 and 5, and is varied over 1..9'],
  ['decision.barMinutes=1..9:0.5', 'decision.barMinutes takes whole numbers, was 1..9:0.5'],
  ['risk.capitalPool=1..2', 'risk.capitalPool has no range: it must be one of'],
  ['nothing.at.all=1..2', 'nothing.at.all is not a key of the configuration'],
])('%s is refused', (text, sentence) => {
  expect(() => spaceOf(text)).toThrow(sentence);
});

test('a range of whole numbers takes whole numbers, and keys of one’s own are keys', () => {
  expect(spaceOf('decision.barMinutes=3..9', 'sectors.INFY=IT|BANK')).toEqual([
    { key: 'decision.barMinutes', kind: 'whole', least: 3, most: 9, step: null },
    { key: 'sectors.INFY', kind: 'choice', choices: ['IT', 'BANK'] },
  ]);
});

test('a point is laid over what was written', () => {
  const written = { decision: { longThreshold: 0.4, fullSizeScore: 0.8 }, risk: { leverage: 2 } };
  const config = configAt(written, {
    'decision.longThreshold': 0.5,
    'risk.capitalPool': 'separate',
  });
  expect(config.decision).toMatchObject({ longThreshold: 0.5, fullSizeScore: 0.8 });
  expect(config.risk).toMatchObject({ leverage: 2, capitalPool: 'separate' });
  expect(written.decision.longThreshold).toBe(0.4);
  expect(() => configAt(written, { 'decision.longThreshold': 0.9 })).toThrow(
    'config (trial): decision.fullSizeScore must be beyond both thresholds',
  );
});
