// A fill the broker tells of before its books can be read: by an order update, or by one book alone. The stop is
// placed on it at once. The books take its place when they show it.
import type { OrderReport } from '../orders/order';
import { directionSign, entrySide, shares, type EpochMs } from '../units';
import type { PositionCommand } from './command';
import { beyondBooks, holdingOf, quantityOf } from './holding';
import { ltpOf, protectOrLeave, resizeDue } from './protection';
import { hiddenMaxMs, type BooksReading, type PositionState, type ReportedFill } from './state';
import { exitRequest, protectivePricing } from './exitOrder';
import { isCarried, type Intent, type PositionTerms } from './terms';

/**
 * The report as a fill of our entry; null where it says nothing new of it. A report that contradicts what was
 * sent is not believed.
 */
export function reportedFill(
  { intentId, direction, quantity, entryLimit }: Intent,
  { entry, books, reported }: PositionState,
  { orderId, tag, side, filledQuantity, averagePrice }: OrderReport,
  at: EpochMs,
): ReportedFill | null {
  const isEntry =
    tag === intentId &&
    side === entrySide(direction) &&
    entry.kind !== 'unsent' &&
    (entry.kind !== 'sent' || entry.orderId === orderId);
  const isPossible =
    Number.isInteger(filledQuantity) &&
    filledQuantity <= quantity &&
    averagePrice > 0 &&
    directionSign(direction) * (averagePrice - entryLimit) <= 0;
  const known = Math.max(reported?.quantity ?? 0, quantityOf(books?.fills ?? [], orderId));
  return isEntry && isPossible && filledQuantity > known
    ? { orderId, quantity: filledQuantity, averagePrice, at }
    : null;
}

/** An entry that has filled was sent, whatever its own answer was or will be. A dead one stays dead. */
export const entryReported = (
  entry: PositionState['entry'],
  { orderId, at }: ReportedFill,
): PositionState['entry'] =>
  entry.kind === 'sending' || entry.kind === 'inDoubt' ? { kind: 'sent', orderId, at } : entry;

/**
 * What is still beyond the books after a reading. A broker's books hide an order for two minutes at most; what
 * they do not show by then was not so.
 */
export const stillReported = (
  reported: PositionState['reported'],
  books: BooksReading,
): ReportedFill | null =>
  reported === null ||
  reported === undefined ||
  books.at > reported.at + hiddenMaxMs ||
  beyondBooks(books, reported).quantity === 0
    ? null
    : reported;

/** Is more told of than the books show? */
const isAheadOfBooks = ({ books, reported }: PositionState): boolean =>
  beyondBooks(books, reported).quantity > 0;

/** Is more told of than the books show and the exits sent would cover? */
export function lacksCover({ intent }: PositionTerms, state: PositionState): boolean {
  const sent = state.exit.unseen.reduce((sum, { quantity }) => sum + quantity, 0);
  return isAheadOfBooks(state) && sent < holdingOf(intent, state).open;
}

/**
 * The exit for what has been told of, without waiting for the books; undefined where the books are needed
 * first: the broker has refused an exit, or one was sent whose outcome or id is not known.
 */
export function coverReported(
  terms: PositionTerms,
  state: PositionState,
  now: EpochMs,
): PositionCommand | undefined {
  if (!isAheadOfBooks(state) || state.exit.refusals > 0) return undefined;
  const holding = holdingOf(terms.intent, state);
  if (holding.open <= 0 || holding.liveExits.length > 0) return undefined;
  const command =
    state.exit.unseen.length === 0
      ? protectOrLeave(terms, state, holding, now)
      : enlarged(terms, state, holding.open, now);
  return command?.kind === 'placeExit' || command?.kind === 'modifyExit' ? command : undefined;
}

/** The stop that was sent for fewer shares, for all that has been told of; known by the id it was answered with. */
function enlarged(
  { intent }: PositionTerms,
  state: PositionState,
  open: number,
  now: EpochMs,
): PositionCommand | undefined {
  const { exit, trail, aim } = state;
  const sent = exit.unseen.at(-1);
  const isStop = aim.kind === 'hold' && trail !== null && !isCarried(intent);
  if (!isStop || sent === undefined || sent.orderId === null || sent.quantity >= open)
    return undefined;
  if (now < resizeDue(state)) return undefined;
  const pricing = protectivePricing(intent, trail, ltpOf(state));
  const order = exitRequest(intent, shares(open), pricing);
  return { kind: 'modifyExit', orderId: sent.orderId, order };
}
