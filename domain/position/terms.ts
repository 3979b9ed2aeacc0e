// What is fixed about a position from the moment it is intended: the intent, its trailing, and the
// durations by which it waits. It is the position workflow's input, so it is plain JSON.
import type { Instrument, PriceBand } from '../market/instrument';
import type { TradingSpan } from '../session/sessionClock';
import type { TrailingPolicy } from '../trailing';
import {
  epochMs,
  type Direction,
  type EpochMs,
  type Paise,
  type Product,
  type Shares,
} from '../units';

/** How long things may take, milliseconds of host time: a fast market has shorter ones. */
export interface PositionTiming {
  /** An entry not filled by then is cancelled, what has filled is kept. */
  readonly entryLifeMs: number;
  /** The books are read again at least this often while anything is open. */
  readonly rereadMs: number;
  /** A crossed stop or a converted exit unfilled for this long is priced again, wider. */
  readonly repriceMs: number;
  /** How long a stop of unknown outcome is looked for before it is placed again. */
  readonly stopDoubtMs: number;
}

/** Our decision to hold a position. Its id is the broker tag of every order it leads to. */
export interface Intent {
  readonly intentId: string;
  readonly account: string;
  readonly date: string;
  readonly instrument: Instrument;
  readonly direction: Direction;
  readonly product: Product;
  readonly quantity: Shares;
  /** The entry is a limit at this price: marketable, and never worse. */
  readonly entryLimit: Paise;
  /** Distances from the actual entry price, paise; the entry fixes the levels. */
  readonly stopDistance: Paise;
  readonly targetDistance: Paise;
  readonly policy: TrailingPolicy;
  readonly atrAtEntry: number;
  readonly band: PriceBand;
  /** Why, in words: shown in the alert and the report. */
  readonly reason: string;
}

/** What the position workflow is started with. */
export interface PositionTerms {
  readonly intent: Intent;
  readonly timing: PositionTiming;
  /** The session it is held in: what is carried is held in one after the other. */
  readonly date: string;
  /** Flat from here on, host clock; null of what may be carried over the night. */
  readonly squareOffAt: EpochMs | null;
  /** The exchange takes no more orders after this; host clock. */
  readonly cutOffAt: EpochMs;
  /** Between two sessions of the day the exchange takes no orders either; host clock, absent of older positions. */
  readonly pauses?: readonly TradingSpan[];
}

/** May it be held over the night? Then it is protected by a trigger that outlives the day. */
export const isCarried = ({ product }: Pick<Intent, 'product'>): boolean => product === 'CNC';

/** The policy in force: the intent's, unless an operator has changed it. */
export const policyOf = (
  { intent }: PositionTerms,
  { policy }: { readonly policy: TrailingPolicy | null },
): TrailingPolicy => policy ?? intent.policy;

/**
 * An intent's id, at most 20 alphanumeric characters: date, stock and minute of the bar. It is also the
 * broker's tag, by which our orders are known from everybody else's.
 */
export const intentIdOf = (date: string, instrumentToken: number, barEnd: EpochMs): string =>
  `${stockPart(date, instrumentToken)}${Math.floor(barEnd / 60_000)
    .toString(36)
    .toUpperCase()}`;

const stockPart = (date: string, instrumentToken: number): string =>
  `R${date.slice(2).replaceAll('-', '')}${instrumentToken.toString(36).toUpperCase()}T`;

/** The end of the bar an intent was decided on; undefined where its id is not one of `intentIdOf`. */
export function barEndOf({
  intentId,
  date,
  instrument,
}: Pick<Intent, 'intentId' | 'date' | 'instrument'>): EpochMs | undefined {
  const start = stockPart(date, instrument.instrumentToken);
  const minute = intentId.startsWith(start) ? intentId.slice(start.length) : '';
  return /^[0-9A-Z]{1,8}$/.test(minute) ? epochMs(Number.parseInt(minute, 36) * 60_000) : undefined;
}

/** Is this the tag of an order of ours, a correction included? */
export const isIntentTag = (tag: string): boolean => /^R\d{6}[0-9A-Z]+T[0-9A-Z]+c?$/.test(tag);
