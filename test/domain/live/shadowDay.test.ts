// Goal: a shadow's exchange is open from the morning of a session until the broker's own session ends, and a day
// whose books are closed is not opened again.
import { missedEnd, shadowDay } from '../../../domain/live/shadowDay';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant } from '../../../domain/session/sessionClock';

test.each([
  ['before the morning, the day before still stands', '2026-11-20', '05:59', null, '2026-11-19'],
  ['from six on, the day itself', '2026-11-20', '06:00', null, '2026-11-20'],
  ['in the session', '2026-11-20', '11:00', '2026-11-19', '2026-11-20'],
  ['in the evening', '2026-11-20', '22:00', null, '2026-11-20'],
  ['with its books closed, the next', '2026-11-20', '17:00', '2026-11-20', '2026-11-23'],
  ['on Saturday, Monday', '2026-11-21', '06:00', null, '2026-11-23'],
  ['over a holiday', '2026-11-24', '10:00', '2026-11-23', '2026-11-25'],
] as const)('%s', (_, date, time, closed, expected) => {
  const day = shadowDay(istInstant(date, time), nseCalendar, closed);
  expect(day.date).toBe(expected);
  expect(day.opensAt).toBe(istInstant(expected, '08:30'));
});

test('it ends at six the next morning', () => {
  const { endsAt } = shadowDay(istInstant('2026-11-20', '10:00'), nseCalendar, null);
  expect(endsAt).toBe(istInstant('2026-11-21', '06:00'));
});

test('past the list of holidays there is none', () => {
  expect(() => shadowDay(istInstant('2026-12-31', '18:00'), nseCalendar, '2026-12-31')).toThrow(
    'no NSE holiday list covers 2027-01-01',
  );
});

describe('the session whose end was missed', () => {
  const morning = istInstant('2026-11-23', '07:00');
  test.each([
    ['one that was begun and not closed', ['2026-11-20'], '2026-11-19', '2026-11-20'],
    ['the first one of an account', ['2026-11-20'], null, '2026-11-20'],
    ['the oldest of them', ['2026-11-20', '2026-11-19'], '2026-11-18', '2026-11-19'],
    ['none whose books are closed', ['2026-11-19', '2026-11-20'], '2026-11-20', null],
    ['none that is not over', ['2026-11-23'], '2026-11-20', null],
    ['none where none was begun', [], '2026-11-20', null],
  ] as const)('is %s', (_, begun, closed, expected) => {
    expect(missedEnd(morning, begun, closed)).toBe(expected);
  });

  test('is over at six the next morning, and not before', () => {
    const begun = ['2026-11-20'];
    expect(missedEnd(istInstant('2026-11-21', '05:59'), begun, null)).toBeNull();
    expect(missedEnd(istInstant('2026-11-21', '06:00'), begun, null)).toBe('2026-11-20');
  });
});
