// The state of one position. What the broker's books said last is kept beside what we want, and the
// next command is derived from the difference: nothing is remembered that can be read back.
import type { BookOrder, Fill } from '../orders/order';
import type { Trail } from '../trailing';
import type { EpochMs, Paise, Shares } from '../units';

/** The entry order's life. One is sent, ever: there is no way back to `unsent`. */
export type EntryState =
  | { readonly kind: 'unsent' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent'; readonly orderId: string; readonly at: EpochMs }
  | { readonly kind: 'inDoubt'; readonly since: EpochMs; readonly why: string }
  | { readonly kind: 'dead'; readonly why: string };

/** Why the position is to be closed. */
export type ExitReason =
  'target' | 'stop' | 'squareOff' | 'operator' | 'killSwitch' | 'stopRefused';

/** What the broker's books held for this position's tag, as of one reading. */
export interface BooksReading {
  readonly orders: readonly BookOrder[];
  readonly fills: readonly Fill[];
  readonly ltp: Paise;
  /** The account's signed net quantity of the stock and product, whoever traded it. */
  readonly netQuantity: Shares;
  /** Host clock. */
  readonly at: EpochMs;
}

/** The exit side: what was sent last and what stood in the way. */
export interface ExitState {
  /** When an exit order was last sent without it having been seen in the books since. */
  readonly placedAt: EpochMs | null;
  /** When the resting order was last modified, and how often it has been. */
  readonly modifiedAt: EpochMs | null;
  readonly modifications: number;
  /** Refusals of the protective stop so far, and of the exit. */
  readonly refusals: number;
  /** How often the exit has been priced; each time wider. */
  readonly pricings: number;
}

export interface PositionState {
  readonly entry: EntryState;
  readonly exit: ExitState;
  /** null until the first reading. */
  readonly books: BooksReading | null;
  /** Something happened since the last reading: read before acting. */
  readonly booksStale: boolean;
  /** null until something is filled. */
  readonly trail: Trail | null;
  readonly exitReason: ExitReason | null;
  /** When the exit was first wanted, host clock. */
  readonly exitSince: EpochMs | null;
  readonly closed: boolean;
  /** Highest crossing sequence applied; older ones are repeats. */
  readonly lastSeq: number;
}

export const initialState: PositionState = {
  entry: { kind: 'unsent' },
  exit: { placedAt: null, modifiedAt: null, modifications: 0, refusals: 0, pricings: 0 },
  books: null,
  booksStale: false,
  trail: null,
  exitReason: null,
  exitSince: null,
  closed: false,
  lastSeq: 0,
};
