// The why-trail of every stock and bar. A stock that could not be judged has a
// row too, so that a missing decision is never a mystery.
import type { Pool } from 'pg';
import type { Decision, StockAnalysis } from '../../domain/decision';
import type { Refused } from '../../domain/errors';
import type { SentimentView } from '../../domain/sentiment/view';
import type { EpochMs } from '../../domain/units';

/** The signal-quality model's answers for both sides, and the version that gave them. */
export interface ModelAnswer {
  readonly probabilityLong: number | null;
  readonly probabilityShort: number | null;
  readonly version: string | null;
}

/** One stock's judgement on one bar, as stored. */
export interface Trail {
  readonly analysis: Omit<StockAnalysis, 'recent'> & { readonly recent?: undefined };
  readonly sentiment: SentimentView;
  readonly model: ModelAnswer;
  readonly decision: Decision;
}

interface TrailRow {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly action: string;
  readonly reason: string;
  readonly trail: Trail | { readonly refused: { readonly code: string } };
}

/** The bars looked back on are rows of their own; the trail keeps what was concluded from them. */
export function judgedTrail({
  analysis,
  sentiment,
  model,
  decision,
}: Omit<Trail, 'analysis'> & { readonly analysis: StockAnalysis }): TrailRow {
  const { tradingsymbol, barAt, action, reason } = decision;
  return {
    ...{ tradingsymbol, barAt, action, reason },
    trail: { analysis: { ...analysis, recent: undefined }, sentiment, model, decision },
  };
}

/** A stock without a judgement, with why. */
export const unjudgedTrail = (
  tradingsymbol: string,
  barAt: EpochMs,
  { code, message }: Refused,
): TrailRow => ({
  ...{ tradingsymbol, barAt, action: 'SKIP', reason: `SKIP: ${message}` },
  trail: { refused: { code } },
});

export async function storeTrails(
  pool: Pool,
  account: string,
  rows: readonly TrailRow[],
): Promise<void> {
  await pool.query(
    `insert into analysis (account, tradingsymbol, bar_at, action, reason, trail)
     select $1, * from unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::jsonb[]) on conflict do nothing`,
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
