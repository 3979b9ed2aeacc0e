// Goal: every kind of fault a schema can find becomes one sentence of ours: key, value, what is allowed.
import { z } from 'zod';
import { issueSentence, optionalSetting, setting } from '../../../domain/settings';
import { editsBetween, nearestKey } from '../../../domain/settings/nearestKey';

const schema = z.strictObject({
  speed: setting(z.number().min(1).max(5), 2, 'How fast.'),
  price: setting(z.number().positive(), 1, 'A price.'),
  share: setting(z.number().positive().max(1), 1, 'A share.'),
  score: setting(z.number().min(0).max(1).nullable(), null, 'A score or none.'),
  minutes: setting(z.int().min(1).max(60), 5, 'Whole minutes.'),
  count: setting(z.int(), 5, 'Any whole number.'),
  least: setting(z.number().min(3), 3, 'At least three.'),
  pool: setting(z.enum(['shared', 'separate']), 'shared', 'A pool.'),
  on: setting(z.boolean(), true, 'On or off.'),
  name: setting(z.string().min(2).max(4), 'abc', 'A name.'),
  word: setting(z.string().min(1), 'abc', 'A word.'),
  note: setting(z.string(), '', 'A note.'),
  code: setting(
    z.string().regex(/^x/).meta({ allowed: 'a text that begins with x' }),
    'x',
    'A code.',
  ),
  hooks: setting(z.array(z.strictObject({ url: z.url() })).max(2), [], 'Hooks.'),
  marks: setting(z.array(z.number()), [], 'Marks.'),
  weights: setting(z.record(z.string(), z.number().max(1)), {}, 'Weights.'),
  range: z
    .strictObject({ low: setting(z.number(), 0, 'Low.'), high: setting(z.number(), 1, 'High.') })
    .refine(({ low, high }) => low <= high, {
      path: ['low'],
      message: 'must not exceed range.high',
    })
    .prefault({}),
  rule: optionalSetting(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('atr'), multiple: z.number().min(1) }),
      z.strictObject({ kind: z.literal('fixed'), step: z.int().positive() }),
    ]),
    { kind: 'atr', multiple: 2 },
    'A rule.',
  ),
});

function sentenceOf(value: unknown): string {
  const { error } = schema.safeParse(value);
  return error === undefined ? 'fine' : issueSentence(schema, value, error.issues);
}

test.each<readonly [value: unknown, sentence: string]>([
  [{}, 'fine'],
  [{ speed: 9 }, 'speed must be a number between 1 and 5, was 9'],
  [{ speed: 0 }, 'speed must be a number between 1 and 5, was 0'],
  [{ speed: 'fast' }, 'speed must be a number between 1 and 5, was "fast"'],
  [{ speed: NaN }, 'speed must be a number between 1 and 5, was NaN'],
  [{ speed: null }, 'speed must be a number between 1 and 5, was null'],
  [{ price: 0 }, 'price must be a number above 0, was 0'],
  [{ share: 2 }, 'share must be a number above 0 and at most 1, was 2'],
  [{ score: 2 }, 'score must be a number between 0 and 1 or null, was 2'],
  [{ minutes: 1.5 }, 'minutes must be a whole number between 1 and 60, was 1.5'],
  [{ count: 'x' }, 'count must be a whole number, was "x"'],
  [{ least: 2 }, 'least must be a number of 3 or more, was 2'],
  [{ pool: 'both' }, 'pool must be one of "shared", "separate", was "both"'],
  [{ on: 'yes' }, 'on must be true or false, was "yes"'],
  [{ name: 'x' }, 'name must be a text of 2 to 4 characters, was "x"'],
  [{ word: '' }, 'word must be a text that is not empty, was ""'],
  [{ note: 5 }, 'note must be a text, was 5'],
  [{ code: 'y' }, 'code must be a text that begins with x, was "y"'],
  [{ hooks: [{ url: 'nowhere' }] }, 'hooks.0.url must be a URL, was "nowhere"'],
  [{ hooks: [{}] }, 'hooks.0.url is missing and must be a URL'],
  [{ hooks: [1, 2, 3] }, 'hooks must be a list of at most 2 entries, was [1,2,3]'],
  [{ marks: {} }, 'marks must be a list, was {}'],
  [{ weights: { a: 2 } }, 'weights.a must be a number of at most 1, was 2'],
  [{ weights: 1 }, 'weights must be an object with keys of your own, was 1'],
  [{ range: { low: 3 } }, 'range.low must not exceed range.high, was 3'],
  [{ range: 3 }, 'range must be an object with low, high, was 3'],
  [{ rule: { kind: 'trail' } }, 'rule.kind must be one of "atr", "fixed", was "trail"'],
  [{ rule: {} }, 'rule.kind is missing and must be one of "atr", "fixed"'],
  [{ rule: 1 }, 'rule must be an object whose kind is one of "atr", "fixed", was 1'],
  [{ rule: { kind: 'atr' } }, 'rule.multiple is missing and must be a number of 1 or more'],
  [{ note: 1, speeed: 2 }, 'speeed is not a known key; did you mean speed?'],
  [{ hooks: [{ urll: 'a' }] }, 'hooks.0.urll is not a known key; did you mean hooks.0.url?'],
  [
    { rule: { kind: 'atr', mutliple: 2 } },
    'rule.mutliple is not a known key; did you mean rule.multiple?',
  ],
  [{ rule: { knd: 'atr' } }, 'rule.knd is not a known key; did you mean rule.kind?'],
  [{ low: 2 }, 'low is not a known key; did you mean range.low?'],
  [{ range: { zzzzz: 2 } }, 'range.zzzzz is not a known key; allowed are low, high'],
  [
    { note: 'x'.repeat(3), name: 'y'.repeat(99) },
    `name must be a text of 2 to 4 characters, was "${'y'.repeat(79)}…`,
  ],
])('%j: %s', (value, sentence) => expect(sentenceOf(value)).toBe(sentence));

test('a value that is no object is told what one holds', () => {
  expect(sentenceOf([])).toMatch(/^must be an object with speed, price, .*, was \[\]$/);
});

test.each([
  ['leverage', 'leverage', 0],
  ['leverag', 'leverage', 1],
  ['levearge', 'leverage', 1],
  ['levergae', 'leverage', 1],
  ['lleverage', 'leverage', 1],
  ['beverage', 'leverage', 1],
  ['', 'abc', 3],
])('%s is %s after %i edits', (from, to, edits) => expect(editsBetween(from, to)).toBe(edits));

test('the nearest key is within a third of its letters, or there is none', () => {
  expect(nearestKey('StockMax', ['stocksMax', 'priceMax'])).toBe('stocksMax');
  expect(nearestKey('zzz', ['stocksMax', 'priceMax'])).toBeUndefined();
});
