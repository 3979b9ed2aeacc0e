// Double entry in paise: the amounts of every transaction sum to zero. A trade moves cash into or out of the
// stock's account. What is left there when the position is flat is its profit, which is moved out at the
// close.
import { invariant } from '../assert';
import type { Charges } from '../charges';
import type { Fill } from '../orders/order';
import { paise, sideSign, type Paise } from '../units';

export interface Posting {
  readonly account: string;
  /** Debit positive, credit negative. */
  readonly amount: Paise;
}

/** A balanced set of postings. Posting the same `id` twice has the effect of once. */
export interface LedgerTransaction {
  readonly id: string;
  readonly what: string;
  readonly postings: readonly Posting[];
}

function balanced(transaction: LedgerTransaction): LedgerTransaction {
  const sum = transaction.postings.reduce((total, posting) => total + posting.amount, 0);
  invariant(sum === 0, 'Invariant: the postings of a transaction sum to zero');
  return transaction;
}

/** The day's opening cash, owed to the owner's capital. */
export const openingTransaction = (account: string, date: string, cash: Paise): LedgerTransaction =>
  balanced({
    id: `${account}/${date}/opening`,
    what: 'opening cash',
    postings: [
      { account: 'cash', amount: cash },
      { account: 'capital', amount: paise(0 - cash) },
    ],
  });

/**
 * The cost of a position held over the night, booked as the session's own stock and owed to the owner's
 * capital.
 */
export const carriedTransaction = (
  scope: string,
  tradingsymbol: string,
  intentId: string,
  cost: Paise,
): LedgerTransaction =>
  balanced({
    id: `${scope}/carried/${intentId}`,
    what: `${tradingsymbol} carried over by ${intentId}`,
    postings: [
      { account: `stock:${tradingsymbol}`, amount: cost },
      { account: 'capital', amount: paise(0 - cost) },
    ],
  });

/** A fill: shares for cash. */
export function fillTransaction(
  scope: string,
  tradingsymbol: string,
  fill: Fill,
): LedgerTransaction {
  const value = sideSign(fill.side) * fill.quantity * fill.price;
  return balanced({
    id: `${scope}/fill/${fill.tradeId}`,
    what: `${fill.side} ${fill.quantity} ${tradingsymbol}`,
    postings: [
      { account: `stock:${tradingsymbol}`, amount: paise(value) },
      { account: 'cash', amount: paise(0 - value) },
    ],
  });
}

/** The charges of one executed order, by kind. */
export function chargesTransaction(
  scope: string,
  orderId: string,
  charges: Charges,
): LedgerTransaction {
  const { total, ...kinds } = charges;
  const postings = Object.entries(kinds as Record<string, Paise>)
    .filter(([, amount]) => amount !== 0)
    .map(([kind, amount]) => ({ account: `charges:${kind}`, amount }));
  return balanced({
    id: `${scope}/charges/${orderId}`,
    what: `charges of order ${orderId}`,
    postings: [...postings, { account: 'cash', amount: paise(0 - total) }],
  });
}

/** The broker's fee for squaring a position off by an order of its own. */
export const feeTransaction = (scope: string, orderId: string, fee: Paise): LedgerTransaction =>
  balanced({
    id: `${scope}/fee/${orderId}`,
    what: `fee of the broker's order ${orderId}`,
    postings: [
      { account: 'charges:squareOff', amount: fee },
      { account: 'cash', amount: paise(0 - fee) },
    ],
  });

/** The depository's fee for selling a stock out of earlier sessions' holdings, once per stock. */
export const depositoryTransaction = (
  scope: string,
  tradingsymbol: string,
  fee: Paise,
): LedgerTransaction =>
  balanced({
    id: `${scope}/depository/${tradingsymbol}`,
    what: `depository fee of ${tradingsymbol}`,
    postings: [
      { account: 'charges:depository', amount: fee },
      { account: 'cash', amount: paise(0 - fee) },
    ],
  });

/** Moves a closed position's profit out of the stock's account. */
export const closeTransaction = (
  scope: string,
  tradingsymbol: string,
  intentId: string,
  pnl: Paise,
): LedgerTransaction =>
  balanced({
    id: `${scope}/close/${intentId}`,
    what: `profit of ${intentId}`,
    postings: [
      { account: `stock:${tradingsymbol}`, amount: pnl },
      { account: 'pnl', amount: paise(0 - pnl) },
    ],
  });
