// Goal: by the commands alone, a person outside the source tree has a strategy: new, check, list, backtest. No file of
// the source tree is touched. What is broken is one sentence and exit 1.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BacktestDocument } from '../../cli/text/backtestTable';
import type { ListedStrategy } from '../../cli/listedStrategies';
import type { CheckedStrategy } from '../../infra/strategies/check';
import { date, writeSmallDay } from '../backtest/smallDay';
import { strategyText } from '../support/strategies';

const root = resolve(__dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'ratchet-own-'));
const market = join(home, 'market');
const config = join(home, 'ratchet.json');
afterAll(() => rmSync(home, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ratchet(...args: string[]): Ended {
  const hook = join(root, 'infra/sourceHook.cjs');
  const ended = spawnSync(process.execPath, ['-r', hook, join(root, 'cli/main.ts'), ...args], {
    cwd: home,
    encoding: 'utf8',
  });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

const jsonOf = (ended: Ended): unknown => JSON.parse(ended.stdout);
const treeState = (): string =>
  spawnSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).stdout;

test('new, check, list and backtest, with nothing of the source tree touched', () => {
  const before = treeState();
  const made = ratchet('strategy', 'new', 'mine');
  expect([made.code, made.stderr]).toEqual([0, '']);
  const file = join(home, 'strategies', 'mine', 'strategy.ts');
  expect(readFileSync(file, 'utf8')).toContain(`from 'ratchet/strategy'`);
  expect(ratchet('strategy', 'new', 'mine')).toMatchObject({
    code: 1,
    stderr: 'ratchet: strategies/mine exists already; nothing has been written\n',
  });
  // A lower threshold, so that the small day has votes enough to trade.
  writeFileSync(file, readFileSync(file, 'utf8').replace('default: 1.5', 'default: 1'));
  writeSmallDay(market, 11);
  const checking = ['strategy', 'check', 'strategies/mine', '--replay', 'market', '--date', date];
  const checked = jsonOf(ratchet(...checking, '--json')) as CheckedStrategy;
  expect(checked.faults).toEqual([]);
  expect(checked.trials.map(({ from }) => from)).toEqual(['generated bars', `bars of ${date}`]);
  for (const { buy, sell } of checked.trials) expect(buy + sell).toBeGreaterThan(5);
  writeFileSync(
    config,
    JSON.stringify({ strategies: { use: ['mine'], parameters: { mine: { bars: 6 } } } }),
  );
  const listed = jsonOf(
    ratchet('strategy', 'list', '--config', config, '--json'),
  ) as readonly ListedStrategy[];
  const { hash } = checked;
  expect(listed.map(({ name, isUsed }) => [name, isUsed])).toEqual([
    ...['breakout', 'trend', 'scalping', 'volatility', 'reversal'].map((name) => [name, false]),
    ['mine', true],
  ]);
  expect(listed.at(-1)).toMatchObject({
    hash,
    parameters: [{ name: 'bars', value: 6, default: 12 }, { name: 'volume' }],
  });
  const flags = ['--replay', 'market', '--date', date, '--random', '0', '--model', 'none'];
  const document = jsonOf(
    ratchet('backtest', ...flags, '--config', config, '--json'),
  ) as BacktestDocument;
  expect(document.agents).toEqual([]);
  expect(document.strategies).toEqual([{ name: 'mine', hash, values: { bars: 6, volume: 1 } }]);
  expect(Object.keys(document.total.agents)).toEqual(['mine']);
  expect(document.total.trades).toBeGreaterThan(0);
  const page = ratchet('backtest', ...flags, '--config', config);
  expect(page.stdout).toContain(`strategies: mine@${hash ?? ''} (bars 6, volume 1)`);
  expect(treeState()).toBe(before);
});

test.each([
  [
    'forgets',
    'let asked = 0;',
    'asked += 1; return asked % 3 === 0 ? null : { action: "BUY", confidence: 1, reason: "x", stop: 1 };',
    'asked again it answered otherwise',
  ],
  [
    'remembers',
    'const seen = new Set<number>();',
    'seen.add(view.bar.barAt); return seen.size < 20 ? null : { action: "BUY", confidence: 1, reason: "x", stop: 1 };',
    'asked again it answered otherwise',
  ],
  ['hangs', '', 'for (;;);', 'RELIANCE, bar of 09:15: it did not come back within 2 s'],
  ['never', 'for (;;);', 'return null;', 'never: it did not come back within 5 s'],
  [
    'gorges',
    'const kept: unknown[] = [];',
    'for (;;) kept.push(new Array(2 ** 24).fill(0.5));',
    'gorges: it took more than 256 MB of memory',
  ],
  [
    'late',
    '',
    'if (view.session.length > 30) throw new Error("late"); return null;',
    'bar of 11:45: late/strategy.ts:4: late',
  ],
])('check of %s is one sentence and exit 1', (name, rest, vote, words) => {
  mkdirSync(join(home, 'strategies', name), { recursive: true });
  writeFileSync(join(home, 'strategies', name, 'strategy.ts'), strategyText(vote, rest));
  const began = process.hrtime.bigint();
  const { code, stdout, stderr } = ratchet('strategy', 'check', join('strategies', name));
  expect([code, stderr]).toEqual([1, '']);
  expect(stdout).toContain(words);
  expect(stdout.trim().split('\n')).toHaveLength(1);
  // It is the command's own limits that end it, and not the test's.
  expect(Number(process.hrtime.bigint() - began) / 1e9).toBeLessThan(110);
});

test.each([
  [
    ['strategy', 'check', 'strategies'],
    'strategies has no strategy.ts; `ratchet strategy new NAME` writes one',
  ],
  [['strategy', 'new', 'My_Own'], `a strategy's name must be small letters`],
  [
    ['backtest', '--replay', 'market', '--date', date, '--config', 'typo.json'],
    'strategies.use: "trnd" is neither a shipped agent nor a strategy in',
  ],
])('%j is refused in one sentence', (args, words) => {
  writeFileSync(join(home, 'typo.json'), JSON.stringify({ strategies: { use: ['trnd'] } }));
  const { code, stderr } = ratchet(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
