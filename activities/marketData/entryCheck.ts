// What an entry needs from outside between decision and order: the broker's margin figures, and a record of
// every answer of risk.
import type { Pool } from 'pg';
import type { BrokerReader, OrderFigures } from '../../broker/port';
import type { RiskAnswer } from '../../domain/entry';
import type { Intent } from '../../domain/position';
import type { MarginQuote } from '../../domain/risk';
import {
  entrySide,
  paise,
  shares,
  type Direction,
  type Paise,
  type Product,
} from '../../domain/units';
import { askedAgain } from '../broker';
import { recordApproval } from '../ledger/approvals';
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
  /** Before the position of an approved intent is begun: nothing leaves that is not recorded here. */
  recordApproval(intent: Intent): Promise<void>;
}

/** Longest wait for the figures; after that the entry is too late. */
const patienceMs = 2_000;

export function createEntryActivities(broker: BrokerReader, pool: Pool): EntryActivities {
  return {
    quoteMargins: (questions) =>
      askedAgain(() => quoteMargins(broker, questions), patienceMs).catch(() => null),
    recordRiskAnswers: (account, answers) => storeRiskAnswers(pool, account, answers),
    recordApproval: (intent) => recordApproval(pool, intent),
  };
}

const orderOf = ({ direction, ...order }: EntryQuestion): OrderFigures => ({
  ...order,
  side: entrySide(direction),
  quantity: shares(order.quantity),
});

/** @throws BrokerFailure when the answer is not one figure for each order, in the same order. */
async function quoteMargins(
  broker: BrokerReader,
  questions: readonly EntryQuestion[],
): Promise<MarginQuote> {
  const [required, { available, used }] = await Promise.all([
    broker.margins(questions.map(orderOf)),
    broker.funds(),
  ]);
  const entries = questions.map(({ tradingsymbol, quantity }, index) => {
    const figure = { quantity, required: required[index] ?? paise(0) };
    return [tradingsymbol, figure] as const;
  });
  return { available, used, entries: Object.fromEntries(entries) };
}
