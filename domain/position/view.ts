// A position as people look at it: in the UI, on the terminal and in the report.
import { isResting } from './exitOrder';
import { averagePrice, grossPnl, holdingOf, type Holding } from './holding';
import { isInTransit } from './liveOrder';
import { exitReasonOf, type ExitReason, type PositionState } from './state';
import type { Intent, PositionTerms } from './terms';
import {
  directionSign,
  exitSide,
  paise,
  shares,
  type Direction,
  type EpochMs,
  type Paise,
  type Shares,
} from '../units';

export type PositionPhase =
  'entering' | 'inDoubt' | 'protected' | 'unprotected' | 'exiting' | 'carried' | 'closed';

/** Money in paise. `desiredStop` is what the rule wants, `confirmedStop` what the broker's books show. */
export interface PositionView {
  readonly intentId: string;
  readonly tradingsymbol: string;
  readonly direction: Direction;
  readonly phase: PositionPhase;
  readonly quantity: Shares;
  readonly entryPrice: Paise;
  readonly exitPrice: Paise;
  readonly desiredStop: Paise | null;
  readonly confirmedStop: Paise | null;
  readonly target: Paise | null;
  readonly ltp: Paise | null;
  readonly pnl: Paise;
  readonly exitReason: ExitReason | null;
  readonly reason: string;
  /** When the broker's books were last read, host clock; absent before the first reading. */
  readonly readAt?: EpochMs;
  readonly modifications: number;
  /** Signals that were not ours or made no sense, since the history began; only where it was asked for. */
  readonly droppedMessages?: number;
}

function phaseOf({ aim, entry }: PositionState, open: number, stopped: boolean): PositionPhase {
  if (aim.kind === 'done') return 'closed';
  if (aim.kind === 'carried') return 'carried';
  if (open === 0 && entry.kind === 'inDoubt') return 'inDoubt';
  if (aim.kind === 'leave') return 'exiting';
  if (open === 0) return 'entering';
  return stopped ? 'protected' : 'unprotected';
}

/** What a position is and what it has earned, from its trades and the stock's last price. */
export function figuresOf(
  intent: Intent,
  holding: Holding,
  ltp: Paise | null,
): Pick<
  PositionView,
  | 'intentId'
  | 'tradingsymbol'
  | 'direction'
  | 'reason'
  | 'quantity'
  | 'entryPrice'
  | 'exitPrice'
  | 'ltp'
  | 'pnl'
> {
  const { intentId, instrument, direction, reason } = intent;
  const { entered, exited, open } = holding;
  const entryPrice = averagePrice(entered);
  const unrealised = ltp === null ? 0 : directionSign(direction) * open * (ltp - entryPrice);
  return {
    intentId,
    tradingsymbol: instrument.tradingsymbol,
    direction,
    reason,
    entryPrice,
    ltp,
    quantity: open > 0 ? shares(open) : entered.quantity,
    exitPrice: averagePrice(exited),
    pnl: paise(grossPnl(intent, holding) + Math.round(unrealised)),
  };
}

/**
 * The stop as the broker's books show it at rest; null where none rests, or while a change of it is on its
 * way and its row may show either level.
 */
export function stopAtRest(intent: Intent, state: PositionState): Paise | null {
  const { liveExits } = holdingOf(intent, state);
  return liveExits.find((order) => isResting(order) && !isInTransit(order))?.trigger ?? null;
}

/** The broker's own words for refusing our exit, from its answer or later in its books; null where none. */
export function refusalOf(intent: Intent, { books, exit }: PositionState): string | null {
  const later = (books?.orders ?? []).findLast(
    ({ tag, side, status, statusMessage }) =>
      tag === intent.intentId &&
      side === exitSide(intent.direction) &&
      status === 'REJECTED' &&
      statusMessage !== null,
  );
  return exit.refusedWith ?? later?.statusMessage ?? null;
}

export function viewOf(terms: PositionTerms, state: PositionState): PositionView {
  const { intent } = terms;
  const holding = holdingOf(intent, state);
  const stop = holding.liveExits.find(isResting);
  return {
    ...figuresOf(intent, holding, state.books?.ltp ?? null),
    phase: phaseOf(state, holding.open, stop !== undefined),
    desiredStop: state.trail?.stop ?? null,
    confirmedStop: stop?.trigger ?? null,
    target: state.trail?.target ?? null,
    exitReason: exitReasonOf(state),
    ...(state.books !== null && { readAt: state.books.at }),
    modifications: state.exit.modifications,
  };
}
