// The tests that docs/security.md names, so that its table of findings and what is run cannot part.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './places.mjs';

const isTest = (name) => name.endsWith('.test.ts');

/** The files a name stands for: one test, or a folder of them; none where there is no such test. */
function filesOf(name) {
  const file = `${name}.test.ts`;
  if (existsSync(join(checkout, file))) return [file];
  const folder = join(checkout, name);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true })
    .filter(isTest)
    .map((path) => `${name}/${path}`);
}

/** The files to run, and one sentence for every name without a test and every finding without a name. */
export function securityTests(page = join(checkout, 'docs', 'security.md')) {
  const text = readFileSync(page, 'utf8');
  const names = [...new Set([...text.matchAll(/`(test\/[^`]+)`/g)].map(([, name]) => name))];
  const missing = names
    .filter((name) => filesOf(name).length === 0)
    .map((name) => `docs/security.md names ${name}, and there is no such test`);
  const bare = [...text.matchAll(/^\| (\d+) .*$/gm)]
    .filter(([row]) => !row.includes('`test/'))
    .map(([, number]) => `docs/security.md names no test for finding ${number}`);
  const files = [...new Set(names.flatMap(filesOf))].sort();
  return { files, problems: [...missing, ...bare] };
}
