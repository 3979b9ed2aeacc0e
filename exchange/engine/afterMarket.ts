// Orders given while the market is closed. They wait at the broker and go to the exchange when the
// session that takes them begins: the pre-open, for stops the continuous session. Given after the close
// they are for the next day, which this exchange does not play. Source: reference kite.md 1.4, 1.5.
import { sessionClock } from '../../domain/session/sessionClock';
import type { EpochMs } from '../../domain/units';
import type { Exchange } from './exchange';
import { orderError } from './kiteError';
import { isStopType, type Order, type OrderChanges, type OrderTerms } from './order';
import { takeTerms } from './orderChanges';
import { validateOrder } from './orderPath';
import { preCheck } from './preChecks';
import type { Tape } from './tape';

/** Is the order still waiting for its session? */
export const isAfterMarket = (order: Order): boolean =>
  order.status === 'AMO REQ RECEIVED' || order.status === 'MODIFY AMO REQ RECEIVED';

/** @throws KiteError when the market is open or the order is wrong in itself. */
export function checkAfterMarket(exchange: Exchange, terms: OrderTerms, tape: Tape): void {
  if (exchange.phase(tape.listing) !== 'closed') {
    throw orderError('After market orders are accepted only outside market hours.');
  }
  preCheck(terms, tape, 'continuous');
}

/** Takes the order in and lets it wait. */
export function holdAfterMarket(exchange: Exchange, order: Order): void {
  exchange.desk.step(order, 'AMO REQ RECEIVED', exchange.now);
  const { preOpen, open } = sessionClock(exchange.day, order.listing.hasDerivatives);
  if (exchange.now < preOpen) release(exchange, order, preOpen, open);
}

/** What kind of order it is counts when its session begins: it may have been changed until then. */
function release(exchange: Exchange, order: Order, preOpen: EpochMs, open: EpochMs): void {
  exchange.schedule.add(preOpen, () => {
    if (!isStopType(order.orderType)) validateOrder(exchange, order);
    else exchange.schedule.add(open, () => validateOrder(exchange, order));
  });
}

/** The change is taken at once; the order goes on waiting. */
export function changeAfterMarket(exchange: Exchange, order: Order, changes: OrderChanges): void {
  exchange.desk.step(order, 'MODIFY AMO REQ RECEIVED', exchange.now);
  takeTerms(order, changes);
  exchange.desk.step(order, 'AMO REQ RECEIVED', exchange.now);
}
