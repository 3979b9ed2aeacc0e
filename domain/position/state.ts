// The state of one position: what the broker's books said last, beside what is wanted. The next command comes
// from the difference. What can be read from the books again is not kept.
import type { BookOrder, Fill } from '../orders/order';
import type { SoughtTrigger } from '../orders/trigger';
import type { Trail, TrailingPolicy } from '../trailing';
import type { EpochMs, Paise, Shares } from '../units';

/** The life of the entry order. Only one is ever sent, so nothing leads back to `unsent`. */
export type EntryState =
  | { readonly kind: 'unsent' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent'; readonly orderId: string; readonly at: EpochMs }
  | { readonly kind: 'inDoubt'; readonly since: EpochMs; readonly why: string }
  | { readonly kind: 'dead'; readonly why: string };

/** Why a position is being left; once it is closed, what closed it. */
export type ExitReason =
  | 'target'
  | 'stop'
  | 'squareOff'
  | 'operator'
  | 'killSwitch'
  | 'stopRefused'
  /** Closed by an order that is not ours: from another terminal, or by the broker's square-off. */
  | 'elsewhere';

/** What is wanted of the position: to hold it, to leave it, or nothing any more. */
export type Aim =
  | { readonly kind: 'hold' }
  | {
      readonly kind: 'leave';
      readonly reason: ExitReason;
      /** Host clock. */
      readonly since: EpochMs;
      /** How often the exit has been priced; each time wider. */
      readonly pricings: number;
    }
  /** Handed to the next session's run. `leaving` is why it was being left when the session ended. */
  | { readonly kind: 'carried'; readonly leaving: ExitReason | null }
  /** `reason` is null where nothing was ever held. */
  | { readonly kind: 'done'; readonly reason: ExitReason | null };

/** A trade in the stock by an order that is not ours. */
export interface ForeignFill extends Fill {
  /** True when the broker's own square-off made it, which costs a fee; false when a person did. */
  readonly byBroker: boolean;
}

/** What one reading of the broker's books holds for this position. */
export interface BooksReading {
  readonly orders: readonly BookOrder[];
  readonly fills: readonly Fill[];
  /** Trades of the same stock and product without a tag of ours. */
  readonly foreign: readonly ForeignFill[];
  /**
   * Shares that live orders without a tag of ours are selling. Delivery shares can be sold once, so these are
   * not ours to sell.
   */
  readonly othersSelling: Shares;
  readonly ltp: Paise;
  /** When that price traded or was received, host clock; absent, it is as new as the reading. */
  readonly ltpAt?: EpochMs;
  /** The account's signed net quantity of the stock and product, whoever traded it. */
  readonly netQuantity: Shares;
  /** Host clock. */
  readonly at: EpochMs;
}

/** What the broker has told of the entry's fills outside a whole reading of the books. */
export interface ReportedFill {
  readonly orderId: string;
  readonly quantity: Shares;
  readonly averagePrice: Paise;
  /** Host clock. */
  readonly at: EpochMs;
}

/** The longest a broker has been seen to hide an order from its books, with a margin. */
export const hiddenMaxMs = 120_000;

/** An exit order that the books do not show: on its way, hidden by the broker, or never arrived. */
export interface UnseenExit {
  /** From the broker's answer; null when there was none. */
  readonly orderId: string | null;
  readonly tag: string;
  readonly quantity: Shares;
  /** When the answer came, or when waiting for it ended. */
  readonly at: EpochMs;
  /** For a trigger, which carries no tag: the levels that identify it when there was no answer. */
  readonly sought?: SoughtTrigger;
}

/** The exit side: what was sent last, and what was refused. */
export interface ExitState {
  /** Exit orders that were sent, not refused, and not yet shown by any reading, oldest first. */
  readonly unseen: readonly UnseenExit[];
  /** When the resting order was last written, and how often it has been modified. */
  readonly modifiedAt: EpochMs | null;
  readonly modifications: number;
  /** Modifications refused since the last accepted one. */
  readonly refusedModifications: number;
  /** Refusals to place the protective stop. */
  readonly refusals: number;
  /** The broker's own words for the newest refusal; null or absent where the last write was accepted. */
  readonly refusedWith?: string | null;
  /**
   * Set when the broker turned the last write away before looking at it (too many requests): no write before
   * this instant.
   */
  readonly retryAt: EpochMs | null;
}

/** What is known of a position's earlier life when it is adopted: what our records say. */
export interface EarlierLife {
  /** When it was found, host clock; null where its last run handed it on completely. */
  readonly foundAt: EpochMs | null;
  /** The last levels that were wanted; null where none are recorded. */
  readonly levels: Pick<Trail, 'stop' | 'target'> | null;
  /** Its triggers, by order id and by levels. */
  readonly triggers: readonly string[];
  readonly sought: readonly SoughtTrigger[];
}

export interface PositionState {
  readonly entry: EntryState;
  readonly exit: ExitState;
  /** null until the first reading. */
  readonly books: BooksReading | null;
  /** Fills of the entry that the books do not show yet; null or absent where they show all that was told. */
  readonly reported?: ReportedFill | null;
  /**
   * How much has happened, and how much of that the last reading can show. When the reading is behind, the
   * books are read before anything else.
   */
  readonly news: number;
  readonly newsRead: number;
  /** When a write last had no answer. It may still be carried out, long after. */
  readonly doubtAt: EpochMs | null;
  /** What is known of an earlier life of the position; null where there was none. */
  readonly earlier: EarlierLife | null;
  /** The policy an operator put in place of the intent's; null while the intent's is in force. */
  readonly policy: TrailingPolicy | null;
  /** null until something is filled. */
  readonly trail: Trail | null;
  readonly aim: Aim;
  /** Foreign trades adopted as this position's exits. An adopted trade stays adopted. */
  readonly adopted: readonly ForeignFill[];
  /** Highest crossing sequence applied of the newest sender. Lower ones are repeats. */
  readonly lastSeq: number;
  /** Of the newest sender; absent of states before there was any. */
  readonly lastEpoch?: number;
}

export const initialState: PositionState = {
  entry: { kind: 'unsent' },
  exit: {
    unseen: [],
    modifiedAt: null,
    modifications: 0,
    refusedModifications: 0,
    refusals: 0,
    retryAt: null,
  },
  books: null,
  news: 0,
  newsRead: 0,
  doubtAt: null,
  earlier: null,
  policy: null,
  trail: null,
  aim: { kind: 'hold' },
  adopted: [],
  lastSeq: 0,
};

export const isClosed = ({ aim }: PositionState): boolean => aim.kind === 'done';

/** Nothing is left to do in this session: closed, or handed on to the next one. */
export const isOver = (state: PositionState): boolean =>
  isClosed(state) || state.aim.kind === 'carried';

/** Why the position is being left or was left; null while it is held. */
export function exitReasonOf({ aim }: PositionState): ExitReason | null {
  if (aim.kind === 'hold') return null;
  return aim.kind === 'carried' ? aim.leaving : aim.reason;
}
