// Goal: no environment variable is read that no document names, and none is documented that nothing reads.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { environmentVariables } from '../../../infra/environment/variables';

const root = join(__dirname, '../../..');
const catalogue = 'infra/environment/variables.ts';
const skipped = new Set(['node_modules', 'lib', '.git', '.ratchet', 'coverage']);

function sourcesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : sourcesUnder(path);
    return /\.(?:ts|mjs|cjs)$/.test(entry.name) ? [path] : [];
  });
}

/** Read as a property, or named in quotes and handed to whoever reads it. */
const names = /process\.env\.([A-Z_]+)|'((?:RATCHET|TEMPORAL)_[A-Z_]+|DATABASE_URL)'/g;
/** Of the operating system and of libraries. */
const foreign = new Set(['PATH', 'ORT_DISABLE_TELEMETRY']);

const read = new Map<string, string>();
let everything = '';
for (const path of sourcesUnder(root)) {
  const file = relative(root, path);
  if (file === catalogue || file === relative(root, __filename)) continue;
  const text = readFileSync(path, 'utf8');
  everything += text;
  for (const [, property = '', quoted = ''] of text.matchAll(names)) {
    const name = property + quoted;
    if (!foreign.has(name)) read.set(name, file);
  }
}

/** As itself, or as the secret whose file it names. */
const isKnown = (name: string): boolean =>
  name in environmentVariables || name.replace(/_FILE$/, '') in environmentVariables;

test('every variable that is read is in the catalogue', () => {
  expect([...read].filter(([name]) => !isKnown(name))).toEqual([]);
});

test('every variable of the catalogue is in the code', () => {
  const unknown = Object.keys(environmentVariables).filter(
    (name) => !new RegExp(`\\b${name}\\b`).test(everything),
  );
  expect(unknown).toEqual([]);
});
