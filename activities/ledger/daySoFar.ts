// What our records say of a day in the middle of it: its caps, its entries, what is open and what was earned.
import type { Pool } from 'pg';
import type { Intent } from '../../domain/position';
import type { CappedEntry, DayRecordSoFar } from '../../domain/risk';
import { paise } from '../../domain/units';

export const entryOf = ({ quantity, entryLimit, product }: Intent): CappedEntry => ({
  quantity,
  price: entryLimit,
  product,
});

interface EntryRow {
  readonly terms: Intent;
  readonly closed: boolean;
}

/** The day of an intent, without that intent; null where no day of its date was opened. */
export async function daySoFar(
  pool: Pool,
  { account, date, intentId }: Intent,
): Promise<DayRecordSoFar | null> {
  const { rows: sessions } = await pool.query<{
    capital: string | null;
    day_loss_max: string | null;
  }>('select capital, day_loss_max from session where account = $1 and date = $2', [account, date]);
  const [session] = sessions;
  if (session === undefined || session.capital === null) return null;
  const { rows } = await pool.query<EntryRow>(
    `select i.terms, r.intent_id is not null as closed from intent i left join position_result r using (intent_id)
     where i.account = $1 and i.date = $2 and i.intent_id <> $3`,
    [account, date, intentId],
  );
  // What was carried in and closed today counts too.
  const { rows: earned } = await pool.query<{ net: string }>(
    `select coalesce(sum(r.gross_pnl - r.charges), 0) as net from position_result r join intent i using (intent_id)
     where i.account = $1 and r.date = $2`,
    [account, date],
  );
  return {
    capital: paise(Number(session.capital)),
    dayLossMax: session.day_loss_max === null ? null : paise(Number(session.day_loss_max)),
    open: rows.filter(({ closed }) => !closed).map(({ terms }) => entryOf(terms)),
    entries: rows.length,
    dayPnl: paise(Number(earned[0]?.net ?? 0)),
  };
}
