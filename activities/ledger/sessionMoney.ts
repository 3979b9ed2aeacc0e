// The money of one session by our records: its executed orders with their charges, and what its trades moved.
import type { Pool } from 'pg';
import type { ExecutedFigures, Funds } from '../../broker/port';
import { settlingOf, type TradedCash } from '../../domain/endOfDay';
import { paise, shares, sideSign, type Paise, type Product, type Side } from '../../domain/units';
import { fillSession } from './fillSession';
import { ledgerBalances } from './portfolio';

/** An executed order with the charges our ledger has booked for it, 0 where it has booked none. */
export interface BookedOrder extends ExecutedFigures {
  readonly orderId: string;
  readonly charges: Paise;
}

export interface SessionMoney {
  readonly orders: readonly BookedOrder[];
  readonly openingCash: Paise;
  /** Free money when the session was opened. */
  readonly freeAtOpen: Paise;
  /** What the trades have brought in, before charges. */
  readonly moved: Paise;
  /** What of it a broker may still hold back: profits, delivery sales, charges. */
  readonly settling: Paise;
}

interface OrderRow {
  readonly order_id: string;
  readonly intent_id: string;
  readonly tradingsymbol: string;
  readonly product: Product;
  readonly side: Side;
  readonly quantity: string;
  readonly turnover: string;
}

export async function sessionMoney(
  pool: Pool,
  account: string,
  date: string,
): Promise<SessionMoney> {
  const { rows } = await pool.query<OrderRow>(
    `select f.order_id, i.intent_id, i.tradingsymbol, i.terms->>'product' as product, f.side,
       sum(f.quantity) as quantity, sum(f.quantity * f.price) as turnover
     from fill f join intent i using (intent_id) where i.account = $1 and ${fillSession()} = $2
     group by f.order_id, i.intent_id, i.tradingsymbol, product, f.side order by min(f.at), f.order_id`,
    [account, date],
  );
  const booked = await bookedCharges(pool, account, date);
  const balances = await ledgerBalances(pool, account, date);
  const { openingCash, cash, charges } = balances;
  const free = await freeAtOpen(pool, account, date);
  return {
    orders: ordersOf(rows, booked),
    openingCash,
    freeAtOpen: free ?? openingCash,
    moved: paise(cash - openingCash + charges),
    settling: settlingOf(positionsOf(rows), charges),
  };
}

/** Charges by order; fees that no contract note has are left out. */
async function bookedCharges(
  pool: Pool,
  account: string,
  date: string,
): Promise<ReadonlyMap<string, Paise>> {
  const scope = `${account}/${date}/charges/`;
  const { rows } = await pool.query<{ id: string; charges: string }>(
    `select t.id, sum(e.amount) as charges from ledger_transaction t join ledger_entry e on e.transaction_id = t.id
     where t.account = $1 and t.date = $2 and starts_with(t.id, $3) and starts_with(e.ledger_account, 'charges:') group by t.id`,
    [account, date, scope],
  );
  return new Map(rows.map(({ id, charges }) => [id.slice(scope.length), paise(Number(charges))]));
}

/** An order that closed two positions is one order. */
function ordersOf(
  rows: readonly OrderRow[],
  booked: ReadonlyMap<string, Paise>,
): readonly BookedOrder[] {
  const orders = new Map<string, BookedOrder>();
  for (const row of rows) {
    const { order_id: orderId, tradingsymbol, product, side } = row;
    const known = orders.get(orderId);
    orders.set(orderId, {
      ...{ orderId, tradingsymbol, product, side },
      quantity: shares((known?.quantity ?? 0) + Number(row.quantity)),
      turnover: paise((known?.turnover ?? 0) + Number(row.turnover)),
      charges: booked.get(orderId) ?? paise(0),
    });
  }
  return [...orders.values()];
}

function positionsOf(rows: readonly OrderRow[]): readonly TradedCash[] {
  const positions = new Map<string, TradedCash>();
  for (const { intent_id: intentId, product, side, turnover } of rows) {
    const known = positions.get(intentId);
    const value = Number(turnover);
    positions.set(intentId, {
      product,
      moved: paise((known?.moved ?? 0) - sideSign(side) * value),
      sold: paise((known?.sold ?? 0) + (side === 'SELL' ? value : 0)),
    });
  }
  return [...positions.values()];
}

/** null of a day opened before it was kept. */
async function freeAtOpen(pool: Pool, account: string, date: string): Promise<Paise | null> {
  const { rows } = await pool.query<{ funds: Funds | null }>(
    'select funds from session where account = $1 and date = $2',
    [account, date],
  );
  return rows[0]?.funds?.available ?? null;
}
