// A position found at the broker with nobody looking after it, or carried into a new session: what it starts
// from, when all it had learnt is gone but our records and the broker's books.
import type { Fill } from '../orders/order';
import type { Trail } from '../trailing';
import { epochMs, paise, shares, type EpochMs } from '../units';
import { modificationsForTrailing } from './liveOrder';
import type { PositionTerms } from './terms';
import { initialState, type BooksReading, type ExitReason, type PositionState } from './state';

/** What our records have of a position; null where they have nothing. */
export interface PositionTraces {
  /** By the entry's trades; the broker may hide its book. */
  readonly entryOrderId: string | null;
  /** Every pair of stop and target that was wanted, the last one last. */
  readonly levels: readonly Pick<Trail, 'stop' | 'target'>[];
  /** Order ids of its triggers, which carry no tag; one that was never answered is known by its levels. */
  readonly triggers: readonly string[];
  /** Its trades of earlier sessions, which are in no book any more. */
  readonly fills: readonly Fill[];
  /** Was it handed on by a run that knew of everything it had sent, and nothing sent since? */
  readonly handedOn: boolean;
  /** Why it was to be left when it was carried over; null where it was to be held. */
  readonly leaving: ExitReason | null;
}

/**
 * Its first act is to read the books. Its stop counts as modified as often as trailing may have done it: the
 * next move replaces it.
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

/** Read before the session: only its trades still say anything. */
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
