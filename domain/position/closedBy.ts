// What closed a position, by the orders that filled. It may differ from why the position was being left: a
// resting stop still fills while close-all waits for the broker.
import type { BookOrder } from '../orders/order';
import { exitSide } from '../units';
import { holdingOf, quantityOf } from './holding';
import { exitReasonOf, type ExitReason, type PositionState } from './state';
import type { Intent } from './terms';

/**
 * The reason a closed position is labelled with; null where nothing was ever held. Exits of several kinds, or
 * none that the books name, leave the reason why it was being left.
 */
export function closedBy(intent: Intent, state: PositionState): ExitReason | null {
  const reason = exitReasonOf(state);
  const { exited } = holdingOf(intent, state);
  if (reason === null || exited.quantity === 0) return reason;
  const elsewhere = state.adopted.reduce((sum, { quantity }) => sum + quantity, 0);
  if (elsewhere === exited.quantity) return 'elsewhere';
  const exits = filledExits(intent, state);
  const fills = state.books?.fills ?? [];
  const shown = exits.reduce((sum, { orderId }) => sum + quantityOf(fills, orderId), 0);
  if (shown !== exited.quantity) return reason;
  const [kind, ...others] = new Set(exits.map(kindOf));
  return others.length === 0 ? (kind ?? reason) : reason;
}

const filledExits = (intent: Intent, { books }: PositionState): readonly BookOrder[] =>
  (books?.orders ?? []).filter(
    ({ tag, side, filledQuantity }) =>
      tag === intent.intentId && side === exitSide(intent.direction) && filledQuantity > 0,
  );

/** A limit says nothing by itself: it leaves for whatever reason it was placed. */
function kindOf({ orderType, leg }: BookOrder): 'stop' | 'target' | undefined {
  if (leg !== undefined) return leg;
  return orderType === 'SL' || orderType === 'SL-M' ? 'stop' : undefined;
}
