// Goal: pre-flight opens a session by the calendar the worker was given: its own hours, a year the shipped list
// does not have, and a word about a list that ends soon. The broker is a stand-in that knows its margins.
import type { Pool } from 'pg';
import { createDayActivities, type DayActivities } from '../../../activities/marketData';
import type { ModelClient } from '../../../activities/models';
import { defaultDecisionConfig } from '../../../domain/decision';
import type { TradingTerms } from '../../../domain/entry';
import { positionTiming } from '../../../domain/position';
import { riskLimitsSchema } from '../../../domain/risk';
import type { TradingCalendar } from '../../../domain/session/calendar';
import { calendarFrom } from '../../../domain/session/calendarList';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant, istTime } from '../../../domain/session/sessionClock';
import { trailingSchema } from '../../../domain/trailing';
import { loadConfig } from '../../../infra/config/config';
import { paise } from '../../../domain/units';
import { readerWith } from '../../support/readerWith';
import { hasPostgres, useDatabase } from '../../support/database';
import { noVoters } from '../../../domain/strategy';

const terms: TradingTerms = {
  risk: riskLimitsSchema.parse({}),
  trailing: trailingSchema.parse({}),
  timing: positionTiming(1),
  barMinutes: 5,
  longProduct: 'MIS',
};
const broker = readerWith({
  funds: () => Promise.resolve({ cash: paise(100_000), available: paise(100_000), used: paise(0) }),
});

(hasPostgres ? describe : describe.skip)('pre-flight', () => {
  let pool: Pool;
  useDatabase((made) => {
    pool = made;
  });

  const dayWith = (calendar: TradingCalendar, date: string): DayActivities => {
    const at = istInstant(date, '08:45');
    return createDayActivities({
      voters: noVoters,
      installation: 'TST',
      broker,
      pool,
      calendar,
      mode: 'shadow',
      decision: defaultDecisionConfig,
      models: {} as ModelClient,
      marketClock: () => Promise.resolve({ marketAt: at, hostAt: at, speed: 1 }),
      screener: {
        ...loadConfig().screener,
        universe: undefined,
        surveillanceFile: undefined,
        sectorOf: () => 'Test',
      },
    });
  };
  const open = (
    calendar: TradingCalendar,
    date: string,
  ): ReturnType<DayActivities['openSession']> =>
    dayWith(calendar, date).openSession('paper', date, terms);

  test('plans the hours of the calendar and keeps them with the day', async () => {
    const { plan, calendarEnds } = await open(nseCalendar, '2024-03-02');
    const spans = plan.sessions?.map(({ from, until }) => `${istTime(from)} ${istTime(until)}`);
    expect(spans).toEqual(['09:15:00 10:00:00', '11:30:00 12:30:00']);
    expect([plan.settlesOn, calendarEnds]).toEqual(['2024-03-04', null]);
    const { rows } = await pool.query<{ plan: unknown }>('select plan from session');
    expect(rows[0]?.plan).toEqual(plan);
  });

  test('trades a year whose list was given, and refuses it without', async () => {
    const listed = calendarFrom('calendar', { years: [2027] }, nseCalendar);
    expect((await open(listed, '2027-01-04')).plan.date).toBe('2027-01-04');
    await expect(open(nseCalendar, '2027-01-04')).rejects.toThrow('"calendar": {"years": [2027]');
    const closed = calendarFrom('calendar', { holidays: ['2026-11-27'] }, nseCalendar);
    await expect(open(closed, '2026-11-27')).rejects.toThrow('not a trading day at NSE (holiday)');
    expect(await dayWith(closed, '2026-11-27').dayKind('2026-11-27')).toBe('holiday');
  });

  test('says when the list ends within 30 days', async () => {
    expect((await open(nseCalendar, '2026-12-02')).calendarEnds).toBe('2026-12-31');
    expect((await open(nseCalendar, '2026-11-27')).calendarEnds).toBeNull();
  });
});
