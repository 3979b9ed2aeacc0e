// Goal: what is wrong with a folder of candles is found and named, and a sound one passes. Method: five sound sessions of
// one stock, each fault put into them, checked by the command as JSON and as text.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataCheckCommand } from '../../cli/commands/dataCheck';
import type { SeriesCheck } from '../../domain/candleStore/seriesCheck';
import { inProcess } from '../support/inProcess';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ratchet-check-'))));
afterEach(() => rmSync(folder, { recursive: true }));

interface Row {
  date: string;
  time: string;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
}

const dates = ['2021-04-15', '2021-04-16', '2021-04-19', '2021-04-20', '2021-04-22'];
const clock = (minute: number): string =>
  new Date((9 * 60 + 15 + minute) * 60_000).toISOString().slice(11, 16);

/** Prices that wander between 1000 and 1010 rupees. 21 April was a holiday. */
const sound = (): Row[] =>
  dates.flatMap((date, day) =>
    Array.from({ length: 375 }, (_, minute) => {
      const price = 1000 + ((minute + 40 * day) % 100) / 10;
      const [high, low] = [price + 0.5, price - 0.5];
      return { date, time: clock(minute), open: price, high, low, close: price, volume: 100 };
    }),
  );

const csv = (rows: readonly Row[]): string =>
  `ts,open,high,low,close,volume\n${rows
    .map(({ date, time, open, high, low, close, volume }) =>
      [
        `${date}T${time}:00+05:30`,
        ...[open, high, low, close].map((one) => one.toFixed(2)),
        volume,
      ].join(),
    )
    .join('\n')}\n`;

const put = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};

type Answer = SeriesCheck & { readonly mend: readonly string[] };

async function checked(
  rows: readonly Row[],
  ...flags: string[]
): Promise<{ readonly code: number; readonly series: Answer }> {
  put('candles/INFY.csv', csv(rows));
  const told = await inProcess(dataCheckCommand, [join(folder, 'candles'), ...flags, '--json']);
  const { series } = JSON.parse(told.stdout) as { readonly series: readonly [Answer] };
  return { code: told.code, series: series[0] };
}

const at = (rows: readonly Row[], date: string, time: string): Row => {
  const found = rows.find((row) => row.date === date && row.time === time);
  if (found === undefined) throw new Error(`no row of ${date} ${time}`);
  return found;
};

test('sound sessions pass', async () => {
  const { code, series } = await checked(sound());
  expect(code).toBe(0);
  expect(series).toMatchObject({
    ...{ symbol: 'INFY', minutes: 1, candles: 1875, first: '2021-04-15', last: '2021-04-22' },
    ...{ sessions: 5, missingDays: [], lacking: [], spikes: [], steps: [], mend: [], daily: null },
  });
});

test('missing minutes and days are listed, and are nothing to mend', async () => {
  const rows = sound().filter(
    ({ date, time }) =>
      date !== '2021-04-16' && !(date === '2021-04-20' && time >= '11:00' && time < '11:30'),
  );
  const { code, series } = await checked(rows);
  expect(code).toBe(0);
  expect(series.missingDays).toEqual(['2021-04-16']);
  expect(series.lacking).toEqual([
    { date: '2021-04-20', missing: 30, bars: 375, from: '11:00', until: '11:30' },
  ]);
});

test('bars of five minutes are known as such, and their sessions as whole', async () => {
  const rows = sound().filter((_, index) => index % 5 === 0);
  const { code, series } = await checked(rows);
  expect([code, series.minutes, series.lacking]).toEqual([0, 5, []]);
});

test('a bar far outside that comes straight back is a spike; a move is none', async () => {
  const rows = sound();
  at(rows, '2021-04-16', '12:00').low = 950;
  for (const row of rows.filter(({ date, time }) => date === '2021-04-20' && time >= '12:00'))
    for (const column of ['open', 'high', 'low', 'close'] as const) row[column] += 50;
  for (const row of rows.filter(({ date }) => date > '2021-04-20'))
    for (const column of ['open', 'high', 'low', 'close'] as const) row[column] += 50;
  const { code, series } = await checked(rows);
  expect(code).toBe(1);
  expect(series.mend).toEqual(['2021-04-16 12:00 has 950, its neighbours reach 999.9']);
});

test('a split is named with its likely factor, and is mended by naming it', async () => {
  const rows = sound().map((row) =>
    row.date < '2021-04-19'
      ? row
      : { ...row, open: row.open / 2, high: row.high / 2, low: row.low / 2, close: row.close / 2 },
  );
  for (const row of rows) {
    row.open = row.close = Math.round(row.open * 20) / 20;
    [row.high, row.low] = [row.open, row.open];
  }
  const { code, series } = await checked(rows);
  expect(code).toBe(1);
  expect(series.steps).toMatchObject([{ from: '2021-04-16', to: '2021-04-19', factor: 2 }]);
  expect(series.mend[0]).toContain('likely INFY,2021-04-19,2 in the file of --factors');
  const factors = put('factors.csv', 'symbol,ex_date,factor\nINFY,2021-04-19,2\n');
  expect(await checked(rows, '--factors', factors)).toMatchObject({ code: 0 });
});

test('rows that no replay takes are counted by what is wrong with them', async () => {
  const rows = sound();
  const first = at(rows, '2021-04-15', '09:15');
  at(rows, '2021-04-15', '10:00').high = 1;
  const extra = [
    { ...first, date: '2021-04-17' },
    { ...first, date: '2021-04-21' },
    { ...first, time: '09:08' },
    first,
    { ...at(rows, '2021-04-15', '09:16'), volume: 7 },
  ];
  const { code, series } = await checked([...rows, ...extra]);
  expect(code).toBe(1);
  expect(series.refused).toEqual({ time: 3, again: 1, twice: 1, value: 1 });
  expect(series.closedDays).toEqual(['2021-04-17', '2021-04-21']);
  expect(series.mend[0]).toContain('column high: must not be below the row’s low');
});

const daily = (scale: number, change: (date: string) => number = () => 1): string =>
  `Symbol,Date,Open,High,Low,Close,Volume\n${dates
    .map((date) => {
      const rows = sound().filter((row) => row.date === date);
      const high = Math.max(...rows.map((row) => row.high)) * scale * change(date);
      const low = Math.min(...rows.map((row) => row.low)) * scale;
      return `INFY,${date},${low},${high},${low},${low},37500`;
    })
    .join('\n')}\n`;

test('daily bars agree, are recognised as adjusted, or differ by name', async () => {
  const file = put('daily.csv', daily(1));
  const equal = await checked(sound(), '--daily', file);
  expect([equal.code, equal.series.daily]).toEqual([
    0,
    { compared: 5, scaled: [], volumePct: 100, differing: [] },
  ]);
  put('daily.csv', daily(0.2));
  const adjusted = await checked(sound(), '--daily', file);
  expect([adjusted.code, adjusted.series.daily?.scaled]).toEqual([
    0,
    [{ from: '2021-04-15', until: '2021-04-22', days: 5, ratio: 0.2 }],
  ]);
  put(
    'daily.csv',
    daily(1, (date) => (date === '2021-04-20' ? 0.995 : 1)),
  );
  const other = await checked(sound(), '--daily', file);
  expect(other.code).toBe(1);
  expect(other.series.mend).toEqual([
    '2021-04-20 is not the daily bar: high 0.50 % above the day’s',
  ]);
});

test('people see a table, a picture of the days and what must be mended', async () => {
  const rows = sound().filter(({ date }) => date !== '2021-04-16');
  at(rows, '2021-04-19', '12:00').high = 1100;
  put('candles/INFY.csv', csv(rows));
  const { stdout, code } = await inProcess(dataCheckCommand, [join(folder, 'candles')]);
  expect(code).toBe(1);
  expect(stdout).toContain('INFY   1 min  1500     2021-04-15  2021-04-22  4         1');
  expect(stdout).toMatch(/2021-04 +█·██ █\n/);
  expect(stdout).toContain('✗ INFY: 2021-04-19 12:00 has 1100');
});
