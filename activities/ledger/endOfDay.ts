// How the end of a day compared with the broker, kept for its report.
import type { Pool } from 'pg';
import type { EndOfDay } from '../../domain/endOfDay';

export async function storeEndOfDay(
  pool: Pool,
  { account, date }: { readonly account: string; readonly date: string },
  compared: EndOfDay,
): Promise<void> {
  await pool.query(
    `insert into end_of_day (account, date, compared) values ($1, $2, $3)
     on conflict (account, date) do update set compared = excluded.compared`,
    [account, date, compared],
  );
}

/** null of a day that has executed nothing, or that was not compared. */
export async function readEndOfDay(
  pool: Pool,
  account: string,
  date: string,
): Promise<EndOfDay | null> {
  const { rows } = await pool.query<{ compared: EndOfDay }>(
    'select compared from end_of_day where account = $1 and date = $2',
    [account, date],
  );
  return rows[0]?.compared ?? null;
}
