// What an entry needs from outside between decision and order: the broker's own word on margin, and a
// record of every answer of risk.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connect } from 'kiteconnect';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { RiskAnswer } from '../../domain/entry';
import type { BrokerMargin } from '../../domain/risk';
import {
  entrySide,
  paise,
  paiseFromRupees,
  rupeesFromPaise,
  type Direction,
  type Paise,
} from '../../domain/units';
import { storeRiskAnswers } from './trails';

export interface EntryQuestion {
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly quantity: number;
  readonly price: Paise;
}

export interface EntryActivities {
  /** The broker's figures for an intraday entry; null when it did not give them. */
  brokerMargin(question: EntryQuestion): Promise<BrokerMargin | null>;
  recordRiskAnswers(account: string, answers: readonly RiskAnswer[]): Promise<void>;
}

const orderMargin = z.array(z.object({ total: z.number() })).min(1);
const funds = z.object({
  available: z.object({ live_balance: z.number() }),
  utilised: z.object({ debits: z.number() }),
});

export function createEntryActivities(kite: Connect, pool: Pool): EntryActivities {
  return {
    brokerMargin: (question) => askedAgain(() => brokerMargin(kite, question)).catch(() => null),
    recordRiskAnswers: (account, answers) => storeRiskAnswers(pool, account, answers),
  };
}

/** Between two attempts: the account's rate of requests is counted by the second. */
const againMs = 350;
const attemptsMax = 4;
/** An entry is worth no longer wait. */
const patienceMs = 2_000;

/** Reading has no effect: asked again when the account's other requests have used the rate up. */
async function askedAgain<T>(question: () => Promise<T>): Promise<T> {
  const until = Date.now() + patienceMs;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question();
    } catch (error) {
      if (attempt === attemptsMax || Date.now() + againMs > until) throw error;
      await sleep(againMs);
    }
  }
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
