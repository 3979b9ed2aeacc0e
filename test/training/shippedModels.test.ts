// The shipped model files as the runtime sees them: hashes, golden answers, and features inside the
// declared ranges.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signalFeatureRanges } from '../../domain/decision';
import {
  findMention,
  headlineLength,
  headlineTokens,
  vocabularySize,
} from '../../domain/sentiment';
import { parseCsv } from '../../training/csv';
import { shippedAnswers, shippedModelsFolder as folder } from '../support/shippedAnswers';

interface GoldenCase {
  readonly inputs: Readonly<Record<string, number[][]>>;
  readonly outputs: Readonly<Record<string, number[][]>>;
  readonly tolerance: number;
}
interface TensorShape {
  readonly name: string;
  readonly shape: number[];
  readonly min: number | number[];
  readonly max: number | number[];
}
interface Config {
  readonly versions: Readonly<Record<string, { sha256: string; golden: GoldenCase[] }>>;
  readonly golden: GoldenCase[];
  readonly inputs: [TensorShape];
  readonly outputs: [TensorShape];
}

const configOf = (name: string): Config =>
  JSON.parse(readFileSync(join(folder, name, 'config.json'), 'utf8')) as Config;
const modelFile = (name: string, version: string): Buffer =>
  readFileSync(join(folder, name, version, 'model.onnx'));

const inputRows = (golden: GoldenCase): number[][] => Object.values(golden.inputs)[0] ?? [];

describe.each(['signal-quality', 'sentiment'])('model %s', (name) => {
  const config = configOf(name);
  describe.each(Object.keys(config.versions))('version %s', (version) => {
    const described = config.versions[version];
    test('is the file its hash says', () => {
      const digest = createHash('sha256').update(modelFile(name, version)).digest('hex');
      expect(digest).toBe(described?.sha256);
    });
    test('answers its own golden cases exactly and the common ones within their tolerance', () => {
      const cases = [...(described?.golden ?? []), ...config.golden];
      expect(cases.length).toBeGreaterThan(4);
      const found = shippedAnswers(name, version, cases.map(inputRows));
      cases.forEach(({ outputs, tolerance }, place) => {
        const expected = Object.values(outputs)[0]?.flat() ?? [];
        expect(found[place]).toHaveLength(expected.length);
        found[place]?.forEach((value, index) => {
          expect(Math.abs(value - (expected[index] ?? NaN))).toBeLessThanOrEqual(tolerance);
        });
      });
    });
    test('gives a row the same answer alone and in a batch of different rows', () => {
      const rows = (described?.golden ?? []).map((golden) => inputRows(golden)[0] ?? []);
      const [batch, ...alone] = shippedAnswers(name, version, [rows, ...rows.map((row) => [row])]);
      batch?.forEach((value, index) => {
        expect(Math.abs(value - (alone.flat()[index] ?? NaN))).toBeLessThan(1e-4);
      });
    });
  });
});

test('the declared ranges of signal-quality are those the features are clipped to', () => {
  const [input] = configOf('signal-quality').inputs;
  expect(input.min).toEqual(signalFeatureRanges.map((range) => range.min));
  expect(input.max).toEqual(signalFeatureRanges.map((range) => range.max));
});

test('the declared input of sentiment is what headlineTokens makes', () => {
  const [input] = configOf('sentiment').inputs;
  expect(input.shape).toEqual([-1, headlineLength]);
  expect(input.max).toBe(vocabularySize - 1);
});

test('the common golden cases are the headlines of golden.csv through the live tokenizer', () => {
  const text = readFileSync(join(__dirname, '../../training/golden.csv'), 'utf8');
  const tokens = parseCsv(text).map((row) => {
    const headline = row.get('text') ?? '';
    return [headlineTokens(headline, findMention(headline, row.get('entity') ?? ''))];
  });
  expect(configOf('sentiment').golden.map((golden) => golden.inputs['tokens'])).toEqual(tokens);
});
