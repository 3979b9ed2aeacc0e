// Goal: nobody trades on a misspelt key. One key of a full configuration is changed by one edit, 200 times:
// each is refused by naming the nearest key, or is a key that exists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { editsBetween } from '../../../domain/settings/nearestKey';
import { refusalOf } from '../../support/configFile';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Path = readonly string[];

const example = (name: string): Json =>
  JSON.parse(readFileSync(join(__dirname, '../../../examples', `${name}.json`), 'utf8')) as Json;

type Branch = Readonly<Record<string, Json>>;

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
/** An object, or a list by the places of its entries. */
const isBranch = (value: Json | undefined): value is Branch =>
  typeof value === 'object' && value !== null;

/** The path of every key; entries of lists are no keys. */
function keysOf(value: Json, path: Path = []): readonly Path[] {
  if (!isBranch(value)) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    ...(isList(value) ? [] : [[...path, key]]),
    ...keysOf(child, [...path, key]),
  ]);
}

const letter = fc.constantFrom(
  ...Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'),
);
const edited = (word: string): fc.Arbitrary<string> =>
  fc
    .record({
      edit: fc.constantFrom('insert', 'delete', 'replace', 'swap'),
      at: fc.nat({ max: word.length - 1 }),
      letter,
    })
    .map(({ edit, at, letter: one }) => {
      const [before, here, after] = [word.slice(0, at), word[at] ?? '', word.slice(at + 1)];
      switch (edit) {
        case 'insert':
          return before + one + here + after;
        case 'delete':
          return before + after;
        case 'replace':
          return before + one + after;
        default:
          return before + after.slice(0, 1) + here + after.slice(1);
      }
    });

/** The document with one key renamed in its place. */
function renamed(value: Json, [key = '', ...rest]: Path, name: string): Json {
  if (!isBranch(value)) return value;
  if (isList(value))
    return value.map((child, index) =>
      String(index) === key ? renamed(child, rest, name) : child,
    );
  return Object.fromEntries(
    Object.entries(value).map(([one, child]) => {
      if (one !== key) return [one, child];
      return rest.length === 0 ? [name, child] : [one, renamed(child, rest, name)];
    }),
  );
}

const siblings = (document: Json, path: Path): readonly string[] => {
  const parent = path
    .slice(0, -1)
    .reduce<Json | undefined>((value, key) => (isBranch(value) ? value[key] : undefined), document);
  return isBranch(parent) ? Object.keys(parent) : [];
};

const typos = fc
  .sample(
    fc
      .constantFrom(example('full'), example('cautious'))
      .chain((document) =>
        fc
          .constantFrom(...keysOf(document))
          .chain((path) => edited(path.at(-1) ?? '').map((name) => ({ document, path, name }))),
      ),
    { seed: 15, numRuns: 200 },
  )
  .map(({ document, path, name }) => [path.join('.'), name, { document, path }] as const);

test('the examples are accepted as they are', () => {
  expect([refusalOf(example('full')), refusalOf(example('cautious'))]).toEqual([
    'accepted',
    'accepted',
  ]);
});

test.each(typos)('%s written as %s', (_, name, { document, path }) => {
  const keys = siblings(document, path);
  const sentence = refusalOf(renamed(document, path, name));
  const parent = path.slice(0, -1);
  // Sources of news have names of the user's own.
  const isReal = keys.includes(name) || parent.at(-1) === 'sourceWeights';
  const nearest = keys.filter((key) => editsBetween(name.toLowerCase(), key.toLowerCase()) <= 1);
  const refusals = nearest.map(
    (key) =>
      `${[...parent, name].join('.')} is not a known key; did you mean ${[...parent, key].join('.')}?`,
  );
  expect(isReal ? ['accepted'] : refusals).toContain(sentence);
});
