// What an entry needs from outside between decision and order: the broker's own word on margin, and a
// record of every refusal.
import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { BrokerMargin } from '../../domain/risk';
import {
  entrySide,
  paise,
  paiseFromRupees,
  rupeesFromPaise,
  type Direction,
  type EpochMs,
  type Paise,
} from '../../domain/units';

export interface EntryQuestion {
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly quantity: number;
  readonly price: Paise;
}

/** A LONG or SHORT that was not traded. */
export interface RefusalRecord {
  readonly tradingsymbol: string;
  readonly barAt: EpochMs;
  readonly code: string;
  readonly reason: string;
  readonly numbers: Readonly<Record<string, string | number>>;
}

export interface EntryActivities {
  /** The broker's figures for an intraday entry; null when it did not give them. */
  brokerMargin(question: EntryQuestion): Promise<BrokerMargin | null>;
  recordRefusal(account: string, refusal: RefusalRecord): Promise<void>;
}

const orderMargin = z.array(z.object({ total: z.number() })).min(1);
const funds = z.object({
  available: z.object({ live_balance: z.number() }),
  utilised: z.object({ debits: z.number() }),
});

export function createEntryActivities(kite: Connect, pool: Pool): EntryActivities {
  return {
    brokerMargin: (question) => brokerMargin(kite, question).catch(() => null),
    recordRefusal: async (account, { tradingsymbol, barAt, code, reason, numbers }) => {
      await pool.query(
        `insert into refusal (account, tradingsymbol, bar_at, code, reason, numbers)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
        [account, tradingsymbol, barAt, code, reason, numbers],
      );
    },
  };
}

async function brokerMargin(
  kite: Connect,
  { tradingsymbol, direction, quantity, price }: EntryQuestion,
): Promise<BrokerMargin> {
  const order = {
    exchange: 'NSE',
    tradingsymbol,
    transaction_type: entrySide(direction),
    variety: 'regular',
    product: 'MIS',
    order_type: 'LIMIT',
    quantity,
    price: rupeesFromPaise(price),
    trigger_price: 0,
  } as const;
  const [rows, account] = await Promise.all([kite.orderMargins([order]), accountFunds(kite)]);
  return { required: paiseFromRupees(orderMargin.parse(rows)[0]?.total ?? 0), ...account };
}

export type AccountFunds = Pick<BrokerMargin, 'available' | 'used'>;

/** What the broker says is free and blocked. @throws Error when it cannot be read. */
export async function accountFunds(kite: Connect): Promise<AccountFunds> {
  const { available, utilised } = funds.parse(await kite.getMargins('equity'));
  return {
    available: paiseFromRupees(available.live_balance),
    used: paise(Math.max(0, Math.round(utilised.debits * 100))),
  };
}
