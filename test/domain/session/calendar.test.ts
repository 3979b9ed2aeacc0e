// Goal: which dates trade, at which hours, and how a list given from outside changes that; what such a list
// has wrong is refused in one sentence with the key, the value and what is allowed.
import {
  dayKind,
  dayOf,
  lastTradingDay,
  listEnd,
  listEndingSoon,
  nextTradingDay,
  parseSessionDate,
  requireTradingDay,
  sessionsBefore,
} from '../../../domain/session/calendar';
import { calendarFrom } from '../../../domain/session/calendarList';
import { nseCalendar } from '../../../domain/session/nseCalendar';

test.each([
  ['2026-11-23', 'trading'],
  ['2026-11-24', 'holiday'],
  ['2026-11-22', 'weekend'],
  ['2026-11-08', 'special hour of unknown time'],
  ['2026-02-01', 'trading'],
  ['2021-04-15', 'trading'],
])('%s is %s in the shipped list', (date, kind) => {
  expect(dayKind(date, nseCalendar)).toBe(kind);
});

test('a year without a list is refused with what to write, and bad dates are named', () => {
  expect(() => dayKind('2027-01-04', nseCalendar)).toThrow(
    `no NSE holiday list covers 2027-01-04: give the exchange's list in the configuration, as "calendar": {"years": [2027]`,
  );
  expect(() => requireTradingDay('2026-11-24', nseCalendar)).toThrow(
    '2026-11-24 is not a trading day at NSE (holiday)',
  );
  expect(() => parseSessionDate('2026-02-30')).toThrow('date must be a calendar date');
  expect(lastTradingDay('2027-06-01', nseCalendar)).toBe('2026-12-31');
  expect(lastTradingDay('2026-11-24', nseCalendar)).toBe('2026-11-23');
  expect(nextTradingDay('2026-11-23', nseCalendar)).toBe('2026-11-25');
  expect(() => nextTradingDay('2026-12-31', nseCalendar)).toThrow('covers 2027-01-01');
});

test('two Saturdays of 2024 had two short sessions each; other special days the usual hours', () => {
  expect(dayOf('2024-03-02', nseCalendar).hours).toEqual(['09:15-10:00', '11:30-12:30']);
  expect(dayOf('2024-05-18', nseCalendar).hours).toEqual(['09:15-10:00', '11:45-12:40']);
  expect(requireTradingDay('2026-02-01', nseCalendar)).toEqual({ date: '2026-02-01', hours: null });
});

const changed = (list: object): ReturnType<typeof calendarFrom> =>
  calendarFrom('calendar', list, nseCalendar);

describe('a list from outside', () => {
  const next = changed({
    years: [2027],
    holidays: ['2027-01-26', '2026-11-26'],
    sessions: [
      { date: '2026-11-24' },
      { date: '2026-11-08', hours: ['18:00-19:00'] },
      { date: '2026-12-24', hours: ['09:15-12:30'] },
    ],
  });

  test('opens a year, adds and removes holidays, gives hours', () => {
    expect(dayKind('2027-01-04', next)).toBe('trading');
    expect(dayKind('2027-01-26', next)).toBe('holiday');
    expect(dayKind('2026-11-26', next)).toBe('holiday');
    expect(requireTradingDay('2026-11-24', next).hours).toBeNull();
    expect(requireTradingDay('2026-11-08', next).hours).toEqual(['18:00-19:00']);
    expect(requireTradingDay('2026-12-24', next).hours).toEqual(['09:15-12:30']);
    expect(sessionsBefore('2026-11-27', 3, next)).toEqual([
      ...['2026-11-23', '2026-11-24', '2026-11-25'],
    ]);
    expect(nextTradingDay('2026-12-31', next)).toBe('2027-01-01');
  });

  test('changes what an earlier one said of the same date, and may be applied twice', () => {
    const { years, holidays, sessions } = next;
    expect(calendarFrom('calendar', { years, holidays, sessions }, nseCalendar)).toEqual(next);
    const moved = calendarFrom('calendar', { holidays: ['2026-12-24'] }, next);
    expect(dayKind('2026-12-24', moved)).toBe('holiday');
  });

  test('leaves the shipped list as it was', () => {
    expect(dayKind('2026-11-24', nseCalendar)).toBe('holiday');
    expect(changed({})).toEqual({ ...nseCalendar, holidays: nseCalendar.holidays.toSorted() });
  });

  test.each<[object, string]>([
    [
      { holidays: ['2026-02-30'] },
      'holidays.0 must be a calendar date like 2027-01-26, was "2026-02-30"',
    ],
    [
      { holidays: ['26-01-2026'] },
      'holidays.0 must be a calendar date like 2027-01-26, was "26-01-2026"',
    ],
    [
      { holidays: ['2027-01-26'] },
      'holidays.0 must be in a year of the list, was 2027-01-26: add 2027 to years',
    ],
    [
      { holidays: ['2026-05-04', '2026-05-04'] },
      'holidays.1 must name a date once, was 2026-05-04 again',
    ],
    [
      { holidays: ['2026-05-04'], sessions: [{ date: '2026-05-04' }] },
      'sessions.0.date must name a date once, was 2026-05-04 again',
    ],
    [{ sessions: [{ date: '2026-13-01' }] }, 'sessions.0.date must be a calendar date'],
    [
      { sessions: [{ date: '2026-05-04', hours: ['09:15-10:30', '10:00-12:30'] }] },
      'sessions.0.hours.1 must begin after 10:30, when the session before it ends, was 10:00-12:30',
    ],
    [
      { sessions: [{ date: '2026-05-04', hours: ['11:30-12:30', '09:15-10:00'] }] },
      'sessions.0.hours.1 must begin after 12:30',
    ],
    [
      { sessions: [{ date: '2026-05-04', hours: ['23:00-24:30'] }] },
      'sessions.0.hours.0 must lie between 09:00 and 23:30, was 23:00-24:30',
    ],
    [
      { sessions: [{ date: '2026-05-04', hours: ['9:15-12:30'] }] },
      'sessions.0.hours.0 must be hours like 09:15-12:30, was "9:15-12:30"',
    ],
    [
      { sessions: [{ date: '2026-05-04', hours: ['12:30-12:40'] }] },
      'sessions.0.hours.0 must open at least 30 minutes before closing, was 12:30-12:40',
    ],
    [{ sessions: [{ date: '2026-05-04', hours: [] }] }, 'sessions.0.hours'],
    [{ years: ['2027'] }, 'years.0'],
    [{ holiday: [] }, 'Unrecognized key: "holiday"'],
  ])('%j is refused', (list, sentence) => {
    expect(() => changed(list)).toThrow(sentence);
  });
});

test('a list that ends within 30 days of the session is told, one that goes on is not', () => {
  expect(listEndingSoon('2026-11-30', nseCalendar)).toBeNull();
  expect(listEndingSoon('2026-12-01', nseCalendar)).toBe('2026-12-31');
  expect(listEndingSoon('2026-12-31', changed({ years: [2027] }))).toBeNull();
  expect(listEnd('2026-12-01', changed({ years: [2028] }))).toBe('2026-12-31');
  expect(listEnd('2027-06-01', nseCalendar)).toBe('2026-12-31');
});
