// Goal: the time zone of the machine changes no answer. Method: indicators, backtest, calendar and report in processes of
// three zones, on files whose times have no offset; every answer must be the same to the byte.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { writeSmallDay } from '../backtest/smallDay';

const root = resolve(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'ratchet-zones-'));

beforeAll(() => {
  writeSmallDay(folder, 11);
  for (const symbol of ['INFY', 'SBIN', 'NIFTY_50']) {
    const packed = readFileSync(join(folder, `minute/core/${symbol}.csv.gz`));
    const text = gunzipSync(packed).toString().replaceAll('+05:30', '');
    writeFileSync(join(folder, `${symbol}.csv`), text);
  }
  rmSync(join(folder, 'minute'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answers {
  readonly zone: string;
  readonly indicators: string;
  readonly backtest: string;
}

function answersIn(zone: string): Answers {
  const out = mkdtempSync(join(tmpdir(), 'ratchet-zone-'));
  const script = join(root, 'test/support/zonedAnswers.ts');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['-r', join(root, 'infra/sourceHook.cjs'), script, folder, out],
    { cwd: root, encoding: 'utf8', env: { ...process.env, TZ: zone } },
  );
  expect([status, stderr.includes('Error')]).toEqual([0, false]);
  const answers = JSON.parse(readFileSync(join(out, 'answers.json'), 'utf8')) as Answers;
  rmSync(out, { recursive: true });
  return answers;
}

test('UTC, India and New York give the same bytes', () => {
  const [utc, india, newYork] = ['UTC', 'Asia/Kolkata', 'America/New_York'].map(answersIn);
  expect(new Set([utc?.zone, india?.zone, newYork?.zone]).size).toBe(3);
  expect({ ...utc, zone: '' }).toEqual({ ...india, zone: '' });
  expect({ ...newYork, zone: '' }).toEqual({ ...india, zone: '' });
  expect(india?.indicators.split('\n').length).toBeGreaterThan(360);
  expect(india?.backtest).toContain('"days":2');
});
