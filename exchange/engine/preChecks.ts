// Checks that refuse an order at once: it gets no order id and never appears in the book ("mini RMS").
// Messages are Kite's where they are known. Sources: docs/kite.md, Errors and Orders.
import { isOnTick } from '../../domain/market/instrument';
import type { Paise } from '../../domain/units';
import { inputError, orderError } from './kiteError';
import type { OrderType } from './order';
import type { Tape } from './tape';
import type { SessionPhase } from './sessionGate';

/** Largest order the broker takes: shares and value. */
export const quantityPerOrderMax = 100_000;
const valuePerOrderMax = 10_000_000_000;

/** The part of an order that placing and modifying both check. */
export interface CheckedTerms {
  readonly side: 'BUY' | 'SELL';
  readonly product: 'MIS' | 'CNC';
  readonly orderType: OrderType;
  readonly quantity: number;
  readonly price: Paise;
  readonly triggerPrice: Paise;
  readonly disclosedQuantity: number;
  readonly marketProtection: number;
}

/** @throws KiteError naming what is wrong. */
export function preCheck(terms: CheckedTerms, tape: Tape, phase: SessionPhase): void {
  if (phase === 'closed') {
    throw orderError(
      'Markets are closed right now. Use GTT for placing long standing orders instead.',
    );
  }
  checkProtection(terms);
  checkSize(terms, tape);
  if (terms.product === 'MIS' && !tape.listing.misAllowed) {
    throw inputError(
      `MIS orders are blocked for ${tape.listing.tradingsymbol}. Place a CNC order instead.`,
    );
  }
  if (terms.orderType === 'LIMIT' || terms.orderType === 'SL') checkPrice(terms.price, tape);
  if (terms.orderType === 'SL' || terms.orderType === 'SL-M') checkTrigger(terms, tape);
}

function checkProtection({ orderType, marketProtection }: CheckedTerms): void {
  const needsProtection = orderType === 'MARKET' || orderType === 'SL-M';
  if (needsProtection && marketProtection === 0) {
    throw inputError(
      'Market orders without market protection are not allowed via API. Please set market protection or use a Limit order.',
    );
  }
}

function checkSize(terms: CheckedTerms, tape: Tape): void {
  if (terms.quantity > quantityPerOrderMax) {
    throw inputError('Maximum quantity per order for Equity is 1,00,000');
  }
  const price = terms.price > 0 ? terms.price : tape.lastPrice;
  if (terms.quantity * price > valuePerOrderMax) {
    throw inputError('Maximum order value for Equity is 10 crore');
  }
  if (terms.disclosedQuantity > terms.quantity) {
    throw inputError('Disclosed quantity cannot be greater than the order quantity.');
  }
  if (terms.disclosedQuantity > 0 && terms.disclosedQuantity * 10 < terms.quantity) {
    throw inputError('Disclosed quantity should be at least 10% of the order quantity.');
  }
}

function checkPrice(price: Paise, tape: Tape): void {
  if (price <= 0) throw inputError('Price should be greater than zero for limit orders.');
  checkTick(price, 'price', tape);
  const { lower, upper } = tape.band;
  if (price < lower) throw orderError(beyondCircuit('lower', lower));
  if (price > upper) throw orderError(beyondCircuit('higher', upper));
}

function checkTrigger(terms: CheckedTerms, tape: Tape): void {
  const { triggerPrice, price, side, orderType } = terms;
  if (triggerPrice <= 0) throw inputError('Trigger price should be greater than zero.');
  checkTick(triggerPrice, 'trigger price', tape);
  const isBuy = side === 'BUY';
  const { lastPrice } = tape;
  if (isBuy ? triggerPrice <= lastPrice : triggerPrice >= lastPrice) {
    throw inputError(
      `Trigger price for stoploss ${isBuy ? 'buy' : 'sell'} orders should be ${isBuy ? 'higher' : 'lower'} than the last traded price (${String(lastPrice / 100)}).`,
    );
  }
  if (orderType === 'SL' && (isBuy ? price < triggerPrice : price > triggerPrice)) {
    throw inputError(
      `Trigger price for stoploss ${isBuy ? 'buy' : 'sell'} orders cannot be ${isBuy ? 'above' : 'below'} the limit price.`,
    );
  }
}

function checkTick(price: Paise, name: string, tape: Tape): void {
  const { tickSize } = tape.listing;
  if (isOnTick(price, tickSize)) return;
  throw inputError(
    `Tick size for this script is ${(tickSize / 100).toFixed(2)}. Kindly enter ${name} in the multiple of tick size for this script.`,
  );
}

const beyondCircuit = (which: string, limit: Paise): string =>
  `Your order price is ${which === 'lower' ? 'lower' : 'higher'} than the current ${which === 'lower' ? 'lower' : 'upper'} circuit limit of ${String(limit / 100)}. Place an order within the daily range.`;
