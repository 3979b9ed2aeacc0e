// The inputs of the portfolio: every intent of the day with its trades and the stock's last price, and the
// ledger's balances, which the portfolio must equal.
import type { Pool } from 'pg';
import type { Intent } from '../../domain/position';
import type { TradedPosition } from '../../domain/portfolio';
import { settlesOn, type SessionPlan } from '../../domain/session/sessionPlan';
import { paise, type Paise } from '../../domain/units';
import { fillOf, type FillRow } from './fillRows';
import { heldInSession } from './heldInSession';

interface Row extends FillRow {
  readonly terms: Intent;
  readonly ltp: string | null;
  readonly settled: boolean;
  /** Of the session it was entered in; null where that was not opened by us. */
  readonly plan: SessionPlan | null;
}

/** Positions in the order of their intents, without those that never traded. */
export async function tradedPositions(
  pool: Pool,
  account: string,
  date: string,
): Promise<readonly TradedPosition[]> {
  const { rows } = await pool.query<Row>(
    `select i.terms, l.ltp, s.plan, f.*, r.intent_id is not null
         or exists (select 1 from carried c where c.intent_id = i.intent_id and c.date = $2) as settled
     from intent i join fill f using (intent_id) left join last_price l using (tradingsymbol)
       left join position_result r using (intent_id)
       left join session s on s.account = i.account and s.date = (i.terms->>'date')::date
     where ${heldInSession} order by i.created_host, f.at`,
    [account, date],
  );
  const byIntent = new Map<string, Row[]>();
  for (const row of rows) {
    const { intentId } = row.terms;
    byIntent.set(intentId, [...(byIntent.get(intentId) ?? []), row]);
  }
  return [...byIntent.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const ltp = first.ltp === null ? null : paise(Number(first.ltp));
    const fills = own.map(fillOf);
    const { terms: intent, settled, plan } = first;
    return [{ intent, fills, ltp, settled, session: date, settlesOn: settlesOn(plan ?? intent) }];
  });
}

export interface LedgerBalances {
  readonly openingCash: Paise;
  readonly cash: Paise;
  /** Charges of every kind, the broker's fees included. */
  readonly charges: Paise;
  /** Sum over every entry. Any other value than zero means the ledger is wrong. */
  readonly sum: Paise;
}

export async function ledgerBalances(
  pool: Pool,
  account: string,
  date: string,
): Promise<LedgerBalances> {
  const { rows } = await pool.query<{
    opening: string;
    cash: string;
    charges: string;
    total: string;
  }>(
    `select coalesce(sum(amount) filter (where ledger_account = 'cash' and what = 'opening cash'), 0) as opening,
       coalesce(sum(amount) filter (where ledger_account = 'cash'), 0) as cash,
       coalesce(sum(amount) filter (where starts_with(ledger_account, 'charges:')), 0) as charges, coalesce(sum(amount), 0) as total
     from ledger_entry join ledger_transaction t on t.id = transaction_id where account = $1 and date = $2`,
    [account, date],
  );
  const amount = (value: string | undefined): Paise => paise(Number(value ?? 0));
  return {
    openingCash: amount(rows[0]?.opening),
    cash: amount(rows[0]?.cash),
    charges: amount(rows[0]?.charges),
    sum: amount(rows[0]?.total),
  };
}
