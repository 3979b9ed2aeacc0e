// Goal: the command as a user meets it, on a folder of files: one JSON document, a table, a page. Bad input
// is one sentence with a failing exit code. Real data is used where the machine has it.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { backtestDay, chooseDays, type BacktestTerms } from '../../backtest';
import { recordDay } from '../../backtest/recordedDay';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { paise } from '../../domain/units';
import { loadConfig } from '../../infra/config/config';
import { recordedDates } from '../../exchange/market/recordedDates';
import { replayedMarket } from '../../exchange/market/replay';
import type { BacktestDocument } from '../../cli/text/backtestTable';
import { sharedRows, testOnSharedData } from '../domain/sharedFiles';
import { sharedNse } from '../support/ratchet';
import { date, writeSmallDay } from './smallDay';
import { noVoters } from '../../domain/strategy';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ratchet-backtest-'));
beforeAll(() => writeSmallDay(folder, 11));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const backtest = (...args: string[]): Ended => commanded('backtest', ...args);

function commanded(...args: string[]): Ended {
  const hook = join(root, 'infra/sourceHook.cjs');
  const ended = spawnSync(process.execPath, ['-r', hook, join(root, 'cli/main.ts'), ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { code: ended.status, stdout: ended.stdout, stderr: ended.stderr };
}

test('one document holds the days, the total, the index and the lots; a page is written', () => {
  const html = join(folder, 'page.html');
  const flags = ['--replay', folder, '--date', date, '--random', '4', '--json', '--html', html];
  const { code, stdout } = backtest(...flags);
  const document = JSON.parse(stdout) as BacktestDocument;
  expect(code).toBe(0);
  const [day] = document.days;
  const { total } = document;
  expect(document).toMatchObject({ model: '2', sentiment: 'absent', total: { days: 1 } });
  expect(day).toMatchObject({ date, stocks: 8, index: { name: 'NIFTY 50' }, random: { runs: 4 } });
  expect(total.trades).toBe(day?.tradeList.length);
  expect(total.netPnl).toBe(total.grossPnl - total.charges);
  expect(total.decisions.LONG + total.decisions.SHORT + total.decisions.SKIP).toBe(
    8 * (day?.bars ?? 0),
  );
  expect(readFileSync(html, 'utf8')).toContain('<svg');
  const table = backtest('--replay', folder, '--days', '1', '--random', '0', '--model', 'none');
  expect(table.code).toBe(0);
  expect(table.stdout).toMatch(/strategy (loses|makes) ₹/);
  expect(table.stdout).toContain('signal-quality model: none');
});

test('a day without one whole session is refused with what each stock lacks', () => {
  const cut = mkdtempSync(join(tmpdir(), 'ratchet-cut-'));
  const rows = gunzipSync(readFileSync(join(folder, 'minute/core/INFY.csv.gz'))).toString();
  const morning = rows
    .split('\n')
    .filter((row) => !row.startsWith(date) || row.slice(11) < '12:00');
  writeFileSync(join(cut, 'INFY.csv'), `${morning.join('\n')}\n`);
  for (const command of ['backtest', 'run']) {
    const { code, stdout, stderr } = commanded(command, '--replay', cut, '--date', date);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(
      `no stock has a whole session: on ${date} INFY lacks 195 of 360 minutes, most from 12:00 to 15:15`,
    );
  }
  rmSync(cut, { recursive: true });
});

test('a day on which no stock is watched is refused with the reason', () => {
  const config = join(folder, 'poor.json');
  writeFileSync(config, JSON.stringify({ screener: { priceMax: 60 } }));
  const flags = ['--config', config, '--model', 'none', '--random', '0'];
  const { code, stderr } = backtest('--replay', folder, '--date', date, ...flags);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /nothing was decided: 2026-11-20: 0 stocks watched, .* is not between ₹50 and ₹60/,
  );
});

interface Golden {
  readonly inputs: { readonly features: number[][] };
  readonly outputs: { readonly probability: number[][] };
}

test('the model scores in the process itself what the server must score: its golden cases', () => {
  const config = JSON.parse(
    readFileSync(join(root, 'serving/models/signal-quality/config.json'), 'utf8'),
  ) as { versions: Record<string, { golden: Golden[] }> };
  const cases = config.versions['2']?.golden ?? [];
  const rows = cases.flatMap(({ inputs }) => inputs.features);
  // onnxruntime knows only the process's own arrays, not those of a test's sandbox.
  const script = `require(process.argv[1]).loadSignalModel('2').then(async (model) =>
    console.log(JSON.stringify(await model.score(JSON.parse(process.argv[2])))))`;
  const hook = join(root, 'infra/sourceHook.cjs');
  const { stdout } = spawnSync(
    process.execPath,
    ['-r', hook, '-e', script, join(root, 'backtest/signalModel.ts'), JSON.stringify(rows)],
    { cwd: root, encoding: 'utf8' },
  );
  const scores = JSON.parse(stdout) as number[];
  const expected = cases.flatMap(({ outputs }) => outputs.probability.flat());
  expect(expected.length).toBeGreaterThan(2);
  expect(scores).toHaveLength(expected.length);
  scores.forEach((score, index) => expect(score).toBeCloseTo(expected[index] ?? 0, 5));
});

test('delivery, which is held over nights, is refused before anything is traded', () => {
  const config = join(folder, 'delivery.json');
  writeFileSync(config, JSON.stringify({ longProduct: 'CNC' }));
  const { code, stderr } = backtest('--replay', folder, '--date', date, '--config', config);
  expect(code).not.toBe(0);
  expect(stderr).toContain(
    'longProduct must be MIS in a backtest, where each day ends flat, was CNC',
  );
});

test.each([
  [['--date', date], 'required option'],
  [['--replay', '/nowhere', '--date', date], 'replay folder "/nowhere" must exist'],
  [
    ['--replay', '.', '--date', date, '--days', '2'],
    'give one of --date D, --from D --to D, or --days N',
  ],
  [
    ['--replay', '.', '--date', date, '--html', '/nowhere/x.html'],
    '--html /nowhere/x.html cannot be',
  ],
  [['--replay', '.', '--seed', 'x', '--date', date], 'must be a whole number'],
  [['--replay', '.', '--model', '9', '--date', date], 'model must be none or one of the versions'],
])('%j is refused with "%s"', (args, sentence) => {
  const { code, stdout, stderr } = backtest(...args.map((one) => (one === '.' ? folder : one)));
  expect(code).not.toBe(0);
  expect(stdout).toBe('');
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});

test.each([
  [{ date: '2026-11-21' }, /2026-11-21 is not a trading day at NSE \(weekend\)/],
  [{ date: '2026-11-24' }, /2026-11-24 is not a trading day at NSE \(holiday\)/],
  [{ date: '20-11-2026' }, /must be a calendar date/],
  [{ date: '2026-10-01' }, /no candles of 2026-10-01: the files hold \d+ days, /],
  [{ from: '2026-11-20' }, /--to is missing/],
  [{ from: '2026-11-20', to: '2026-11-18' }, /must not be after/],
  [{ from: '2026-01-02', to: '2026-01-05' }, /no candles between/],
  [{ days: '0' }, /--days must be a whole number from 1/],
  [{ days: '99' }, /--days asks for 99 whole days, there are \d+/],
  [{}, /give one of/],
])('%j is refused in one sentence', (flags, sentence) => {
  expect(() => chooseDays(folder, flags, nseCalendar)).toThrow(sentence);
});

testOnSharedData('whole days are exactly those on which the data grades every stock A', () => {
  const graded = new Map<string, number>();
  for (const row of sharedRows('nse/coverage.csv')) {
    if (row.get('series')?.startsWith('NIFTY_') === true || row.get('grade') !== 'A') continue;
    graded.set(row.get('date') ?? '', (graded.get(row.get('date') ?? '') ?? 0) + 1);
  }
  const found = recordedDates(sharedNse, nseCalendar).filter(({ whole }) => whole > 0);
  expect(new Map(found.map(({ date: day, whole }) => [day, whole]))).toEqual(graded);
});

testOnSharedData(
  'a real day: candles as recorded, books that agree, the index beside it',
  async () => {
    const real = '2021-04-15';
    const marketOf = (day: string): ReturnType<typeof replayedMarket> =>
      replayedMarket({ directory: sharedNse, date: day, seed: 7 });
    const { candles } = recordDay(real, marketOf(real));
    const rows = sharedRows('nse/minute/core/SBIN.csv.gz').filter((row) =>
      row.get('ts')?.startsWith(real),
    );
    const inPaise = (row: Map<string, string>, column: string): number =>
      Math.round(Number(row.get(column)) * 100);
    expect(candles.get('SBIN')).toEqual(
      rows.map((row) => ({
        at: Date.parse(row.get('ts') ?? ''),
        open: inPaise(row, 'open'),
        high: inPaise(row, 'high'),
        low: inPaise(row, 'low'),
        close: inPaise(row, 'close'),
        volume: Number(row.get('volume')),
      })),
    );
    const terms: BacktestTerms = {
      config: loadConfig(),
      model: null,
      voters: noVoters,
      cash: paise(100_000_000),
      seed: 7,
      randomRuns: 0,
      marketOf,
    };
    const [chosen] = chooseDays(sharedNse, { date: real }, nseCalendar);
    const { report } = await backtestDay(chosen ?? { date: real, stocks: 0, whole: 0 }, terms);
    expect(report).toMatchObject({ whole: true, stocks: 23, random: null });
    expect(report.trades).toBeGreaterThan(0);
    expect(report.index?.name).toBe('NIFTY 50');
  },
);
