// `npm run test:security`: every test that docs/security.md names, those of whole systems among them.
import { join } from 'node:path';
import { checkout } from './places.mjs';
import { say } from './say.mjs';
import { securityTests } from './securityList.mjs';
import { setUpOrExit } from './setup.mjs';
import { runStep } from './step.mjs';

const { files, problems } = securityTests();
for (const problem of problems) say(problem);
if (problems.length > 0) process.exit(1);
await setUpOrExit();
const isOfSystem = (file) => file.startsWith('test/system/');
const jest = join(checkout, 'node_modules/jest/bin/jest.js');
const run = (title, projects, chosen) => {
  say(`— ${title}`);
  const flags = ['--maxWorkers=2', '--runTestsByPath', ...chosen];
  return runStep(title, [jest, '--selectProjects', ...projects, ...flags]);
};
const passed = [
  await run(
    'parts',
    ['unit'],
    files.filter((file) => !isOfSystem(file)),
  ),
  await run('whole systems', ['system', 'paced'], files.filter(isOfSystem)),
];
say(passed.every(Boolean) ? `${files.length} files of tests passed` : 'failed');
process.exit(passed.every(Boolean) ? 0 : 1);
