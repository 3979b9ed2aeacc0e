// The why-record of every stock and bar, and risk's questions and answers, in Postgres.
import type { Pool } from 'pg';
import type { DecisionConfig, WhyRow } from '../../domain/decision';
import type { RiskAnswer } from '../../domain/entry';
import type { EpochMs } from '../../domain/units';

/** Stores the configuration a bar is judged by, where it differs from the one before. */
export async function storeConfig(
  pool: Pool,
  {
    account,
    barAt,
    config,
  }: { readonly account: string; readonly barAt: EpochMs; readonly config: DecisionConfig },
): Promise<void> {
  await pool.query(
    `insert into decision_config (account, bar_at, config) select $1, $2, $3::jsonb
     where $3::jsonb is distinct from
       (select config from decision_config where account = $1 and bar_at <= $2 order by bar_at desc limit 1)
     on conflict (account, bar_at) do update set config = excluded.config`,
    [account, barAt, config],
  );
}

/** The later row replaces that of a failed attempt, since the day goes on with the later answer. */
export async function storeWhyRows(
  pool: Pool,
  account: string,
  rows: readonly WhyRow[],
): Promise<void> {
  await pool.query(
    `insert into analysis (account, tradingsymbol, bar_at, action, reason, trail)
     select $1, * from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[]) 
     on conflict (account, tradingsymbol, bar_at) do update set action = excluded.action, reason = excluded.reason, trail = excluded.trail`,
    [
      account,
      rows.map((row) => row.tradingsymbol),
      rows.map((row) => row.barAt),
      rows.map((row) => row.action),
      rows.map((row) => row.reason),
      rows.map((row) => JSON.stringify(row.trail)),
    ],
  );
}

/** Stores risk's questions and answers about a bar's candidates. */
export async function storeRiskAnswers(
  pool: Pool,
  account: string,
  answers: readonly RiskAnswer[],
): Promise<void> {
  for (const { tradingsymbol, barAt, place, code, reason, numbers, asked } of answers) {
    await pool.query(
      `insert into risk_answer (account, tradingsymbol, bar_at, place, code, reason, numbers, asked)
       values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
      [account, tradingsymbol, barAt, place, code, reason, numbers, asked],
    );
  }
}
