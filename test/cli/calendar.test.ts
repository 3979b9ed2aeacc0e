// Goal: the schedule that starts days follows the configured calendar, the command shows it, and a
// configuration whose calendar cannot be used is refused.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listedDays } from '../../cli/commands/calendar';
import { scheduleSpec } from '../../cli/scheduleSpec';
import type { TradingCalendar } from '../../domain/session/calendar';
import { nseCalendar } from '../../domain/session/nseCalendar';
import { readCalendar } from '../../infra/config/sections/calendar';
import { loadConfig } from '../../infra/config/config';

const folder = mkdtempSync(join(tmpdir(), 'ratchet-calendar-'));

function fileOf(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

const configured = (calendar: object): TradingCalendar =>
  readCalendar(loadConfig(fileOf('config.json', { calendar })).calendar);

const onDate = (year: number, month: string, dayOfMonth: number): object =>
  expect.objectContaining({ year, month, dayOfMonth }) as object;

describe('the schedule', () => {
  test('skips a holiday two days ahead that only the configuration knows', () => {
    const today = '2026-11-25';
    const skipped = onDate(2026, 'NOVEMBER', 27);
    expect(scheduleSpec(nseCalendar, today).skip).not.toContainEqual(skipped);
    const { skip } = scheduleSpec(configured({ holidays: ['2026-11-27'] }), today);
    expect(skip).toContainEqual(skipped);
    expect(skip).toContainEqual(
      expect.objectContaining({ dayOfMonth: 27, hour: '*', minute: '*', second: '*' }),
    );
  });

  test('starts on a weekend session and a holiday that trades after all, to the end of the list', () => {
    const calendar = configured({
      years: [2027],
      sessions: [{ date: '2027-01-30', hours: ['09:15-12:30'] }, { date: '2026-11-24' }],
    });
    const { calendars, skip, endAt } = scheduleSpec(calendar, '2026-11-20');
    expect(calendars).toContainEqual(onDate(2027, 'JANUARY', 30));
    expect(skip).not.toContainEqual(onDate(2026, 'NOVEMBER', 24));
    expect(endAt).toEqual(new Date('2027-12-31T18:00:00Z'));
    expect(scheduleSpec(nseCalendar, '2026-11-20').endAt).toEqual(new Date('2026-12-31T18:00:00Z'));
    expect(scheduleSpec(nseCalendar, '2027-01-04').endAt).toEqual(new Date('2026-12-31T18:00:00Z'));
  });
});

test('a file and what stands beside it are one calendar, where the latter wins', () => {
  const file = fileOf('nse-2027.json', { years: [2027], holidays: ['2027-01-26', '2027-03-05'] });
  const calendar = configured({ file, sessions: [{ date: '2027-03-05', hours: ['18:00-19:00'] }] });
  expect(listedDays('2027-01-25', 3, calendar)).toMatchObject([
    { date: '2027-01-25', kind: 'trading', hours: ['09:15-15:30'], auctionStocks: ['09:15-15:15'] },
    { date: '2027-01-26', kind: 'holiday', hours: [] },
    { date: '2027-01-27', kind: 'trading' },
  ]);
  expect(listedDays('2027-03-05', 1, calendar)).toMatchObject([{ hours: ['18:00-19:00'] }]);
});

test('the days shown end with the list', () => {
  const last = listedDays('2026-12-25', 30, nseCalendar).map(({ date }) => date);
  expect(last).toEqual(['2026-12-25', '2026-12-28', '2026-12-29', '2026-12-30', '2026-12-31']);
});

test.each<[object, RegExp]>([
  [
    { holidays: ['2026-02-30'] },
    /calendar\.holidays\.0 must be a calendar date .*, was "2026-02-30"/,
  ],
  [{ holidays: ['2027-01-26'] }, /calendar: holidays\.0 must be in a year of the list/],
  [{ file: join(folder, 'none.json') }, /calendar\.file .*none\.json cannot be read/],
  [{ file: fileOf('text.json', 'holidays') }, /calendar\.file .*text\.json is not valid JSON/],
  [{ file: fileOf('bad.json', { year: [2027] }) }, /calendar\.file .*bad\.json: .*"year"/],
])('a configuration with calendar %j is refused', (calendar, sentence) => {
  expect(() => configured(calendar)).toThrow(sentence);
});
