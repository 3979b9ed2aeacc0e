// What can happen to a position, and how each event changes its state. Pure: the workflow brings the
// events, `nextCommand` says what to do about the state they lead to.
import { unreachable } from '../assert';
import { ratchet, startTrail, tightened, touchedBy, type TrailingTerms } from '../trailing';
import type { SendOutcome } from '../orders/order';
import { directionSign, entrySide, paise, type EpochMs, type Paise } from '../units';
import { averagePrice, holdingOf } from './holding';
import type { BooksReading, ExitReason, PositionState } from './state';
import type { PositionTerms } from './terms';

export type PositionEvent =
  | { readonly kind: 'entrySending' }
  | { readonly kind: 'entryAnswered'; readonly outcome: SendOutcome; readonly at: EpochMs }
  | { readonly kind: 'exitAnswered'; readonly outcome: SendOutcome; readonly at: EpochMs }
  | { readonly kind: 'modifyAnswered'; readonly outcome: SendOutcome; readonly at: EpochMs }
  | { readonly kind: 'cancelAnswered' }
  | { readonly kind: 'booksRead'; readonly reading: BooksReading }
  /** Prices that left the band since the last signal, in the order they came. */
  | {
      readonly kind: 'crossed';
      readonly seq: number;
      readonly path: readonly Paise[];
      readonly atr: number;
      readonly at: EpochMs;
    }
  | { readonly kind: 'hinted' }
  | { readonly kind: 'tightened'; readonly stop: Paise }
  | { readonly kind: 'exitWanted'; readonly reason: ExitReason; readonly at: EpochMs }
  | { readonly kind: 'finished' };

/** The trailing terms, once an entry price exists. */
export function trailingTerms(terms: PositionTerms, entry: Paise): TrailingTerms {
  const { direction, stopDistance, targetDistance, instrument, band, atrAtEntry, policy } =
    terms.intent;
  const d = directionSign(direction);
  const onTick = (price: number): Paise =>
    paise(Math.round(price / instrument.tickSize) * instrument.tickSize);
  return {
    direction,
    entry,
    initialStop: onTick(entry - d * stopDistance),
    initialTarget: onTick(entry + d * targetDistance),
    tickSize: instrument.tickSize,
    band,
    atrAtEntry,
    policy,
  };
}

/** The terms for the position's average entry price; null before anything is filled. */
export function termsOf(terms: PositionTerms, state: PositionState): TrailingTerms | null {
  const { entered } = holdingOf(terms.intent, state.books);
  return entered.quantity === 0 ? null : trailingTerms(terms, averagePrice(entered));
}

/** The state after an event. */
export function apply(
  terms: PositionTerms,
  state: PositionState,
  event: PositionEvent,
): PositionState {
  switch (event.kind) {
    case 'entrySending':
      return { ...state, entry: { kind: 'sending' } };
    case 'entryAnswered':
      return { ...state, booksStale: true, entry: entryAfter(event.outcome, event.at) };
    case 'exitAnswered':
      return exitAnswered(state, event.outcome, event.at);
    case 'modifyAnswered':
      return modifyAnswered(state, event.outcome, event.at);
    case 'cancelAnswered':
    case 'hinted':
      return { ...state, booksStale: true };
    case 'booksRead':
      return booksRead(terms, state, event.reading);
    case 'crossed':
      return event.seq <= state.lastSeq
        ? state
        : crossed(terms, { ...state, lastSeq: event.seq }, event);
    case 'tightened':
      return state.trail === null ? state : { ...state, trail: tightened(state.trail, event.stop) };
    case 'exitWanted':
      return wantExit(state, event.reason, event.at);
    case 'finished':
      return { ...state, closed: true };
    default:
      return unreachable(event);
  }
}

function entryAfter(outcome: SendOutcome, at: EpochMs): PositionState['entry'] {
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', orderId: outcome.orderId, at };
    case 'rejected':
      return { kind: 'dead', why: `${outcome.code}: ${outcome.message}` };
    case 'inDoubt':
      return { kind: 'inDoubt', since: at, why: outcome.message };
  }
}

function exitAnswered(state: PositionState, outcome: SendOutcome, at: EpochMs): PositionState {
  const refused = outcome.kind === 'rejected';
  const exit = {
    ...state.exit,
    placedAt: refused ? null : at,
    modifiedAt: at,
    modifications: 0,
    refusals: state.exit.refusals + (refused ? 1 : 0),
    pricings: state.exit.pricings + (state.exitReason === null ? 0 : 1),
  };
  return { ...state, exit, booksStale: true };
}

function modifyAnswered(state: PositionState, outcome: SendOutcome, at: EpochMs): PositionState {
  const refused = outcome.kind === 'rejected';
  const exit = {
    ...state.exit,
    modifiedAt: at,
    modifications: state.exit.modifications + 1,
    refusals: state.exit.refusals + (refused ? 1 : 0),
    pricings: state.exit.pricings + (state.exitReason === null ? 0 : 1),
  };
  return { ...state, exit, booksStale: true };
}

function booksRead(
  terms: PositionTerms,
  state: PositionState,
  reading: BooksReading,
): PositionState {
  const { intent } = terms;
  // A later reading may lack what an earlier one had: fills are never un-known.
  const books = { ...reading, fills: [...(state.books?.fills ?? []), ...reading.fills] };
  const holding = holdingOf(intent, books);
  const ownEntry = reading.orders.find(
    (order) => order.tag === intent.intentId && order.side === entrySide(intent.direction),
  );
  const entry =
    ownEntry !== undefined && state.entry.kind === 'inDoubt'
      ? ({ kind: 'sent', orderId: ownEntry.orderId, at: reading.at } as const)
      : state.entry;
  const trailing =
    holding.entered.quantity === 0 ? null : trailingTerms(terms, averagePrice(holding.entered));
  const trail = trailing === null ? null : (state.trail ?? startTrail(trailing));
  const seen = holding.liveExits.length > 0;
  return {
    ...state,
    books,
    entry,
    trail,
    booksStale: false,
    exit: { ...state.exit, placedAt: seen ? null : state.exit.placedAt },
  };
}

/** The first reason stands: later ones find the position already leaving. */
const wantExit = (state: PositionState, reason: ExitReason, at: EpochMs): PositionState =>
  state.exitReason === null ? { ...state, exitReason: reason, exitSince: at } : state;

type Crossing = Extract<PositionEvent, { kind: 'crossed' }>;

/** Applies each price in turn, exactly as if every tick had been looked at. */
function crossed(
  terms: PositionTerms,
  state: PositionState,
  { path, atr, at }: Crossing,
): PositionState {
  const trailing = termsOf(terms, state);
  const ltp = path.at(-1);
  if (trailing === null || state.trail === null || state.books === null || ltp === undefined) {
    return { ...state, booksStale: true };
  }
  let next: PositionState = { ...state, books: { ...state.books, ltp } };
  let trail = state.trail;
  for (const price of path) {
    const touch = touchedBy(trailing, trail, price);
    if (touch !== 'none') next = wantExit({ ...next, booksStale: true }, touch, at);
    if (next.exitReason === null) trail = ratchet(trailing, trail, price, atr);
  }
  return { ...next, trail };
}
