// An order of ours that lives at the broker: whether a change of it is on its way, whether it has
// modifications left, and how it is made to fill.
import type { BookOrder, OrderRequest } from '../orders/order';
import type { EpochMs } from '../units';
import { readBooks, wait, waitForNews, type PositionCommand } from './command';
import { isOco, isResting } from './exitOrder';
import type { PositionState } from './state';
import type { PositionTerms } from './terms';

/** A broker allows so many modifications of one order. These last ones are not spent on trailing. */
const keptForLeaving = 7;
/** Not even leaving uses this last one: our count may be off by one. */
const keptInHand = 1;

/** How often an exit order may be modified before it is replaced; without a limit, never too often. */
function modificationsMax({ modificationsMax: most }: PositionTerms, leaving: boolean): number {
  if (most === null) return Infinity;
  return most - (leaving ? keptInHand : keptForLeaving);
}

/** What trailing may have used of an order whose history is not known. */
export const modificationsForTrailing = (terms: PositionTerms): number =>
  terms.modificationsMax === null ? 0 : modificationsMax(terms, false);

/**
 * After this many refusals in a row, an order of the wrong quantity is replaced: our count of its
 * modifications must be wrong.
 */
export const refusalsBeforeReplacing = 3;

/**
 * Is a change of the order on its way? Its row in the books is about to change, and another change would be
 * refused.
 */
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

/** Is no modification left for this purpose? Those kept for leaving are not spent on trailing. */
export function isWornOut(
  terms: PositionTerms,
  { exit }: PositionState,
  order: BookOrder,
  { uncovered }: { readonly uncovered: boolean },
): boolean {
  if (uncovered && exit.refusedModifications >= refusalsBeforeReplacing) return true;
  // Only the exchange counts modifications. An OCO rests outside it.
  return !isOco(order) && exit.modifications >= modificationsMax(terms, uncovered);
}

/** Turns a live order into the limit asked for: to leave a position, or to buy back a surplus. */
export function makeMarketable(
  terms: PositionTerms,
  state: PositionState,
  live: BookOrder,
  order: OrderRequest,
): PositionCommand {
  const isSame = live.quantity === order.quantity && live.price === order.pricing.price;
  // The market is locked at the band. Asking for the same price again would only use up modifications.
  if (isSame && !isResting(live)) return waitForNews();
  return isWornOut(terms, state, live, { uncovered: true })
    ? replace(live)
    : { kind: 'modifyExit', orderId: live.orderId, order };
}
