// A position found at the broker with nobody looking after it: what it starts from, when all it had learnt is
// gone but our records and the broker's books.
import type { EpochMs, Paise } from '../units';
import { modificationsForTrailing } from './liveOrder';
import { initialState, type PositionState } from './state';

/** What our records have of a position; null where they have nothing. */
export interface PositionTraces {
  /** By the entry's trades; the broker may hide its book. */
  readonly entryOrderId: string | null;
  /** The last stop that was wanted. */
  readonly stop: Paise | null;
}

/**
 * Its first act is to read the books. Its stop counts as modified as often as trailing may have done it: the
 * next move replaces it.
 * @param at host clock.
 */
export const adoptedState = (
  at: EpochMs,
  { entryOrderId, stop }: PositionTraces,
): PositionState => ({
  ...initialState,
  entry:
    entryOrderId === null
      ? { kind: 'inDoubt', since: at, why: 'found at the broker' }
      : { kind: 'sent', orderId: entryOrderId, at },
  exit: { ...initialState.exit, modifications: modificationsForTrailing },
  news: initialState.news + 1,
  earlier: { foundAt: at, stop },
});
