// The state an adopted position starts from. Adopted is a position whose workflow is gone, or one carried
// into a new session. All that is left of its earlier life is our records and the broker's books.
import type { Fill } from '../orders/order';
import type { Trail } from '../trailing';
import { epochMs, paise, shares, type EpochMs } from '../units';
import { modificationsForTrailing } from './liveOrder';
import type { PositionTerms } from './terms';
import { initialState, type BooksReading, type ExitReason, type PositionState } from './state';

/** What our records hold of a position; a field is null where they hold nothing. */
export interface PositionTraces {
  /** Known from the entry's trades, since the broker's books may not show the order. */
  readonly entryOrderId: string | null;
  /** Every pair of stop and target that was wanted, oldest first. */
  readonly levels: readonly Pick<Trail, 'stop' | 'target'>[];
  /**
   * Order ids of its triggers. A trigger carries no tag; one whose placing was never answered is known by its
   * levels.
   */
  readonly triggers: readonly string[];
  /** Trades of earlier sessions; today's books no longer show them. */
  readonly fills: readonly Fill[];
  /** True when its last run ended by handing the position on, so that no request of it is unaccounted for. */
  readonly handedOn: boolean;
  /** Why the position was being left when it was carried over; null where it was being held. */
  readonly leaving: ExitReason | null;
}

/**
 * The first command will be to read the books. The modifications of its resting stop are not known, so the
 * count starts at the trailing limit and the next move replaces the order.
 * @param at host clock.
 */
export const adoptedState = (
  terms: PositionTerms,
  at: EpochMs,
  traces: PositionTraces,
): PositionState => ({
  ...initialState,
  entry:
    traces.entryOrderId === null
      ? { kind: 'inDoubt', since: at, why: 'found at the broker' }
      : { kind: 'sent', orderId: traces.entryOrderId, at },
  exit: { ...initialState.exit, modifications: modificationsForTrailing(terms) },
  books: traces.fills.length === 0 ? null : earlierBooks(traces.fills),
  news: initialState.news + 1,
  earlier: {
    foundAt: traces.handedOn ? null : at,
    levels: traces.levels.at(-1) ?? null,
    triggers: traces.triggers,
    sought: traces.levels.map(({ stop, target }) => ({ quantity: null, stop, target })),
  },
  aim:
    traces.leaving === null
      ? initialState.aim
      : { kind: 'leave', reason: traces.leaving, since: at, pricings: 0 },
});

/** A reading from before the session. Of it, only the trades still count. */
const earlierBooks = (fills: readonly Fill[]): BooksReading => ({
  orders: [],
  fills,
  foreign: [],
  othersSelling: shares(0),
  ltp: fills.at(-1)?.price ?? paise(0),
  ltpAt: epochMs(0),
  netQuantity: shares(0),
  at: epochMs(0),
});
