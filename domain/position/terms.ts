// What is fixed about a position from the moment it is intended: the intent, its trailing, and how long it
// waits for things. The terms are the position workflow's input, so they are plain JSON.
import type { Instrument, PriceBand } from '../market/instrument';
import type { TradingSpan } from '../session/sessionClock';
import type { TrailingPolicy } from '../trailing';
import type { Direction, EpochMs, Paise, Product, Shares } from '../units';

/** How long things may take, milliseconds of host time. A market that runs faster has shorter ones. */
export interface PositionTiming {
  /** An entry that has not filled by then is cancelled; what has filled is kept. */
  readonly entryLifeMs: number;
  /** The books are read at least this often while anything is open. */
  readonly rereadMs: number;
  /**
   * A triggered stop, or an exit made marketable, that has not filled for this long is priced again, wider.
   */
  readonly repriceMs: number;
  /** How long a stop of unknown outcome is looked for before another is placed. */
  readonly stopDoubtMs: number;
}

/** Our decision to hold a position. Its id is the broker's tag of every order it leads to. */
export interface Intent {
  readonly intentId: string;
  readonly account: string;
  readonly date: string;
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly product: Product;
  readonly quantity: Shares;
  /** The entry is a limit at this price: marketable, and never filled at a worse one. */
  readonly entryLimit: Paise;
  /** Distances in paise from the actual entry price, which fixes the levels. */
  readonly stopDistance: Paise;
  readonly targetDistance: Paise;
  readonly policy: TrailingPolicy;
  readonly atrAtEntry: number;
  readonly band: PriceBand;
  /** Why, in words, for the alert and the report. */
  readonly reason: string;
}

/** What the position workflow is started with. */
export interface PositionTerms {
  readonly intent: Intent;
  readonly timing: PositionTiming;
  /** The session it is held in. A carried position is held in one session after the other. */
  readonly date: string;
  /** When it has to be left, host clock; null for what may be carried over the night. */
  readonly squareOffAt: EpochMs | null;
  /** The exchange takes no more orders after this; host clock. */
  readonly cutOffAt: EpochMs;
  /** Between two sessions of the day the exchange takes no orders either; host clock, absent of older positions. */
  readonly pauses?: readonly TradingSpan[];
  /** How often the broker lets one order be modified; null: without limit. */
  readonly modificationsMax: number | null;
}

/** May it be held over the night? Then a trigger that outlives the day protects it. */
export const isCarried = ({ product }: Pick<Intent, 'product'>): boolean => product === 'CNC';

/** The policy in force: the intent's, unless an operator has changed it. */
export const policyOf = (
  { intent }: PositionTerms,
  { policy }: { readonly policy: TrailingPolicy | null },
): TrailingPolicy => policy ?? intent.policy;
