// `npm test`: sets up, then runs every check that gates (types, lint, format, tests) and closes with one
// line of counts. The first failure does not hide the others; any failure fails the command.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, home } from './places.mjs';
import { say } from './say.mjs';
import { setUpOrExit } from './setup.mjs';
import { runStep } from './step.mjs';

const bin = (path) => join(checkout, 'node_modules', path);

/** Runs a check with its output shown; true when it passed. */
function check(title, script, args, result) {
  say(`— ${title}`);
  return runStep(title, [script, ...args], result);
}

/** Counts of a jest run; a run that left none counts as one failure. */
function counts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

async function jest(title, project, args) {
  const file = join(home, `jest-${project}.json`);
  rmSync(file, { force: true });
  const flags = ['--selectProjects', project, '--json', `--outputFile=${file}`, ...args];
  const passed = await check(title, bin('jest/bin/jest.js'), flags, file);
  const result = counts(file);
  return passed || result.failed > 0 ? result : { ...result, failed: 1 };
}

await setUpOrExit();
mkdirSync(home, { recursive: true });
const checks = [
  await check('types', bin('typescript/bin/tsc'), ['--noEmit', '-p', 'tsconfig.json']),
  await check('lint', bin('eslint/bin/eslint.js'), ['.']),
  await check('format', bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']),
];
const suites = [
  await jest('unit and component tests', 'unit', ['--maxWorkers=2']),
  await jest('whole-system tests', 'system', ['--maxWorkers=2']),
  await jest('whole sessions', 'paced', ['--runInBand']),
];
const total = (key) => suites.reduce((sum, suite) => sum + suite[key], 0);
const passed = total('passed') + checks.filter(Boolean).length;
const failed = total('failed') + checks.filter((ok) => !ok).length;
console.log(`${passed} passed, ${failed} failed, ${total('skipped')} skipped`);
process.exit(failed === 0 ? 0 : 1);
