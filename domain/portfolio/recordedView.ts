// A position as our records show it, without asking its workflow. It is used when Temporal cannot be reached
// or the history is gone.
import { isLive, type BookOrder } from '../orders/order';
import { figuresOf, holdingOf, isResting, type PositionView } from '../position';
import { exitSide, type Paise } from '../units';
import type { TradedPosition } from './index';

export interface RecordedPosition extends Omit<TradedPosition, 'settled' | 'settlesOn'> {
  readonly orders: readonly Pick<BookOrder, 'side' | 'orderType' | 'status' | 'trigger'>[];
  /** The newest stop and target its trail wanted; null before the entry has filled. */
  readonly levels: { readonly stop: Paise; readonly target: Paise } | null;
  /** Its view when it was closed or handed on; null while it is open. */
  readonly closed: PositionView | null;
}

export type RecordedView = Omit<PositionView, 'modifications'>;

export function recordedView(position: RecordedPosition): RecordedView {
  const { intent, fills, ltp, levels, closed } = position;
  if (closed !== null) return closed;
  const holding = holdingOf(intent, { books: null, adopted: fills });
  const exits = position.orders.filter(
    (order) => isLive(order) && order.side === exitSide(intent.direction),
  );
  const stop = exits.find(isResting);
  return {
    ...figuresOf(intent, holding, ltp),
    phase: phaseOf(holding.open > 0, exits.length > 0, stop !== undefined),
    desiredStop: levels?.stop ?? null,
    confirmedStop: stop?.trigger ?? null,
    target: levels?.target ?? null,
    exitReason: null,
  };
}

function phaseOf(isHeld: boolean, leaving: boolean, stopped: boolean): PositionView['phase'] {
  if (!isHeld) return leaving ? 'exiting' : 'entering';
  if (stopped) return 'protected';
  return leaving ? 'exiting' : 'unprotected';
}
