// Goal: the Temporal CLI that runs is the pinned one. Of what is on PATH and in the cache nothing else is taken, and
// Go builds only the module whose sum is in the repository.
// Method: set-up's own code in a process of its own, with stand-ins for Go and Temporal on PATH and an empty cache.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../../infra/checkout';
import pinned from '../../../infra/setup/temporal.json';

const says = (version: string): string =>
  `#!/bin/sh\necho "temporal version ${version} (Server 1.29.1, UI 2.42.1)"\n`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-cli-'));
  for (const name of ['bin', 'source', 'cache']) mkdirSync(join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cached = (): string => join(folder, 'cache', `temporal-${pinned.version}`, 'temporal');

function program(name: string, text: string): string {
  const file = join(folder, 'bin', name);
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

/** A Go that has the module with this sum and builds a CLI that says this version. */
const goWith = (sum: string, version: string = pinned.version): string =>
  program(
    'go',
    `#!/bin/sh
if [ "$1" = mod ]; then
  echo '${JSON.stringify({ Dir: join(folder, 'source'), Sum: sum })}'
  exit 0
fi
while [ "$1" != -o ]; do shift; done
printf '%s' '${says(version)}' > "$2"
/bin/chmod 755 "$2"
`,
  );

/** Set-up's answer: where the CLI is, or its sentence. */
function setUp(download = 'async () => false'): { path: string; said: string } {
  const module = join(checkout, 'infra/setup/temporalCli.mjs');
  const script = `const { temporalCli } = await import(${JSON.stringify(module)});
    try { process.stdout.write(await temporalCli(${download})); }
    catch (error) { process.stderr.write(error.message); process.exitCode = 1; }`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    {
      env: { PATH: join(folder, 'bin'), RATCHET_CACHE: join(folder, 'cache'), HOME: folder },
      encoding: 'utf8',
    },
  );
  return { path: stdout, said: stderr };
}

test('a temporal on PATH at the pinned version is used', () => {
  const path = program('temporal', says(pinned.version));
  expect(setUp()).toEqual({ path, said: '' });
});

test('one of another version is not used, said in one line, and ours is built', () => {
  const other = program('temporal', says('1.4.0'));
  goWith(pinned.sum);
  const { path, said } = setUp();
  expect(path).toBe(cached());
  expect(said).toContain(
    `the temporal on PATH (${other}) is of version "1.4.0", not ${pinned.version}; it is not used\n`,
  );
  expect(readFileSync(`${path}.sha256`, 'utf8')).toMatch(/^[0-9a-f]{64} {2}temporal\n$/);
});

test('a Go module with another sum is not built', () => {
  goWith('h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=');
  const { path, said } = setUp();
  expect(path).toBe('');
  expect(said).toContain(
    `The Go module ${pinned.module} v${pinned.version} has sum h1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=, expected ${pinned.sum}; it is not built.`,
  );
});

test('a build that is not the pinned version is thrown away', () => {
  goWith(pinned.sum, '0.0.0-DEV');
  expect(setUp().said).toContain('says it is version "0.0.0-DEV", expected');
  expect(setUp().path).toBe('');
});

test('what was built is used again, without Go', () => {
  const go = goWith(pinned.sum);
  const { path } = setUp();
  rmSync(go);
  expect(setUp()).toEqual({ path, said: '' });
});

test('what has been compared with its record is read again once it, or its record, is written', () => {
  goWith(pinned.sum);
  const path = setUp().path;
  setUp();
  const compared = readFileSync(`${path}.compared`, 'utf8');
  setUp();
  expect(readFileSync(`${path}.compared`, 'utf8')).toBe(compared);
  writeFileSync(`${path}.sha256`, `${'0'.repeat(64)}  temporal\n`);
  expect(setUp().said).toMatch(/has SHA-256 [0-9a-f]{64}, recorded was 0{64}; it is not used/);
});

test.each([
  [
    'differs from its record',
    () => writeFileSync(cached(), says('6.6.6')),
    /has SHA-256 [0-9a-f]{64}, recorded was [0-9a-f]{64}; it is not used/,
  ],
  [
    'has no record',
    () => rmSync(`${cached()}.sha256`),
    /has no record of its SHA-256; it is not used and is got again/,
  ],
])('a cached binary that %s is built again, and that is said', (_how, change, sentence) => {
  goWith(pinned.sum);
  setUp();
  change();
  const { path, said } = setUp();
  expect(path).toBe(cached());
  expect(said).toMatch(sentence);
  expect(readFileSync(cached(), 'utf8')).toBe(says(pinned.version));
  expect(setUp().said).toBe('');
});

test('a release that was downloaded is recorded too', () => {
  const download = `async () => {
    const { writeFileSync } = await import('node:fs');
    writeFileSync(${JSON.stringify(cached())}, ${JSON.stringify(says(pinned.version))}, { mode: 0o755 });
    return true;
  }`;
  expect(setUp(download).path).toBe(cached());
  expect(setUp().said).toBe('');
});
