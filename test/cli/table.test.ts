// Goal: each command is found under its own name, and none loads what it does not need. Method: a process of its own,
// since Jest loads some packages in another way than Node.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** What the script prints as JSON; `table` is the table of commands in it. */
function answerOf(script: string): Record<string, readonly string[]> {
  const table = `const table = require(${JSON.stringify(join(root, 'cli/commands/table.ts'))});`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['-r', join(root, 'infra/sourceHook.cjs'), '-e', `${table}${script}`],
    { cwd: root, encoding: 'utf8' },
  );
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, readonly string[]>;
}

test('every command has the name it is listed under, alone and among all', () => {
  const { keys, alone, all, others } = answerOf(`
    const names = (asked) => table.commandsFor(asked).map((command) => command.name());
    const keys = Object.keys(table.loaders);
    console.log(JSON.stringify({ keys, alone: keys.flatMap(names), all: names(undefined), others: names('nonsense') }))`);
  expect(keys).toContain('backtest');
  expect([alone, all, others]).toEqual([keys, keys, keys]);
});

test('the indicators of a file need no Temporal, charts or broker’s client', () => {
  const { loaded = [] } = answerOf(`
    table.commandsFor('indicators');
    console.log(JSON.stringify({ loaded: Object.keys(require.cache) }))`);
  expect(loaded.some((file) => file.includes('domain/indicators'))).toBe(true);
  expect(loaded.filter((file) => /@temporalio|echarts|kiteconnect/.test(file))).toEqual([]);
});
