// A recorded day written to a database as the trading day writes it.
import type { Pool } from 'pg';
import { createLedgerActivities } from '../../activities/ledger';
import { storeCandles } from '../../activities/marketData/candles';
import { storeScreening } from '../../activities/marketData/screener';
import {
  storeConfig,
  storeRiskAnswers,
  storeWhyRows,
} from '../../activities/marketData/whyRecords';
import type { ScreenRow } from '../../domain/market/screen';
import type { DayRecord } from '../../domain/parity';
import { paise } from '../../domain/units';

export async function storeDay(pool: Pool, day: DayRecord): Promise<void> {
  const { account, date } = day;
  await pool.query('insert into session (account, date, plan, terms) values ($1, $2, $3, $4)', [
    ...[account, date, day.plan, day.terms],
  ]);
  const rows = day.stocks.map((stock, index): ScreenRow => ({
    stock,
    rank: index + 1,
    watched: true,
    reason: 'rank',
    figures: {
      lastPrice: paise(1),
      bandDistanceBps: 1,
      turnover: null,
      spreadBps: null,
      atrPct: null,
    },
  }));
  await storeScreening(pool, day, rows);
  for (const [tradingsymbol, candles] of day.candles)
    await storeCandles(
      pool,
      candles.map((candle) => ({ tradingsymbol, candle })),
    );
  for (const { barAt, config } of day.configs) await storeConfig(pool, { account, barAt, config });
  await storeWhyRows(pool, account, day.trails);
  await storeRiskAnswers(pool, account, day.answers);
  const ledger = createLedgerActivities(pool, () => Promise.resolve());
  for (const intent of [...day.carriedIn, ...day.intents]) await ledger.recordIntent(intent);
  for (const [intentId, net] of day.netPnl)
    await pool.query(
      `insert into position_result (intent_id, view, gross_pnl, charges, closed_host, date) values ($1, '{}', $2, 100, 1, $3)`,
      [intentId, net + 100, date],
    );
}
