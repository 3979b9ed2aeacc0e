// Goal: the session's times by date (closing auction since August 2026), and the mapping between the two
// clocks.
import fc from 'fast-check';
import { barStart } from '../../../domain/indicators';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import {
  istInstant,
  istText,
  sessionClock as clockOf,
  type SessionClock,
} from '../../../domain/session/sessionClock';
import {
  entryBars,
  hostTime,
  marketTime,
  pausesOf,
  planSession,
  sessionsOf,
  settlesOn,
} from '../../../domain/session/sessionPlan';
import { epochMs } from '../../../domain/units';

const sessionClock = (date: string, hasDerivatives: boolean): SessionClock =>
  clockOf({ date, hours: null }, hasDerivatives);

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
        const plan = planSession('2026-11-23', clock, nseCalendar);
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
        marketAt: istInstant('2026-11-23', '08:45'),
        speed,
        hostAt: epochMs(1_764_000_000_001),
      };
      const [at = clock.marketAt] = entryBars(
        planSession('2026-11-23', clock, nseCalendar),
        minutes,
      );
      expect(istText(at)).toBe(`2026-11-23 ${end}:00`);
      // The indicators' bars end there, too.
      expect(barStart(at, minutes)).toBe(at);
    }
  },
);

const timeOf = (at: number): string => istText(epochMs(at)).slice(11, 16);

describe.each([1, 187])('a day of two sessions, at speed %d', (speed) => {
  const marketAt = istInstant('2024-03-02', '08:45');
  const clock = { marketAt, hostAt: epochMs(1_764_000_000_001), speed };
  const plan = planSession('2024-03-02', clock, nseCalendar);
  const market = (host: number): string => {
    const at = marketTime(clock, epochMs(host));
    return timeOf(Math.round(at / 1_000) * 1_000);
  };

  test('is planned with its pause, and flat before the last one ends', () => {
    expect(pausesOf(plan).map(({ from, until }) => [market(from), market(until)])).toEqual([
      ['10:00', '11:30'],
    ]);
    expect(market(plan.open)).toBe('09:15');
    expect(market(plan.withDerivatives.squareOff)).toBe('12:10');
    expect(plan.withDerivatives).toEqual(plan.withoutDerivatives);
    expect(market(plan.withDerivatives.exchangeCutOff)).toBe('12:20');
    expect(market(plan.close)).toBe('12:30');
  });

  test('has entries in both sessions, none shortly before the pause or after the opening', () => {
    expect(entryBars(plan, 5).map(timeOf)).toEqual([
      ...['09:30', '09:35', '09:40', '09:45', '09:50', '09:55'],
      ...['11:45', '11:50'],
    ]);
  });
});

test('a day recorded without its sessions had the usual one, and settles by the shipped list', () => {
  const hostAt = istInstant('2026-11-23', '09:00');
  const {
    sessions,
    settlesOn: settles,
    ...older
  } = planSession('2026-11-23', { marketAt: hostAt, hostAt, speed: 1 }, nseCalendar);
  expect(sessionsOf(older).map(({ from, until }) => [from, until])).toEqual(
    (sessions ?? []).map(({ from, until }) => [from, until]),
  );
  expect(entryBars(older, 5)).toEqual(entryBars({ ...older, ...(sessions && { sessions }) }, 5));
  expect(pausesOf(older)).toEqual([]);
  expect([settles, settlesOn(older)]).toEqual(['2026-11-25', '2026-11-25']);
});
