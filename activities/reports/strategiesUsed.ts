// The user's own strategies that voted on a day: name, code and values, as the day recorded them.
import type { Pool } from 'pg';
import { istInstant } from '../../domain/session/sessionClock';
import type { StrategyInUse } from '../../domain/strategy';

/** Each code and value once, in the order they came. */
export async function strategiesUsed(
  pool: Pool,
  account: string,
  date: string,
): Promise<readonly StrategyInUse[]> {
  const [from, until] = [istInstant(date, '00:00'), istInstant(date, '23:59')];
  const { rows } = await pool.query<{ strategies: readonly StrategyInUse[] | null }>(
    `select config->'strategies' as strategies from decision_config
     where account = $1 and bar_at < $3 and bar_at >= coalesce(
       (select max(bar_at) from decision_config where account = $1 and bar_at < $2), $2) order by bar_at`,
    [account, from, until],
  );
  const used = new Map<string, StrategyInUse>();
  for (const { strategies } of rows)
    for (const one of strategies ?? [])
      used.set(JSON.stringify([one.name, one.hash, one.values]), one);
  return [...used.values()];
}
