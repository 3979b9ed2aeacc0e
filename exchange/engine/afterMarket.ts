// Orders given while the market is closed. They wait at the broker and go to the exchange when the
// session that takes them begins: the pre-open, for stops the continuous session. Given after the close
// they are for the next day, which this exchange does not play. Sources: docs/kite.md, Orders and Order states.
import { sessionClock } from '../../domain/session/sessionClock';
import { orderError } from './kiteError';
import { isStopType, type Order, type OrderChanges, type OrderTerms } from './order';
import { takeTerms } from './orderChanges';
import type { OrderDesk } from './orderDesk';
import { preCheck } from './preChecks';
import type { SessionPhase } from './sessionGate';
import type { SessionTime } from './sessionTime';
import type { Tape } from './tape';

/** Is the order still waiting for its session? */
export const isAfterMarket = (order: Order): boolean =>
  order.status === 'AMO REQ RECEIVED' || order.status === 'MODIFY AMO REQ RECEIVED';

/** @throws KiteError when the market is open or the order is wrong in itself. */
export function checkAfterMarket(terms: OrderTerms, tape: Tape, phase: SessionPhase): void {
  if (phase !== 'closed') {
    throw orderError('After market orders are accepted only outside market hours.');
  }
  preCheck(terms, tape, 'continuous');
}

export interface AfterMarketParts {
  readonly desk: Pick<OrderDesk, 'step'>;
  readonly time: Pick<SessionTime, 'day' | 'now' | 'at'>;
  /** Sends the order on its way once its session takes it. */
  readonly validate: (order: Order) => void;
}

export class AfterMarket {
  private readonly parts: AfterMarketParts;

  constructor(parts: AfterMarketParts) {
    this.parts = parts;
  }

  /** Takes the order in and lets it wait. */
  hold(order: Order): void {
    const { desk, time } = this.parts;
    desk.step(order, 'AMO REQ RECEIVED', time.now);
    const { preOpen, open } = sessionClock(time.day, order.listing.hasDerivatives);
    if (time.now >= preOpen) return;
    time.at(preOpen, () => {
      // What kind of order it is counts only now: it may have been changed until then.
      if (isStopType(order.orderType)) time.at(open, () => this.parts.validate(order));
      else this.parts.validate(order);
    });
  }

  /** The change is taken at once; the order goes on waiting. */
  change(order: Order, changes: OrderChanges): void {
    const { desk, time } = this.parts;
    desk.step(order, 'MODIFY AMO REQ RECEIVED', time.now);
    takeTerms(order, changes);
    desk.step(order, 'AMO REQ RECEIVED', time.now);
  }
}
