// What can happen to a position, and how each event changes its state. Pure: the workflow brings the events,
// and `nextCommand` decides what the new state calls for.
import { unreachable } from '../assert';
import { clampToBand, roundToTick } from '../market/instrument';
import {
  ratchet,
  startTrail,
  tightened,
  touchedBy,
  trailUnder,
  type Trail,
  type TrailingPolicy,
  type TrailingTerms,
} from '../trailing';
import type { BookOrder } from '../orders/order';
import { directionSign, paise, type EpochMs, type Paise } from '../units';
import { closedBy } from './closedBy';
import { isResting } from './exitOrder';
import { averagePrice, distinctFills, holdingOf, newlyAdopted, type Holding } from './holding';
import { entryReported, reportedFill, stillReported } from './reported';
import {
  exitAnswered,
  isEntry,
  modifyAnswered,
  stillUnseen,
  withAnswer,
  withNews,
} from './exitEvents';
import type { PositionEvent } from './positionEvent';
import { exitReasonOf, type BooksReading, type ExitReason, type PositionState } from './state';
import { policyOf, type Intent, type PositionTerms } from './terms';

/** The trailing terms for an average entry price. */
export function trailingTerms(
  { intent }: Pick<PositionTerms, 'intent'>,
  entry: Paise,
  policy: TrailingPolicy = intent.policy,
): TrailingTerms {
  const { direction, stopDistance, targetDistance, instrument, band, atrAtEntry } = intent;
  const d = directionSign(direction);
  const { tickSize } = instrument;
  // A stop outside the day's band would be refused, so it rests at the band's edge.
  const onTick = (price: number): Paise =>
    clampToBand(roundToTick(price, tickSize, 'nearest'), band, tickSize);
  return {
    direction,
    entry,
    initialStop: onTick(entry - d * stopDistance),
    initialTarget: onTick(entry + d * targetDistance),
    tickSize,
    band,
    atrAtEntry,
    policy,
  };
}

/** The terms for the position's average entry price; null before anything is filled. */
export function termsOf(terms: PositionTerms, state: PositionState): TrailingTerms | null {
  const { entered } = holdingOf(terms.intent, state);
  return entered.quantity === 0
    ? null
    : trailingTerms(terms, averagePrice(entered), policyOf(terms, state));
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
      return { ...withAnswer(state, event), entry: entryAfter(state.entry, event) };
    case 'exitAnswered':
      return exitAnswered(state, event);
    case 'modifyAnswered':
      return modifyAnswered(state, event);
    case 'cancelAnswered':
    case 'hinted':
      return withNews(state);
    case 'reported':
      return toldOf(terms, withNews(state), event);
    case 'booksRead':
      return booksRead(terms, { ...state, newsRead: event.news }, event.reading);
    case 'crossed':
      return crossed(terms, state, event);
    case 'tightened':
      return tighten(terms, state, event.stop);
    case 'policyChanged':
      return changePolicy(terms, state, event);
    case 'exitWanted':
      return wantExit(state, event.reason, event.at);
    case 'carried':
      return { ...state, aim: { kind: 'carried', leaving: exitReasonOf(state) } };
    case 'finished':
      return { ...state, aim: { kind: 'done', reason: closedBy(terms.intent, state) } };
    default:
      return unreachable(event);
  }
}

function entryAfter(
  before: PositionState['entry'],
  { outcome, at }: Extract<PositionEvent, { kind: 'entryAnswered' }>,
): PositionState['entry'] {
  // A fill was told of before the answer came: the entry was sent, whatever the answer says.
  if (before.kind === 'sent') return before;
  switch (outcome.kind) {
    case 'accepted':
      return { kind: 'sent', orderId: outcome.orderId, at };
    case 'rejected':
      return { kind: 'dead', why: `${outcome.code}: ${outcome.message}` };
    // An entry is never sent again: by then it would be a decision about another market.
    case 'turnedAway':
      return { kind: 'dead', why: outcome.message };
    case 'inDoubt':
      return { kind: 'inDoubt', since: at, why: outcome.message };
  }
}

/** A fill of the entry that the books need not show yet. */
function toldOf(
  terms: PositionTerms,
  state: PositionState,
  { report, at }: Extract<PositionEvent, { kind: 'reported' }>,
): PositionState {
  const reported = reportedFill(terms.intent, state, report, at);
  if (reported === null) return state;
  const known = { ...state, reported, entry: entryReported(state.entry, reported) };
  const trailing = termsOf(terms, known);
  const trail =
    known.trail ??
    (trailing === null ? null : firstTrail(trailing, known, holdingOf(terms.intent, known)));
  return { ...known, trail };
}

function booksRead(
  terms: PositionTerms,
  state: PositionState,
  reading: BooksReading,
): PositionState {
  const { intent } = terms;
  const seen = state.books;
  // A later reading may lack fills that an earlier one had. A fill once seen is kept.
  const books = {
    ...reading,
    ...newestPrice(seen, reading),
    fills: distinctFills([...(seen?.fills ?? []), ...reading.fills]),
    foreign: distinctFills([...(seen?.foreign ?? []), ...reading.foreign]),
  };
  const reported = stillReported(state.reported, books);
  const known = { ...state, books, reported };
  const adopted = [...state.adopted, ...newlyAdopted(intent, known)];
  const holding = holdingOf(intent, { books, adopted, reported });
  const trailing =
    holding.entered.quantity === 0
      ? null
      : trailingTerms(terms, averagePrice(holding.entered), policyOf(terms, state));
  const trail = trailing === null ? null : (state.trail ?? firstTrail(trailing, state, holding));
  const exit = { ...state.exit, unseen: stillUnseen(intent, state, reading) };
  const entry = entryInBooks(intent, state.entry, reading);
  return exitSeen({ ...known, adopted, entry, trail, exit }, holding, reading.at);
}

/** An adopted position may have trailed already. Its stop is never set back. */
function firstTrail(
  trailing: TrailingTerms,
  { earlier }: PositionState,
  { liveExits }: Holding,
): Trail {
  const trail = startTrail(trailing);
  const resting = liveExits.find(isResting)?.trigger ?? trail.stop;
  const wanted = earlier?.levels ?? trail;
  const d = directionSign(trailing.direction);
  return {
    ...tightenedTo(trailing, tightenedTo(trailing, trail, resting), wanted.stop),
    target: paise(d * Math.max(d * trail.target, d * wanted.target)),
  };
}

/** A reading may carry an older price than a tick has brought. The newer price is kept. */
function newestPrice(
  seen: BooksReading | null,
  reading: BooksReading,
): Pick<BooksReading, 'ltp' | 'ltpAt'> {
  const ltpAt = reading.ltpAt ?? reading.at;
  return seen?.ltpAt !== undefined && seen.ltpAt > ltpAt
    ? { ltp: seen.ltp, ltpAt: seen.ltpAt }
    : { ltp: reading.ltp, ltpAt };
}

/** An entry in doubt that appears in the books was sent. An entry the broker has since rejected is dead. */
function entryInBooks(
  intent: Intent,
  entry: PositionState['entry'],
  { orders, at }: BooksReading,
): PositionState['entry'] {
  const own = orders.find((order) => isEntry(intent, order));
  if (own === undefined || entry.kind === 'dead') return entry;
  if (own.status === 'REJECTED' && own.filledQuantity === 0)
    return { kind: 'dead', why: own.statusMessage ?? 'the broker rejected the order' };
  return entry.kind === 'inDoubt' ? { kind: 'sent', orderId: own.orderId, at } : entry;
}

/**
 * Exits that filled before the position was to be left: the resting stop filled, or somebody else closed it.
 */
function exitSeen(state: PositionState, { exited, open }: Holding, at: EpochMs): PositionState {
  const elsewhere = state.adopted.reduce((sum, fill) => sum + fill.quantity, 0);
  if (exited.quantity > elsewhere) return wantExit(state, legFilled(state) ?? 'stop', at);
  return elsewhere > 0 && open <= 0 ? wantExit(state, 'elsewhere', at) : state;
}

/** The leg of an OCO that has filled; undefined where none has. */
const legFilled = ({ books }: PositionState): BookOrder['leg'] =>
  books?.orders.find(({ leg, filledQuantity }) => leg !== undefined && filledQuantity > 0)?.leg;

/** The first reason is kept. A later one finds the position already being left. */
const wantExit = (state: PositionState, reason: ExitReason, at: EpochMs): PositionState =>
  state.aim.kind === 'hold'
    ? { ...state, aim: { kind: 'leave', reason, since: at, pricings: 0 } }
    : state;

/** Applies the new policy from now on. Without `force` it moves the stop only if that tightens it. */
function changePolicy(
  terms: PositionTerms,
  state: PositionState,
  { policy, force }: Extract<PositionEvent, { kind: 'policyChanged' }>,
): PositionState {
  const next = { ...state, policy };
  const trailing = termsOf(terms, next);
  if (trailing === null || state.trail === null || state.aim.kind !== 'hold') return next;
  return { ...next, trail: trailUnder(trailing, state.trail, terms.intent.atrAtEntry, force) };
}

/** The trail may have tightened further before the command arrives. Then the stop stays. */
function tighten({ intent }: PositionTerms, state: PositionState, stop: Paise): PositionState {
  const { trail } = state;
  return trail === null ? state : { ...state, trail: tightenedTo(intent, trail, stop) };
}

const tightenedTo = ({ direction }: Pick<Intent, 'direction'>, trail: Trail, stop: Paise): Trail =>
  directionSign(direction) * (stop - trail.stop) > 0 ? tightened(trail, stop) : trail;

type Crossing = Extract<PositionEvent, { kind: 'crossed' }>;

/** A sender that started later begins its sequence anew, whatever the clocks say. */
const isRepeated = ({ lastEpoch = 0, lastSeq }: PositionState, { epoch, seq }: Crossing): boolean =>
  epoch < lastEpoch || (epoch === lastEpoch && seq <= lastSeq);

/** Applies each price in turn, as if every tick had been looked at. A repeated crossing changes nothing. */
function crossed(terms: PositionTerms, before: PositionState, crossing: Crossing): PositionState {
  if (isRepeated(before, crossing)) return before;
  const { epoch, seq, path, at } = crossing;
  const state = { ...before, lastSeq: seq, lastEpoch: epoch };
  const trailing = termsOf(terms, state);
  const ltp = path.at(-1);
  if (trailing === null || state.trail === null || state.books === null || ltp === undefined) {
    return withNews(state);
  }
  let next: PositionState = { ...state, books: { ...state.books, ltp, ltpAt: at } };
  let trail = state.trail;
  for (const price of path) {
    const touch = touchedBy(trailing, trail, price);
    if (touch !== 'none') next = wantExit(withNews(next), touch, at);
    if (next.aim.kind === 'hold') trail = ratchet(trailing, trail, price, terms.intent.atrAtEntry);
  }
  return { ...next, trail };
}
