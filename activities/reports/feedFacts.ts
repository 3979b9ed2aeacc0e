// What the feed did on the day: ticks that did not count, minutes still missing, and how the candles made from
// ticks compare with the broker's.
import type { Pool } from 'pg';
import type { CandleDifference } from '../../domain/market/candleComparison';
import type { AccountDay } from '../marketData/coverage';

export interface FeedFacts {
  /** By why they did not count. */
  readonly tickFaults: Readonly<Record<string, number>>;
  /** Stocks with minutes the broker's history has not filled. */
  readonly withHoles: readonly string[];
  readonly comparedStocks: number;
  readonly comparedMinutes: number;
  readonly differences: readonly (CandleDifference & { readonly tradingsymbol: string })[];
}

interface ComparisonRow {
  readonly tradingsymbol: string;
  readonly minutes: number;
  readonly differences: readonly CandleDifference[];
}

export async function feedFacts(pool: Pool, { account, date }: AccountDay): Promise<FeedFacts> {
  const faults = await pool.query<{ fault: string; ticks: string }>(
    'select fault, ticks from tick_fault where account = $1 and date = $2 order by fault',
    [account, date],
  );
  const holes = await pool.query<{ tradingsymbol: string }>(
    `select tradingsymbol from candle_coverage where account = $1 and date = $2 and holes <> '[]' order by tradingsymbol`,
    [account, date],
  );
  const { rows } = await pool.query<ComparisonRow>(
    `select tradingsymbol, minutes, differences from candle_comparison
     where account = $1 and date = $2 order by tradingsymbol`,
    [account, date],
  );
  return {
    tickFaults: Object.fromEntries(faults.rows.map(({ fault, ticks }) => [fault, Number(ticks)])),
    withHoles: holes.rows.map(({ tradingsymbol }) => tradingsymbol),
    comparedStocks: rows.length,
    comparedMinutes: rows.reduce((sum, { minutes }) => sum + minutes, 0),
    differences: rows.flatMap(({ tradingsymbol, differences }) =>
      differences.map((one) => ({ ...one, tradingsymbol })),
    ),
  };
}
