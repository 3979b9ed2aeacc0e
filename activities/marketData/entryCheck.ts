// What an entry needs from outside between decision and order: the broker's margin figures, and a record of
// every answer of risk.
import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { RiskAnswer } from '../../domain/entry';
import type { BrokerMargin, MarginQuote } from '../../domain/risk';
import {
  entrySide,
  paise,
  paiseFromRupees,
  rupeesFromPaise,
  type Direction,
  type Paise,
  type Product,
} from '../../domain/units';
import { askedAgain } from '../broker';
import { storeRiskAnswers } from './whyRecords';

export interface EntryQuestion {
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly product: Product;
  readonly quantity: number;
  readonly price: Paise;
}

export interface EntryActivities {
  /** The broker's figures for entries, one a stock, in one request; null when it gave none. */
  quoteMargins(questions: readonly EntryQuestion[]): Promise<MarginQuote | null>;
  recordRiskAnswers(account: string, answers: readonly RiskAnswer[]): Promise<void>;
}

/** Longest wait for the figures; after that the entry is too late. */
const patienceMs = 2_000;

const orderMargins = z.array(z.object({ total: z.number() }));
const funds = z.object({
  available: z.object({ live_balance: z.number() }),
  utilised: z.object({ debits: z.number() }),
});

export function createEntryActivities(kite: Connect, pool: Pool): EntryActivities {
  return {
    quoteMargins: (questions) =>
      askedAgain(() => quoteMargins(kite, questions), patienceMs).catch(() => null),
    recordRiskAnswers: (account, answers) => storeRiskAnswers(pool, account, answers),
  };
}

const orderOf = ({ tradingsymbol, direction, product, quantity, price }: EntryQuestion) =>
  ({
    exchange: 'NSE',
    tradingsymbol,
    transaction_type: entrySide(direction),
    variety: 'regular',
    product,
    order_type: 'LIMIT',
    quantity,
    price: rupeesFromPaise(price),
    trigger_price: 0,
  }) as const;

/** @throws Error when the answer is not one figure for each order, in the same order. */
async function quoteMargins(
  kite: Connect,
  questions: readonly EntryQuestion[],
): Promise<MarginQuote> {
  const [answer, account] = await Promise.all([
    kite.orderMargins(questions.map(orderOf)),
    accountFunds(kite),
  ]);
  const rows = orderMargins.length(questions.length).parse(answer);
  const entries = questions.map(({ tradingsymbol, quantity }, index) => {
    const required = paiseFromRupees(rows[index]?.total ?? 0);
    return [tradingsymbol, { quantity, required }] as const;
  });
  return { ...account, entries: Object.fromEntries(entries) };
}

export type AccountFunds = Pick<BrokerMargin, 'available' | 'used'>;

/** What is free and what is blocked, by the broker's figures. @throws Error when they cannot be read. */
export async function accountFunds(kite: Connect): Promise<AccountFunds> {
  const { available, utilised } = funds.parse(await kite.getMargins('equity'));
  return {
    available: paiseFromRupees(available.live_balance),
    used: paise(Math.max(0, Math.round(utilised.debits * 100))),
  };
}
