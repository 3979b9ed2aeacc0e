// Goal: a live bar is judged with the user's strategies beside the agents; one that fails harms nobody else and is told.
// The day records which code voted, replays without a difference, and names a strategy that has changed since.
import type { Pool } from 'pg';
import { createDayActivities, type AnalysedBar } from '../../../activities/marketData';
import { storeCandles } from '../../../activities/marketData/candles';
import { storeHoles } from '../../../activities/marketData/coverage';
import { storePromise } from '../../../activities/marketData/feed';
import type { ModelClient } from '../../../activities/models';
import { dayFacts, dayRecord } from '../../../activities/reports';
import { decidedBy, defaultDecisionConfig, type Judgement } from '../../../domain/decision';
import type { TradingTerms } from '../../../domain/entry';
import { replayedDay } from '../../../infra/strategies/asked';
import { positionTiming } from '../../../domain/position';
import { riskLimitsSchema } from '../../../domain/risk';
import { nseCalendar } from '../../../domain/session/nseCalendar';
import { istInstant } from '../../../domain/session/sessionClock';
import { trailingSchema } from '../../../domain/trailing';
import { epochMs, paise, shares, type EpochMs } from '../../../domain/units';
import { loadConfig } from '../../../infra/config/config';
import { recordedVoters } from '../../../infra/strategies/open';
import { ApartVoters } from '../../../infra/strategies/apartVoters';
import { hasPostgres, useDatabase } from '../../support/database';
import { readerWith } from '../../support/readerWith';
import { buys, strategyText, StrategyFolder } from '../../support/strategies';

const account = 'paper';
const date = '2026-11-27';
const names = ['FIRST', 'SECOND'];
const at = (time: string): EpochMs => istInstant(date, time);
const terms: TradingTerms = {
  risk: riskLimitsSchema.parse({}),
  trailing: trailingSchema.parse({}),
  timing: positionTiming(1),
  barMinutes: 1,
  longProduct: 'MIS',
};

(hasPostgres ? describe : describe.skip)('strategies of the user’s in a live bar', () => {
  const folder = new StrategyFolder();
  let pool: Pool;
  useDatabase((made) => (pool = made));
  afterAll(() => folder.remove());

  async function judgedBars(voters: ApartVoters): Promise<AnalysedBar[]> {
    const config = { ...defaultDecisionConfig, barMinutes: 1 };
    const day = createDayActivities({
      voters,
      installation: 'TST',
      broker: readerWith({
        funds: () => Promise.resolve({ cash: paise(1e8), available: paise(1e8), used: paise(0) }),
      }),
      pool,
      calendar: nseCalendar,
      mode: 'paper',
      decision: decidedBy(config, ['trend', 'mine', 'bad'], voters.strategies),
      models: {} as ModelClient,
      marketClock: () => Promise.resolve({ marketAt: at('08:45'), hostAt: at('08:45'), speed: 1 }),
      screener: {
        ...loadConfig().screener,
        universe: undefined,
        surveillanceFile: undefined,
        sectorOf: () => 'Test',
      },
    });
    await day.openSession(account, date, terms);
    const bars: AnalysedBar[] = [];
    for (const time of ['09:54', '09:55', '09:56', '09:57']) {
      const barEnd = at(time);
      await storePromise(pool, { account, lastTickAt: barEnd, promised: barEnd, host: barEnd });
      bars.push(await day.analyseBar({ account, date, barEnd, stocks: names }));
    }
    return bars;
  }

  test('the bar is judged although one strategy fails, and the day replays', async () => {
    const minutes = Array.from({ length: 60 }, (_, index) => epochMs(at('09:15') + index * 60_000));
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
    await storeHoles(pool, { account, date }, new Map(names.map((name) => [name, []])));
    const mine = await folder.load(
      'mine',
      strategyText(`if (view.tradingsymbol === 'SECOND') return null; ${buys}`),
    );
    const bad = await folder.load('bad', strategyText(`throw new Error('no luck');`));
    const voters = new ApartVoters([mine, bad]);
    const bars = await judgedBars(voters);
    await voters.close();
    const why = 'bad is broken: bad/strategy.ts:4: no luck';
    expect(bars.map(({ fresh }) => fresh)).toEqual([true, true, true, true]);
    expect(bars[0]?.broken).toEqual([{ strategy: 'bad', tradingsymbol: 'FIRST', why }]);
    expect(bars[3]?.broken?.[0]?.why).toContain('it was broken on 3 bars');
    expect(
      bars[0]?.candidates.map(({ decision }) => [decision.tradingsymbol, decision.action]),
    ).toEqual([['FIRST', 'LONG']]);
    const { rows } = await pool.query<{ trail: Judgement }>(
      `select trail from analysis where account = $1 and tradingsymbol = 'FIRST' order by bar_at limit 1`,
      [account],
    );
    expect(
      rows[0]?.trail.analysis.votes.map(({ agent, action, hash }) => [agent, action, hash]),
    ).toEqual([
      ['trend', expect.any(String), undefined],
      ['mine', 'BUY', mine.use.hash],
      ['bad', 'NONE', bad.use.hash],
    ]);
    const record = await dayRecord(pool, account, date);
    const again = await recordedVoters(folder.path, voters.strategies);
    const replayed = await replayedDay(record, again);
    // No workflow asked risk about the candidates, so only the decisions are compared.
    expect([replayed.decisions, replayed.counts.decision]).toEqual([8, 0]);
    expect((await dayFacts(pool, account, date)).strategies).toEqual(voters.strategies);
    // The file is changed afterwards: its votes are taken as they were, and the hash is named.
    folder.write('mine', strategyText(`return null;`));
    const changed = await recordedVoters(folder.path, voters.strategies);
    const report = await replayedDay(record, changed);
    const differences = report.differences.filter(({ kind }) => kind === 'decision');
    expect(differences.map(({ field, stored }) => [field, stored])).toEqual([
      ['strategy mine', mine.use.hash],
    ]);
    expect(differences[0]?.replayed).toBe(changed.strategies[0]?.hash);
  });
});
