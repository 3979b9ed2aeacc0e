// What our records say of a day in the middle of it: its caps, its entries, what is open and what was earned.
import type { Pool } from 'pg';
import type { Intent } from '../../domain/position';
import type { CappedEntry, DayRecordSoFar } from '../../domain/risk';
import { paise, type Paise } from '../../domain/units';

const entryOf = ({ quantity, entryLimit, product }: Intent): CappedEntry => ({
  quantity,
  price: entryLimit,
  product,
});

interface EntryRow {
  readonly terms: Intent;
  readonly closed: boolean;
}

type EntryId = Pick<Intent, 'account' | 'date' | 'intentId'>;

/** The day of an entry, without that entry; null where no day of its date was opened. */
export async function daySoFar(pool: Pool, of: EntryId): Promise<DayRecordSoFar | null> {
  const [caps, entries, dayPnl] = await Promise.all([
    recordedCaps(pool, of),
    otherEntries(pool, of),
    earned(pool, of),
  ]);
  if (caps === null) return null;
  const open = entries.filter(({ closed }) => !closed).map(({ terms }) => entryOf(terms));
  return { ...caps, open, entries: entries.length, dayPnl };
}

async function recordedCaps(
  pool: Pool,
  { account, date }: EntryId,
): Promise<Pick<DayRecordSoFar, 'capital' | 'dayLossMax'> | null> {
  const { rows } = await pool.query<{ capital: string | null; day_loss_max: string | null }>(
    'select capital, day_loss_max from session where account = $1 and date = $2',
    [account, date],
  );
  const { capital = null, day_loss_max: dayLossMax = null } = rows[0] ?? {};
  if (capital === null) return null;
  return {
    capital: paise(Number(capital)),
    dayLossMax: dayLossMax === null ? null : paise(Number(dayLossMax)),
  };
}

async function otherEntries(
  pool: Pool,
  { account, date, intentId }: EntryId,
): Promise<readonly EntryRow[]> {
  const { rows } = await pool.query<EntryRow>(
    `select i.terms, r.intent_id is not null as closed from intent i left join position_result r using (intent_id)
     where i.account = $1 and i.date = $2 and i.intent_id <> $3`,
    [account, date, intentId],
  );
  return rows;
}

/** After charges; what was carried in and closed today counts too. */
async function earned(pool: Pool, { account, date }: EntryId): Promise<Paise> {
  const { rows } = await pool.query<{ net: string }>(
    `select coalesce(sum(r.gross_pnl - r.charges), 0) as net from position_result r join intent i using (intent_id)
     where i.account = $1 and r.date = $2`,
    [account, date],
  );
  return paise(Number(rows[0]?.net ?? 0));
}
