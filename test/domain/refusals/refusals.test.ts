// Goal: the catalogue has every code once and no code that nothing makes. That none is made beside it, the
// types hold.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { refusals, type Refusal } from '../../../domain/refusals';

const root = join(__dirname, '../../..');
const folders = [
  'domain',
  'workflows',
  'activities',
  'broker',
  'workers',
  'serving',
  'exchange',
  'infra',
  'backtest',
  'training',
  'cli',
];
const code = folders
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => join(folder, file))
      .filter((file) => file.endsWith('.ts') && !file.startsWith(join('domain', 'refusals'))),
  )
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n');

const entries: readonly (readonly [string, Refusal])[] = Object.values(refusals).flatMap((part) =>
  Object.entries(part),
);

test('every code is made somewhere', () => {
  const words = new Set(code.match(/\b[A-Z][A-Z_]+\b/g));
  expect(entries.filter(([name]) => !words.has(name))).toEqual([]);
});

test('no code stands twice', () => {
  const names = entries.map(([name]) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('every code says when it comes and what to do, in sentences', () => {
  const sentence = /^[A-Z`].*\.$/;
  expect(
    entries.filter(([, { when, remedy }]) => !sentence.test(when) || !sentence.test(remedy)),
  ).toEqual([]);
});
