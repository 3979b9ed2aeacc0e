// House rules as a test (CONTRIBUTING.md). Lint holds the import arrows and sizes of
// functions; here are the rules lint cannot say. A message names the file and what to do instead.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const sourceFolders = [
  'domain',
  'strategy',
  'workflows',
  'activities',
  'workers',
  'serving',
  'infra',
  'broker',
  'exchange',
  'backtest',
  'training',
  'cli',
  'bench',
  'test',
];

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const typescript = sourceFolders
  .flatMap((folder) => {
    try {
      return filesUnder(folder);
    } catch {
      return [];
    }
  })
  .filter((file) => file.endsWith('.ts'));
const textOf = new Map(typescript.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
const breaking = (broken: (text: string, file: string) => boolean): string[] =>
  [...textOf]
    .filter(([file, text]) => file !== 'test/tidy.test.ts' && broken(text, file))
    .map(([file]) => file);

/** The files a file imports, values or types. */
function importsOf(file: string): string[] {
  const specifiers = (textOf.get(file) ?? '').matchAll(
    /(?:from\s+|import\s+|import\(|require\()'(\.[^']+)'/g,
  );
  return [...specifiers].flatMap(([, specifier = '']) => {
    const target = relative(root, resolve(root, dirname(file), specifier));
    return [`${target}.ts`, join(target, 'index.ts')].filter((path) => textOf.has(path));
  });
}

/** The files from `file` back to itself, undefined where no import leads back. */
function circleThrough(file: string): readonly string[] | undefined {
  const from = new Map<string, string>();
  const waiting = [file];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    for (const next of importsOf(at).filter((path) => !from.has(path))) {
      from.set(next, at);
      waiting.push(next);
    }
    if (from.has(file)) break;
  }
  if (!from.has(file)) return undefined;
  const circle = [file];
  for (let at = from.get(file); at !== undefined && at !== file; at = from.get(at))
    circle.unshift(at);
  return [file, ...circle];
}

/** A word that says nothing, and what to say instead. */
const bannedNames: readonly (readonly [RegExp, string])[] = [
  [
    /\b(data|info|manager|helper|helpers|util|utils|common|misc)\.ts$/i,
    'name the file after what is in it',
  ],
];

describe('tidy', () => {
  test('no file is named after nothing', () => {
    const bad = typescript.flatMap((file) =>
      bannedNames
        .filter(([pattern]) => pattern.test(basename(file)))
        .map(([, advice]) => `${file}: ${advice}`),
    );
    expect(bad).toEqual([]);
  });

  test('no name in code is a banned word', () => {
    const declared =
      /\b(?:const|let|function|class|interface|type)\s+(?:data|info|manager|helper|util|utils|common|misc)\b/i;
    expect(breaking((text) => declared.test(text))).toEqual([]);
  });

  test('nothing is left for later and nothing is switched off', () => {
    expect(breaking((text) => /\b(?:TODO|FIXME|XXX)\b/.test(text))).toEqual([]);
    expect(breaking((text) => /\b(?:test|describe|it)\.only\b/.test(text))).toEqual([]);
    expect(breaking((text) => /@ts-(?:ignore|nocheck)/.test(text))).toEqual([]);
  });

  test('no `any`, spoken or cast', () => {
    expect(breaking((text) => /(?::\s*any\s*[;,)=|]|\bas any\b|<any>)/.test(text))).toEqual([]);
  });

  test('files stay within 300 lines, tests within 500', () => {
    const long = [...textOf].filter(
      ([file, text]) =>
        text.split('\n').filter((line) => line.trim() !== '').length >
        (file.startsWith('test/') ? 500 : 300),
    );
    expect(long.map(([file]) => file)).toEqual([]);
  });

  test('domain/ has no clock, no chance, no promise and no Temporal', () => {
    const impure =
      /\bDate\.now\b|new Date\(\)|Math\.random|process\.env|@temporalio|\basync\b|\bawait\b/;
    expect(breaking((text, file) => file.startsWith('domain/') && impure.test(text))).toEqual([]);
  });

  test('an eslint rule is switched off only with its reason', () => {
    expect(breaking((text) => /eslint-disable(?!.*--)/.test(text))).toEqual([]);
  });

  test('no file is dead: every source is imported or is an entry point', () => {
    const entries =
      /\.d\.ts$|(?:^|\/)(?:main|index|bundle|trading|gateway|tickerThread|documentThread|child)\.ts$|^bench\/|\.test\.ts$|^training\//;
    const imported = new Set(typescript.flatMap(importsOf));
    const dead = typescript.filter(
      (file) =>
        !entries.test(file) && !imported.has(file) && !textOf.get(file)?.includes('entry point'),
    );
    expect(dead).toEqual([]);
  });

  // Lint's own rule (import-x/no-cycle) does not see imports of types alone.
  test('no imports lead in a circle, those of types included', () => {
    const circles = typescript
      .filter((file) => !file.startsWith('test/'))
      .flatMap((file) => circleThrough(file)?.join(' → ') ?? []);
    expect(circles).toEqual([]);
  });

  test('nothing names this machine or a registry’s host', () => {
    const named = /\/work\/(?:main|shared)|registry\.npmjs|\/root\//;
    expect(breaking((text) => named.test(text))).toEqual([]);
    expect(named.test(readFileSync(join(root, 'package-lock.json'), 'utf8'))).toBe(false);
  });

  test('every dependency has its line of reason', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
      'dependencies' | 'devDependencies',
      Record<string, string>
    >;
    const reasons = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
    const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    expect(names.filter((name) => !reasons.includes(`\`${name}\``))).toEqual([]);
    const versions = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(Object.entries(versions).filter(([, version]) => !/^\d/.test(version))).toEqual([]);
  });
});
