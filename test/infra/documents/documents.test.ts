// Goal: the generated pages are what the code says now, and say something of every key.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { documentedKeys, outlineOf } from '../../../domain/settings';
import { trailingPolicySchema } from '../../../domain/trailing';
import { configSchema } from '../../../infra/config/configSchema';
import { pages } from '../../../infra/documents/pages';

const read = (path: string): string => readFileSync(join(__dirname, '../../..', path), 'utf8');

test.each(Object.keys(pages))('%s is not stale: npm run docs', (path) => {
  expect(read(path)).toBe(pages[path]?.());
});

test('every key has a sentence', () => {
  const keys = [configSchema, trailingPolicySchema].flatMap((schema) =>
    documentedKeys(outlineOf(schema)),
  );
  expect(keys.filter(({ sentence }) => !/^[A-Z].*\.$/.test(sentence))).toEqual([]);
});

test('the full example has every key but a file’s; the cautious one has the one that replaces others', () => {
  const keysIn = (text: string): ReadonlySet<string> => {
    const found = new Set<string>();
    JSON.parse(text, (key, value: unknown) => {
      found.add(key);
      return value;
    });
    return found;
  };
  const full = keysIn(read('examples/full.json'));
  const missing = documentedKeys(outlineOf(configSchema))
    .map(({ key }) => key)
    .filter(
      (key) => !key.includes('(') && !full.has(key.split('.').at(-1)?.replace('[]', '') ?? ''),
    );
  expect(missing).toEqual(['calendar.file', 'trailing.rule']);
  expect(keysIn(read('examples/cautious.json'))).toContain('rule');
});
