// Goal: the session's times by date (closing auction since August 2026), and the mapping between the two
// clocks.
import fc from 'fast-check';
import { barStart } from '../../../domain/indicators';
import {
  dayKind,
  lastTradingDay,
  nextTradingDay,
  parseSessionDate,
  requireTradingDay,
} from '../../../domain/session/calendar';
import { istInstant, istText, sessionClock } from '../../../domain/session/sessionClock';
import {
  firstBarEnd,
  hostTime,
  marketTime,
  planSession,
} from '../../../domain/session/sessionPlan';
import { epochMs } from '../../../domain/units';

test.each([
  ['2026-11-23', 'trading'],
  ['2026-11-24', 'holiday'],
  ['2026-11-22', 'weekend'],
  ['2026-11-08', 'special-hour-only'],
  ['2026-02-01', 'trading'],
  ['2021-04-15', 'trading'],
])('calendar: %s is %s', (date, kind) => {
  expect(dayKind(date)).toBe(kind);
});

test('calendar: a year without a published list is refused, and bad dates are named', () => {
  expect(() => dayKind('2027-01-04')).toThrow('no NSE holiday list covers 2027-01-04');
  expect(() => requireTradingDay('2026-11-24')).toThrow(
    '2026-11-24 is not a trading day at NSE (holiday)',
  );
  expect(() => parseSessionDate('2026-02-30')).toThrow('date must be a calendar date');
  expect(lastTradingDay('2027-06-01')).toBe('2026-12-31');
  expect(lastTradingDay('2026-11-24')).toBe('2026-11-23');
  expect(nextTradingDay('2026-11-23')).toBe('2026-11-25');
  expect(() => nextTradingDay('2026-12-31')).toThrow('no NSE holiday list covers 2027-01-01');
});

test('session clock: stocks in the closing auction end at 15:15 since August 2026, before that nothing differed', () => {
  expect(istText(sessionClock('2026-11-23', true).continuousEnd)).toBe('2026-11-23 15:15:00');
  expect(istText(sessionClock('2026-11-23', true).brokerSquareOff)).toBe('2026-11-23 15:12:00');
  expect(istText(sessionClock('2026-11-23', false).brokerSquareOff)).toBe('2026-11-23 15:25:00');
  expect(istText(sessionClock('2021-04-15', true).continuousEnd)).toBe('2021-04-15 15:30:00');
});

test('session plan: instants keep their order and we are flat before the broker acts', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 400, noNaN: true }),
      fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
      (speed, host) => {
        const clock = { marketAt: istInstant('2026-11-23', '08:45'), hostAt: epochMs(host), speed };
        const plan = planSession('2026-11-23', clock);
        for (const group of [plan.withDerivatives, plan.withoutDerivatives]) {
          expect(plan.entryFrom).toBeLessThan(group.entryUntil);
          expect(group.entryUntil).toBeLessThan(group.squareOff);
          expect(group.squareOff).toBeLessThan(group.exchangeCutOff);
        }
        const market = epochMs(clock.marketAt + 3_600_000);
        expect(Math.abs(marketTime(clock, hostTime(clock, market)) - market)).toBeLessThanOrEqual(
          speed,
        );
      },
    ),
  );
});

test.each([
  [1, '09:30'],
  [5, '09:30'],
  [7, '09:36'],
  [10, '09:35'],
  [15, '09:30'],
  [30, '09:45'],
  [60, '10:15'],
])(
  'bars of %d minutes are counted from the open: the first to trade on ends %s',
  (minutes, end) => {
    for (const speed of [1, 187, 400]) {
      const clock = {
        ...{ marketAt: istInstant('2026-11-23', '08:45'), speed },
        hostAt: epochMs(1_764_000_000_001),
      };
      const at = firstBarEnd(planSession('2026-11-23', clock), minutes);
      expect(istText(at)).toBe(`2026-11-23 ${end}:00`);
      // The indicators' bars end there, too.
      expect(barStart(at, minutes)).toBe(at);
    }
  },
);
