// Goal: a past day trades what belonged to the universe then, with that day's industry and derivatives; a wrong list is
// refused by its line. Method: a generated day with a list beside its candles, and lists with one wrong cell each.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { backtestCommand } from '../../cli/commands/backtest';
import { memberOn, readMembership } from '../../domain/candleStore/membership';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { csvTable } from '../../exchange/market/csvTable';
import { recordedDates } from '../../exchange/market/recordedDates';
import { recordedMarkets } from '../../exchange/market/replay';
import { printed } from '../support/candleDoors';
import { date, writeSmallDay } from './smallDay';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ratchet-members-'));
  writeSmallDay(folder, 7);
});
afterAll(() => rmSync(folder, { recursive: true }));

const header = 'symbol,from,to,sector,has_derivatives';
const listed = (rows: string): string => {
  const file = join(folder, 'list.csv');
  writeFileSync(file, `${header}\n${rows}\n`);
  return file;
};
const read = (rows: string): ReturnType<typeof readMembership> =>
  readMembership(csvTable(listed(rows)));

test('a stock is a member on both ends of its stretches and on no other day', () => {
  const membership = read(
    'INFY,2026-11-20,,IT,yes\nINFY,2020-01-01,2020-12-31,Old,no\nSBIN,2021-01-01,,,',
  );
  const on = (symbol: string, day: string): string | null | undefined =>
    memberOn(membership, symbol, day)?.sector;
  const days = ['2019-12-31', '2020-01-01', '2020-12-31', '2021-01-01', '2026-11-20', '2030-01-01'];
  expect(days.map((day) => on('INFY', day))).toEqual([
    undefined,
    'Old',
    'Old',
    undefined,
    'IT',
    'IT',
  ]);
  expect(memberOn(membership, 'SBIN', '2022-01-01')).toMatchObject({
    ...{ sector: null, hasDerivatives: null },
  });
  expect(on('TCS', '2022-01-01')).toBeUndefined();
});

test.each([
  ['infy,2020-01-01,,,', 'column symbol: must be a symbol like INFY, was "infy"'],
  ['INFY,2020-02-30,,,', 'column from: must be a calendar date like 2026-11-20, was "2020-02-30"'],
  ['INFY,2020-01-02,2020-01-01,,', 'column to: must be the last day, from 2020-01-02 on'],
  ['INFY,2020-01-01,,,perhaps', 'column has_derivatives: must be yes, no or empty, was "perhaps"'],
])('%s is refused', (row, sentence) => {
  expect(() => read(row)).toThrow(`line 2, ${sentence}`);
});

test('two stretches of a stock must not overlap', () => {
  expect(() => read('INFY,2020-01-01,,,\nINFY,2021-01-01,,,')).toThrow(
    'line 3, column from: must not lie in the stretch of INFY from 2020-01-01 on, was "2021-01-01"',
  );
});

test('the listing of a day has its industry and derivatives of then', () => {
  const membership = read(`VGUARD,2020-01-01,,Then,yes\nINFY,2020-01-01,,,no`);
  const market = recordedMarkets(
    { directory: folder, calendar: nseCalendar, seed: 7, membership },
    [date],
  )(date);
  const of = (symbol: string): unknown => {
    const found = market.listings.find(({ tradingsymbol }) => tradingsymbol === symbol);
    return [found?.sector, found?.hasDerivatives];
  };
  expect(of('VGUARD')).toEqual(['Then', true]);
  expect(of('INFY')).toEqual(['Information Technology', false]);
});

test('a day counts its members alone', () => {
  const membership = read('INFY,2020-01-01,,,\nSBIN,2020-01-01,2026-11-19,,');
  const days = recordedDates(folder, nseCalendar, { membership });
  expect(days.find((one) => one.date === date)?.stocks).toBe(1);
  expect(days.find((one) => one.date === '2026-11-19')?.stocks).toBe(2);
});

interface Played {
  readonly filesRemarks: readonly string[];
  readonly days: readonly {
    readonly stocks: number;
    readonly leftOut: readonly { readonly tradingsymbol: string; readonly reason: string }[];
  }[];
}

test('a backtest trades the members of the day, and says once when nobody told them', async () => {
  const played = async (...more: string[]): Promise<Played> => {
    const flags = [
      '--replay',
      folder,
      '--date',
      date,
      '--random',
      '0',
      '--model',
      'none',
      '--json',
    ];
    return JSON.parse((await printed(backtestCommand, [...flags, ...more])).stdout) as Played;
  };
  const everyone = await played();
  expect(everyone.filesRemarks.filter((line) => line.includes('survivorship'))).toHaveLength(1);
  const names = ['RELIANCE', 'INFY', 'TATASTEEL', 'MARUTI', 'ITC', 'TITAN', 'VGUARD'];
  const rows = names.map((name) => `${name},2020-01-01,,,`).join('\n');
  const members = await played('--membership', listed(`${rows}\nSBIN,2020-01-01,2026-11-19,,`));
  expect(members.filesRemarks.filter((line) => line.includes('survivorship'))).toEqual([]);
  expect(members.days[0]?.leftOut).toContainEqual({
    ...{ tradingsymbol: 'SBIN', rank: null },
    reason: `it was no member of the universe on ${date}`,
  });
});
