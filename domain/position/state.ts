// The state of one position. What the broker's books said last is kept beside what we want, and the
// next command is derived from the difference: nothing is remembered that can be read back.
import type { BookOrder, Fill } from '../orders/order';
import type { SoughtTrigger } from '../orders/trigger';
import type { Trail, TrailingPolicy } from '../trailing';
import type { EpochMs, Paise, Shares } from '../units';

/** The entry order's life. One is sent, ever: there is no way back to `unsent`. */
export type EntryState =
  | { readonly kind: 'unsent' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'sent'; readonly orderId: string; readonly at: EpochMs }
  | { readonly kind: 'inDoubt'; readonly since: EpochMs; readonly why: string }
  | { readonly kind: 'dead'; readonly why: string };

/** Why a position is left, or was. */
export type ExitReason =
  | 'target'
  | 'stop'
  | 'squareOff'
  | 'operator'
  | 'killSwitch'
  | 'stopRefused'
  /** By an order that is not ours: from another terminal, or the broker's own square-off. */
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
  /** To be held on in the next session, by another run; `leaving` is why it was to be left and could not be. */
  | { readonly kind: 'carried'; readonly leaving: ExitReason | null }
  /** `reason` is null where nothing was ever held. */
  | { readonly kind: 'done'; readonly reason: ExitReason | null };

/** A trade in the stock by an order that is none of ours. */
export interface ForeignFill extends Fill {
  /** By the broker's own square-off, which costs a fee, rather than by a person. */
  readonly byBroker: boolean;
}

/** What the broker's books held for this position's tags, as of one reading. */
export interface BooksReading {
  readonly orders: readonly BookOrder[];
  readonly fills: readonly Fill[];
  /** Trades of the same stock and product that carry no tag of ours. */
  readonly foreign: readonly ForeignFill[];
  /** Shares that live orders without a tag of ours are selling: delivery is sold once, so not ours to sell. */
  readonly othersSelling: Shares;
  readonly ltp: Paise;
  /** When that price traded or was heard of, host clock; left out, it is as new as the reading. */
  readonly ltpAt?: EpochMs;
  /** The account's signed net quantity of the stock and product, whoever traded it. */
  readonly netQuantity: Shares;
  /** Host clock. */
  readonly at: EpochMs;
}

/** How long a broker has been seen to keep an order out of its books, with room to spare. */
export const hiddenMaxMs = 120_000;

/** An exit order the books do not show: on its way, hidden by the broker, or never arrived. */
export interface UnseenExit {
  /** By the broker's answer; null when there was none. */
  readonly orderId: string | null;
  readonly tag: string;
  readonly quantity: Shares;
  /** When the answer came, or was given up. */
  readonly at: EpochMs;
  /** Of a trigger, which carries no tag: what it is known by where there was no answer. */
  readonly sought?: SoughtTrigger;
}

/** The exit side: what was sent last and what stood in the way. */
export interface ExitState {
  /** Exit orders sent and not refused that no reading has shown yet, oldest first. */
  readonly unseen: readonly UnseenExit[];
  /** When the resting order was last written, and how often it has been modified. */
  readonly modifiedAt: EpochMs | null;
  readonly modifications: number;
  /** Modifications refused since the last one that was not. */
  readonly refusedModifications: number;
  /** Refusals to place the protective stop. */
  readonly refusals: number;
  /** Set when the last write was turned away unlooked at (too many requests): not before this. */
  readonly retryAt: EpochMs | null;
}

/** A position that was found at the broker, all it had learnt gone but what our records say. */
export interface EarlierLife {
  /** When it was found, host clock; null where it was handed on with nothing left unsaid. */
  readonly foundAt: EpochMs | null;
  /** The last that were wanted; null where none are recorded. */
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
  /** How much has happened, and how much of it the last reading can show: when behind, read before acting. */
  readonly news: number;
  readonly newsRead: number;
  /** When a write last had no answer: it may still be carried out, long after. */
  readonly doubtAt: EpochMs | null;
  /** What is known of an earlier life of the position; null where it had none. */
  readonly earlier: EarlierLife | null;
  /** The policy an operator put in place of the intent's; null while that one holds. */
  readonly policy: TrailingPolicy | null;
  /** null until something is filled. */
  readonly trail: Trail | null;
  readonly aim: Aim;
  /** Foreign trades taken as this position's exits; what has been taken stays taken. */
  readonly adopted: readonly ForeignFill[];
  /** Highest crossing sequence applied; older ones are repeats. */
  readonly lastSeq: number;
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

/** Nothing is left for this session: closed, or handed on to the next one. */
export const isOver = (state: PositionState): boolean =>
  isClosed(state) || state.aim.kind === 'carried';

/** Why the position is being or has been left; null while it is held. */
export function exitReasonOf({ aim }: PositionState): ExitReason | null {
  if (aim.kind === 'hold') return null;
  return aim.kind === 'carried' ? aim.leaving : aim.reason;
}
