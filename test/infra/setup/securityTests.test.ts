// Goal: every finding of docs/security.md names a test that exists, so that `npm run test:security` runs them all.
// Method: set-up's own reading of the page, and of pages that name what is not there.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../../infra/checkout';

interface List {
  readonly files: readonly string[];
  readonly problems: readonly string[];
}

function listOf(...page: readonly string[]): List {
  const module = join(checkout, 'infra/setup/securityList.mjs');
  const script = `const { securityTests } = await import(${JSON.stringify(module)});
    process.stdout.write(JSON.stringify(securityTests(...${JSON.stringify(page)})));`;
  const args = ['--input-type=module', '--eval', script];
  return JSON.parse(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout) as List;
}

test('every finding has a test, and every test that is named exists', () => {
  const { files, problems } = listOf();
  expect(problems).toEqual([]);
  expect(files).toEqual(
    expect.arrayContaining([
      'test/system/foreign.test.ts',
      'test/infra/setup/temporalCli.test.ts',
      'test/serving/signedVersions.test.ts',
      'test/activities/news/documents.test.ts',
    ]),
  );
});

test('a test that is not there, and a finding without one, are named', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ratchet-findings-'));
  const page = join(folder, 'page.md');
  writeFileSync(
    page,
    '| 1 | a | b | `test/system/foreign`, `test/nowhere` |\n| 2 | a | b |  |\n| 3 | a | b | `test/infra/net` |\n',
  );
  try {
    expect(listOf(page)).toEqual({
      files: ['test/infra/net/targetAddress.test.ts', 'test/system/foreign.test.ts'],
      problems: [
        'docs/security.md names test/nowhere, and there is no such test',
        'docs/security.md names no test for finding 2',
      ],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
