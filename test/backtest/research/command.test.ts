// Goal: the commands as a user meets them, on a folder of files: a study that is killed with SIGKILL and goes on with
// another number of workers is the same study; bad input is one sentence.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Opening } from '../../../backtest/research/study';
import type { StudyDocument } from '../../../backtest/research/studyDocument';
import type { SeedsDocument } from '../../../cli/text/seedsTable';
import type { PairedDays } from '../../../domain/research/pairedDays';
import { date, writeSmallDay } from '../smallDay';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'ratchet-optimise-'));
beforeAll(() => writeSmallDay(folder, 11));
afterAll(() => rmSync(folder, { recursive: true }));

const source = ['-r', join(root, 'infra/sourceHook.cjs'), join(root, 'cli/main.ts')];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function ratchet(...args: readonly string[]): Ended {
  const options = { cwd: root, encoding: 'utf8' } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...source, ...args], options);
  return { code: status, stdout, stderr };
}

const days = ['--replay', folder, '--from', '2026-11-17', '--to', date, '--model', 'none'];
const space = [
  ...['--vary', 'decision.longThreshold=0.3..0.6:0.05', '--vary', 'risk.riskPerTradeBps=10..40:5'],
];
const folds = ['--folds', '1', '--embargo', '0', '--holdout', '0.25'];
const studyOf = (name: string): readonly string[] => [
  ...['optimise', '--study', join(folder, name), ...days, ...space, ...folds],
  ...['--trials', '4', '--method', 'tpe', '--random', '2', '--json'],
];
const linesIn = (name: string): readonly string[] => {
  const file = join(folder, name, 'trials.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
};

let whole: Ended;
beforeAll(() => {
  whole = ratchet(...studyOf('whole'), '--workers', '1', '--html', join(folder, 'study.html'));
});

test('a study: its trials, what each fold chose, the days that judged, and one sentence', () => {
  expect(whole.code).toBe(0);
  const document = JSON.parse(whole.stdout) as StudyDocument;
  expect(document).toMatchObject({ kind: 'study', held: [date], claim: { skill: false } });
  expect(document.searched).toEqual(['2026-11-17', '2026-11-18', '2026-11-19']);
  expect(document.trials).toHaveLength(4);
  expect(document.folds[0]).toMatchObject({ testDates: ['2026-11-19', '2026-11-19'] });
  expect(document.claim.sentence).toContain('1 day out of sample: too few for an interval');
  expect(whole.stderr).toMatch(/trial 4 of 4 · best sharpe [−\d.]+ · 0 min left/);
  const page = readFileSync(join(folder, 'study.html'), 'utf8');
  expect(page.indexOf('No skill may be claimed')).toBeLessThan(page.indexOf('<svg'));
  expect(page.split('<svg')).toHaveLength(1 + 4);
});

test('a trial is what a backtest of its configuration is', () => {
  const { trials, searched } = JSON.parse(whole.stdout) as StudyDocument;
  const [first] = trials;
  const point = first?.point ?? {};
  const config = join(folder, 'point.json');
  writeFileSync(
    config,
    JSON.stringify({
      decision: { longThreshold: point['decision.longThreshold'] },
      risk: { riskPerTradeBps: point['risk.riskPerTradeBps'] },
    }),
  );
  const range = ['--from', searched[0] ?? '', '--to', searched.at(-1) ?? ''];
  const flags = ['--replay', folder, ...range, '--model', 'none', '--random', '0'];
  const { stdout } = ratchet('backtest', ...flags, '--config', config, '--json');
  const { total } = JSON.parse(stdout) as { total: { netPnl: number; trades: number } };
  expect(total).toMatchObject({ netPnl: first?.netPnl, trades: first?.trades });
  expect(total.trades).toBeGreaterThan(0);
});

test('killed in the middle and asked again with other workers, it is the same to the byte', async () => {
  const child = spawn(process.execPath, [...source, ...studyOf('killed'), '--workers', '2'], {
    cwd: root,
    stdio: 'ignore',
  });
  const ended = new Promise((done) => child.once('exit', done));
  while (linesIn('killed').length < 2 && child.exitCode === null) await pause(20);
  child.kill('SIGKILL');
  await ended;
  expect(linesIn('killed').length).toBeLessThan(4);
  const flags = ['--study', join(folder, 'killed'), '--resume', '--trials', '4', '--random', '2'];
  const again = ratchet('optimise', ...flags, '--json', '--workers', '2');
  expect(again.code).toBe(0);
  expect(linesIn('killed')).toEqual(linesIn('whole'));
  expect(JSON.parse(again.stdout)).toEqual(JSON.parse(whole.stdout));
});

test('the hold-out is opened, written down, and counted', () => {
  const open = ['optimise', '--study', join(folder, 'whole'), '--open-holdout'];
  const first = JSON.parse(ratchet(...open, '--json').stdout) as Opening;
  expect(first.days.map((day) => day.date)).toEqual([date]);
  const second = ratchet(...open);
  expect(second.stdout).toContain(`opened before, once (${first.at})`);
});

test('other terms or other candles: it does not go on, and says what differs', () => {
  const again = ratchet(...studyOf('whole'), '--resume', '--seed', '8');
  expect(again.stderr).toContain('method, seed, objective, folds, embargo or hold-out');
  const file = join(folder, 'minute/core/INFY.csv.gz');
  const kept = readFileSync(file);
  const rows = gunzipSync(kept).toString().split('\n');
  writeFileSync(file, gzipSync([...rows.slice(0, -3), ...rows.slice(-2)].join('\n')));
  const changed = ratchet('optimise', '--study', join(folder, 'whole'), '--resume');
  writeFileSync(file, kept);
  expect(changed.code).toBe(1);
  expect(changed.stderr).toContain('not as it was when it began: the candles of its days;');
});

test.each<[string, readonly string[]]>([
  ['a study begins with --replay DIR', ['--vary', 'risk.leverage=1..4']],
  ['nothing is varied', days],
  ['need more than 4 days', [...days, ...space, '--holdout', '0']],
  ['needs --trials 49 or more', [...days, ...space, ...folds, '--method', 'grid', '--trials', '5']],
  ['holds a study; add --resume', [...days, ...space, ...folds, '--study', join(folder, 'whole')]],
  ['holds no study', ['--resume']],
])('refused: %s', (sentence, args) => {
  const study = args.includes('--study') ? [] : ['--study', mkdtempSync(join(folder, 'no-'))];
  const { code, stdout, stderr } = ratchet('optimise', ...study, ...args);
  expect(code).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});

test('totals of several seeds, and two saved backtests day by day', () => {
  const two = ['--replay', folder, '--date', '2026-11-19', '--model', 'none'];
  const seeds = ratchet('backtest', ...two, '--seeds', '3,9', '--json');
  const document = JSON.parse(seeds.stdout) as SeedsDocument;
  expect(document.seeds.map(({ seed }) => seed)).toEqual([3, 9]);
  const saved = [3, 9].map((seed) => {
    const file = join(folder, `seed-${seed}.json`);
    const { stdout } = ratchet(
      'backtest',
      ...two,
      '--seed',
      String(seed),
      '--random',
      '0',
      '--json',
    );
    writeFileSync(file, stdout);
    return file;
  });
  const compared = ratchet('compare', ...saved, '--json');
  const { days: paired, sentence } = JSON.parse(compared.stdout) as PairedDays;
  const sum = (values: readonly number[]): number => values.reduce((total, one) => total + one, 0);
  expect([sum(paired.map((day) => day.first)), sum(paired.map((day) => day.second))]).toEqual(
    document.seeds.map(({ netPnl }) => netPnl),
  );
  expect(sentence).toContain('Over 1 day that both have');
  const study = join(folder, 'study.json');
  writeFileSync(study, whole.stdout);
  expect(ratchet('compare', saved[0] ?? '', study).stdout).toContain('1 day: too few');
  expect(ratchet('compare', saved[0] ?? '').stderr).toContain('or two files A and B');
  expect(ratchet('compare', ...saved, '--date', date).stderr).toContain('without --date');
  expect(ratchet('compare', saved[0] ?? '', join(folder, 'point.json')).stderr).toContain(
    'must be what `ratchet backtest --json`',
  );
});

test('lookahead ends well where there is none, and warmup tells how much history matters', () => {
  const flags = ['--replay', folder, '--date', date, '--model', 'none'];
  const { code, stdout } = ratchet('lookahead', ...flags, '--every', '20');
  expect([code, stdout]).toEqual([0, expect.stringContaining('no lookahead: ')]);
  expect(ratchet('warmup', ...flags).stdout).toContain('against 5 sessions of history');
});
