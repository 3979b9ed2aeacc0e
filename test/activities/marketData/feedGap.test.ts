// Goal: a stock with a hole in the day's candles is SKIP for the feed's gap and makes no candidate; the others are
// judged, and it is judged again once the hole is filled.
import type { Pool } from 'pg';
import { createDayActivities, type DayActivities } from '../../../activities/marketData';
import { storeCandles } from '../../../activities/marketData/candles';
import { storeHoles } from '../../../activities/marketData/coverage';
import { storePromise } from '../../../activities/marketData/feed';
import type { ModelClient } from '../../../activities/models';
import { dayRecord } from '../../../activities/reports';
import { defaultDecisionConfig } from '../../../domain/decision';
import type { TradingTerms } from '../../../domain/entry';
import type { Holes } from '../../../domain/market/feedCoverage';
import { replayedDay } from '../../../infra/strategies/asked';
import { positionTiming } from '../../../domain/position';
import { riskLimitsSchema } from '../../../domain/risk';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant } from '../../../domain/session/sessionClock';
import { trailingSchema } from '../../../domain/trailing';
import { epochMs, paise, shares, type EpochMs } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';
import { hasPostgres, useDatabase } from '../../support/database';
import { readerWith } from '../../support/readerWith';
import { noVoters } from '../../../domain/strategy';

const account = 'paper';
const date = '2026-11-27';
const names = ['HOLED', 'WHOLE', 'UNHEARD'];
const at = (time: string): EpochMs => istInstant(date, time);
const decision = { ...defaultDecisionConfig, barMinutes: 1 };
const terms: TradingTerms = {
  risk: riskLimitsSchema.parse({}),
  trailing: trailingSchema.parse({}),
  timing: positionTiming(1),
  barMinutes: 1,
  longProduct: 'MIS',
};

(hasPostgres ? describe : describe.skip)('a gap of the feed', () => {
  let pool: Pool;
  let day: DayActivities;
  useDatabase((made) => {
    pool = made;
    day = createDayActivities({
      voters: noVoters,
      installation: 'TST',
      broker: readerWith({
        funds: () => Promise.resolve({ cash: paise(1e8), available: paise(1e8), used: paise(0) }),
      }),
      pool,
      calendar: nseCalendar,
      mode: 'paper',
      decision,
      models: {} as ModelClient,
      marketClock: () => Promise.resolve({ marketAt: at('08:45'), hostAt: at('08:45'), speed: 1 }),
      screener: {
        ...loadConfig().screener,
        universe: undefined,
        surveillanceFile: undefined,
        sectorOf: () => 'Test',
      },
    });
  });

  /** What the day says of each stock on the bar that ends then. */
  async function judged(time: string): Promise<Record<string, string>> {
    const barEnd = at(time);
    await storePromise(pool, { account, lastTickAt: barEnd, promised: barEnd, host: barEnd });
    const bar = await day.analyseBar({ account, date, barEnd, stocks: names });
    expect(bar.fresh).toBe(true);
    const { rows } = await pool.query<{ tradingsymbol: string; reason: string }>(
      'select tradingsymbol, reason from analysis where account = $1 and bar_at = $2',
      [account, barEnd - 60_000],
    );
    const stocks = bar.candidates.map((one) => one.decision.tradingsymbol);
    expect(
      stocks.every(
        (name) =>
          !rows.some(
            (row) => row.tradingsymbol === name && row.reason.startsWith('SKIP: feed gap'),
          ),
      ),
    ).toBe(true);
    return Object.fromEntries(rows.map(({ tradingsymbol, reason }) => [tradingsymbol, reason]));
  }
  const holes = (...given: Holes): Promise<void> =>
    storeHoles(
      pool,
      { account, date },
      new Map([
        ['HOLED', given],
        ['WHOLE', []],
      ]),
    );

  test('is the reason of the stock it concerns, until it is filled', async () => {
    await day.openSession(account, date, terms);
    const minutes = Array.from({ length: 90 }, (_, index) => epochMs(at('09:15') + index * 60_000));
    await storeCandles(
      pool,
      names.flatMap((tradingsymbol) =>
        minutes.map((minute, index) => {
          const [open, close] = [paise(100_000 + index * 40), paise(100_030 + index * 40)];
          const candle = { at: minute, open, close, high: close, low: open, volume: shares(5_000) };
          return { tradingsymbol, candle };
        }),
      ),
    );
    await holes({ from: at('09:51'), until: at('09:53') });
    const during = await judged('09:54');
    expect(during['HOLED']).toBe(
      'SKIP: feed gap: HOLED: its minutes from 09:51 to 09:53 are missing',
    );
    expect(during['UNHEARD']).toBe('SKIP: feed gap: UNHEARD: the feed has not taken it up yet');
    expect(during['WHOLE']).not.toContain('feed gap');
    await holes();
    expect((await judged('09:55'))['HOLED']).not.toContain('feed gap');
    // Parity: the gap was an input of the day.
    const report = await replayedDay(await dayRecord(pool, account, date));
    expect([report.decisions, report.differences]).toEqual([6, []]);
  });
});
