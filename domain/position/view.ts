// A position as people look at it: in the UI, on the terminal and in the report.
import { isResting } from './exitOrder';
import { averagePrice, grossPnl, holdingOf } from './holding';
import { exitReasonOf, type ExitReason, type PositionState } from './state';
import type { PositionTerms } from './terms';
import { directionSign, paise, shares, type Direction, type Paise, type Shares } from '../units';

export type PositionPhase =
  'entering' | 'inDoubt' | 'protected' | 'unprotected' | 'exiting' | 'carried' | 'closed';

/** Money in paise; `desiredStop` is what the rule wants, `confirmedStop` what the broker's book shows. */
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
  readonly modifications: number;
}

function phaseOf({ aim, entry }: PositionState, open: number, stopped: boolean): PositionPhase {
  if (aim.kind === 'done') return 'closed';
  if (aim.kind === 'carried') return 'carried';
  if (open === 0 && entry.kind === 'inDoubt') return 'inDoubt';
  if (aim.kind === 'leave') return 'exiting';
  if (open === 0) return 'entering';
  return stopped ? 'protected' : 'unprotected';
}

export function viewOf(terms: PositionTerms, state: PositionState): PositionView {
  const { intent } = terms;
  const holding = holdingOf(intent, state);
  const stop = holding.liveExits.find(isResting);
  const ltp = state.books?.ltp ?? null;
  const entry = averagePrice(holding.entered);
  const unrealised =
    ltp === null ? 0 : directionSign(intent.direction) * holding.open * (ltp - entry);
  return {
    intentId: intent.intentId,
    tradingsymbol: intent.instrument.tradingsymbol,
    direction: intent.direction,
    phase: phaseOf(state, holding.open, stop !== undefined),
    quantity: holding.open > 0 ? shares(holding.open) : holding.entered.quantity,
    entryPrice: entry,
    exitPrice: averagePrice(holding.exited),
    desiredStop: state.trail?.stop ?? null,
    confirmedStop: stop?.trigger ?? null,
    target: state.trail?.target ?? null,
    ltp,
    pnl: paise(grossPnl(intent, holding) + Math.round(unrealised)),
    exitReason: exitReasonOf(state),
    reason: intent.reason,
    modifications: state.exit.modifications,
  };
}
