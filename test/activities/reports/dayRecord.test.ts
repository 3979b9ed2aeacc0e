// Goal: what the day stores is enough to judge it again: through Postgres and back, a recorded day replays
// without a difference. A report tells only of its own date.
import type { Pool } from 'pg';
import { storeConfig, storeWhyRows } from '../../../activities/marketData/whyRecords';
import { dayFacts, dayRecord } from '../../../activities/reports';
import { replayedDay } from '../../../infra/strategies/asked';
import { epochMs } from '../../../domain/units';
import { recordedDay } from '../../domain/parity/recorded';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../../support/database';
import { storeDay } from '../../support/storedDay';

const day = recordedDay(6);
const { account, date } = day;
const other = '2026-11-19';

(hasPostgres ? describe : describe.skip)('a day in Postgres', () => {
  let pool: Pool;
  let database: TestDatabase;
  useDatabase(async (made, opened) => {
    database = opened;
    pool = made;
    await storeDay(pool, day);
  });

  test('read back it replays without a difference', async () => {
    const report = await replayedDay(await dayRecord(pool, account, date));
    expect(report.differences).toEqual([]);
    expect(report).toMatchObject({
      bars: 6,
      decisions: day.trails.length,
      riskAnswers: day.answers.length,
      trades: day.intents.length,
    });
    expect(report.trades).toBeGreaterThan(0);
  });

  test('the configuration is stored where it changes, and only there', async () => {
    const [first] = day.configs;
    const last = day.trails.at(-1)?.barAt ?? epochMs(0);
    const config = first?.config;
    if (config === undefined) throw new Error('no configuration');
    const count = async (): Promise<number> =>
      (await pool.query('select 1 from decision_config')).rows.length;
    await storeConfig(pool, { account, barAt: last, config });
    expect(await count()).toBe(1);
    await storeConfig(pool, { account, barAt: last, config: { ...config, longThreshold: 0.2 } });
    expect(await count()).toBe(2);
    expect(
      (await replayedDay(await dayRecord(pool, account, date))).counts.decision,
    ).toBeGreaterThan(0);
    await unguarded(database, 'delete from decision_config where bar_at = $1', [last]);
  });

  test('a judgement made again replaces the one before it: its candidates are the ones traded', async () => {
    const [row] = day.trails;
    if (row === undefined) throw new Error('no judgement');
    await storeWhyRows(pool, account, [{ ...row, reason: 'again' }]);
    const { differences } = await replayedDay(await dayRecord(pool, account, date));
    expect(differences.map(({ field, stored }) => [field, stored])).toEqual([['reason', 'again']]);
    await storeWhyRows(pool, account, [row]);
  });

  test('a report counts the decisions and alerts of its own date', async () => {
    const [row] = day.trails;
    if (row === undefined) throw new Error('no judgement');
    await pool.query('insert into session (account, date, plan) values ($1, $2, $3)', [
      ...[account, other, day.plan],
    ]);
    await storeWhyRows(pool, account, [{ ...row, barAt: epochMs(row.barAt - 86_400_000) }]);
    const ids = [`day-${account}-${date}_day_started_start`, `day-${account}-${other}_day_started`];
    for (const id of [...ids, `position-${account}-R261120ABCT1_trade_opened`])
      await pool.query(
        `insert into alert (id, account, type, body, raised_host) values ($1, $2, 'x', '{}', 5)`,
        [id, account],
      );
    const facts = await dayFacts(pool, account, date);
    const counted = Object.values(facts.decisions).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe(day.trails.length);
    expect(facts.alerts.map(({ id }) => id).sort()).toEqual([
      ids[0],
      expect.stringContaining('R261120'),
    ]);
    expect((await dayFacts(pool, account, other)).alerts.map(({ id }) => id)).toEqual([ids[1]]);
  });

  test.each([
    [other, 'has no record of the limits it was traded under'],
    ['2026-11-18', 'no day 2026-11-18 of account paper has been opened'],
  ])('the day %s is refused in a sentence', async (unknown, sentence) => {
    await expect(dayRecord(pool, account, unknown)).rejects.toThrow(sentence);
  });
});
