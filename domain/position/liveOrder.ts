// An order of ours that lives at the broker: whether a change is on its way, whether it has changes left, and
// how it is made to fill.
import type { BookOrder, OrderRequest } from '../orders/order';
import type { EpochMs } from '../units';
import { readBooks, wait, waitForNews, type PositionCommand } from './command';
import { isOco, isResting } from './exitOrder';
import type { PositionState } from './state';
import type { PositionTerms } from './terms';

/** Of the modifications a broker allows of one order, these last ones are kept for leaving … */
const keptForLeaving = 7;
/** … and this one in hand, should our count of them be off. */
const keptInHand = 1;

/** How often an exit order may be modified before it is replaced; without a limit, never too often. */
function modificationsMax({ modificationsMax: most }: PositionTerms, leaving: boolean): number {
  if (most === null) return Infinity;
  return most - (leaving ? keptInHand : keptForLeaving);
}

/** What trailing may have used of an order whose history is not known. */
export const modificationsForTrailing = (terms: PositionTerms): number =>
  terms.modificationsMax === null ? 0 : modificationsMax(terms, false);

/** Refused so often in a row, an order of the wrong quantity is replaced: our count of its changes is off. */
export const refusalsBeforeReplacing = 3;

/** A change of the order is on its way: what its book shows is about to be old, and another is refused. */
export const isInTransit = ({ status }: BookOrder): boolean =>
  status !== 'OPEN' && status !== 'TRIGGER PENDING';

export function lookAgain(
  { timing }: PositionTerms,
  state: PositionState,
  now: EpochMs,
): PositionCommand {
  const isFresh = now < (state.exit.modifiedAt ?? 0) + 1_000;
  const again = (state.books?.at ?? 0) + (isFresh ? 150 : Math.min(timing.rereadMs, 1_000));
  return now < again ? wait(again) : readBooks(state);
}

export const replace = ({ orderId }: BookOrder): PositionCommand => ({
  kind: 'cancel',
  orderId,
  why: 'its modifications are used up: one replacement',
});

/** Has the order no modifications left for this? Those for leaving are not spent on trailing. */
export function isWornOut(
  terms: PositionTerms,
  { exit }: PositionState,
  order: BookOrder,
  { uncovered }: { readonly uncovered: boolean },
): boolean {
  if (uncovered && exit.refusedModifications >= refusalsBeforeReplacing) return true;
  // Only the exchange counts modifications; an OCO rests outside it.
  return !isOco(order) && exit.modifications >= modificationsMax(terms, uncovered);
}

/** Makes a live order what is asked for, priced through the market: for leaving, and for buying back. */
export function makeMarketable(
  terms: PositionTerms,
  state: PositionState,
  live: BookOrder,
  order: OrderRequest,
): PositionCommand {
  const isSame = live.quantity === order.quantity && live.price === order.pricing.price;
  // Locked at the band: asking for the same again would only use modifications up.
  if (isSame && !isResting(live)) return waitForNews();
  return isWornOut(terms, state, live, { uncovered: true })
    ? replace(live)
    : { kind: 'modifyExit', orderId: live.orderId, order };
}
