// Something is held, so exactly one exit order of that quantity must be live, at the right price. While the
// position is held, that order is the stop; while it is being left, a limit through the market.
import { openPart, type BookOrder, type OrderPricing } from '../orders/order';
import type { Trail } from '../trailing';
import { exitSide, paise, shares, type EpochMs, type Paise } from '../units';
import { isWaitForNews, readBooks, wait, waitForNews, type PositionCommand } from './command';
import { isNight, isOverdue, leavesNow, levelsAround, type Leaving } from './carry';
import {
  alreadyCrossed,
  alreadyReached,
  correctedStop,
  exitPricing,
  exitRequest,
  isOco,
  isResting,
  protectivePricing,
} from './exitOrder';
import { quantityOf, type Holding } from './holding';
import {
  isInTransit,
  isWornOut,
  lookAgain,
  makeMarketable,
  refusalsBeforeReplacing,
  replace,
} from './liveOrder';
import { hiddenMaxMs, type PositionState } from './state';
import { isCarried, policyOf, type Intent, type PositionTerms } from './terms';

/** Longest pause before a refused exit is sent again. Nothing protects the position meanwhile. */
const refusedRetryMaxMs = 5_000;
/**
 * How often an order is resized at once. After that, fills of the entry are collected before the next resize.
 */
const resizesAtOnce = 6;
const resizePauseMs = 1_500;
export function protectOrLeave(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand {
  const [exit, extra] = holding.liveExits;
  if (extra !== undefined)
    return { kind: 'cancel', orderId: extra.orderId, why: 'a second exit must not exist' };
  if (isOverdue(terms, now)) return { kind: 'carry' };
  if (leftByBroker(terms, state)) {
    return exit === undefined
      ? { kind: 'finish' }
      : { kind: 'cancel', orderId: exit.orderId, why: 'the broker has squared the position off' };
  }
  const { retryAt } = state.exit;
  if (retryAt !== null && now < retryAt) return wait(retryAt);
  if (exit === undefined) return placeOrLookFor(terms, state, holding, now);
  if (isInTransit(exit)) return lookAgain(terms, state, now);
  const covered = { terms, state, holding, exit, now };
  const aim = leavesNow(terms, state, now);
  if (aim !== null) return chase(covered, aim);
  return isNight(terms, now) ? keepOvernight(covered) : keepStop(covered, state.trail);
}

/** After the close: the position is handed on once a trigger covers all of it at the right levels. */
function keepOvernight(covered: Covered): PositionCommand {
  const { terms, state, exit, now } = covered;
  // The exchange is about to cancel the day's limit. A trigger takes its place then.
  if (!isOco(exit)) return lookAgain(terms, state, now);
  const { trail } = state;
  const levels = trail === null ? null : levelsAround(terms.intent, trail, ltpOf(state));
  const command = keepStop(covered, levels);
  return isWaitForNews(command) ? { kind: 'carry' } : command;
}

/**
 * After the broker's own square-off its book shows none of the stock, though no trade says who sold it.
 * Another exit would open a position in the other direction. Before that instant a book that lags behind a
 * fill could look the same, so it is not believed.
 */
function leftByBroker({ intent, cutOffAt }: PositionTerms, { books }: PositionState): boolean {
  if (isCarried(intent)) return false;
  return books !== null && books.at >= cutOffAt && books.netQuantity === 0;
}

/**
 * The shares the broker would let us sell now. Delivery shares that another order is already selling cannot
 * be sold again: the broker would refuse an exit for all of them, and the position would have no exit.
 */
const sellable = (
  { intent }: PositionTerms,
  { books }: PositionState,
  { open }: Holding,
): number => (isCarried(intent) ? Math.max(0, open - (books?.othersSelling ?? 0)) : open);

/** The last price; before the books have brought one, what the entry was told to have filled at. */
export const ltpOf = ({ books, reported }: PositionState): Paise =>
  books?.ltp ?? reported?.averagePrice ?? paise(0);

function placeOrLookFor(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand {
  const { timing } = terms;
  const placed = state.exit.unseen.findLast(({ tag }) => tag === terms.intent.intentId);
  if (placed !== undefined && !isGivenUp(state)) {
    if (placed.orderId !== null && placed.sought === undefined && state.aim.kind === 'leave')
      return leaveUnseen(terms, state, { ...holding, orderId: placed.orderId }, now);
    const isListedAtOnce = placed.orderId === null || placed.sought !== undefined;
    const patience = isListedAtOnce ? timing.stopDoubtMs : hiddenMaxMs;
    const again = (state.books?.at ?? 0) + timing.rereadMs / 4;
    const patientUntil = placed.at + patience;
    if (now < patientUntil)
      return now < again ? wait(Math.min(again, patientUntil)) : readBooks(state);
  }
  const refusals = refusalsOf(terms, state);
  // After repeated refusals the exit is sent ever more slowly. Nothing else can be done for it.
  const pause = Math.min(timing.repriceMs * 2 ** (refusals - 3), refusedRetryMaxMs);
  const due = refusals < 3 ? 0 : (state.exit.modifiedAt ?? 0) + pause;
  if (now < due) return wait(due);
  return placeExit(terms, state, { ...holding, refusals, now });
}

/** An unseen order that neither fills nor shows after so many changes does not exist. Another is placed. */
const isGivenUp = ({ aim, exit }: PositionState): boolean =>
  aim.kind === 'leave' && exit.modifications + exit.refusedModifications >= refusalsBeforeReplacing;

/**
 * The broker answered with the exit order's id, but its books hide the order. It is made marketable by that
 * id.
 */
function leaveUnseen(
  terms: PositionTerms,
  state: PositionState,
  { orderId, ...holding }: Holding & { readonly orderId: string },
  now: EpochMs,
): PositionCommand {
  const { intent, timing } = terms;
  const due = (state.exit.modifiedAt ?? 0) + timing.repriceMs;
  if (now < due) return wait(due);
  const attempt = state.aim.kind === 'leave' ? state.aim.pricings : 0;
  const filled = quantityOf(state.books?.fills ?? [], orderId);
  const pricing = exitPricing(intent, ltpOf(state), attempt);
  const quantity = shares(sellable(terms, state, holding) + filled);
  if (quantity === 0) return waitForNews();
  const order = exitRequest(intent, quantity, pricing);
  return { kind: 'modifyExit', orderId, order };
}

/** How often the broker refused our exit order, in its answer or later in the books. */
function refusalsOf({ intent }: PositionTerms, { exit, books }: PositionState): number {
  // A refused order that a trigger placed says nothing about where a stop may rest.
  const later = (books?.orders ?? []).filter(
    (order) =>
      order.side === exitSide(intent.direction) &&
      order.status === 'REJECTED' &&
      order.leg === undefined &&
      !isOco(order),
  );
  return exit.refusals + later.length;
}

function placeExit(
  terms: PositionTerms,
  state: PositionState,
  { refusals, now, ...holding }: Holding & { readonly refusals: number; readonly now: EpochMs },
): PositionCommand {
  const { intent } = terms;
  const { trail } = state;
  const ltp = ltpOf(state);
  const place = (pricing: OrderPricing, quantity = holding.open): PositionCommand => ({
    kind: 'placeExit',
    order: exitRequest(intent, shares(quantity), pricing),
  });
  const aim = leavesNow(terms, state, now);
  if (aim !== null) {
    const quantity = sellable(terms, state, holding);
    return quantity === 0 ? waitForNews() : place(exitPricing(intent, ltp, aim.pricings), quantity);
  }
  if (trail === null) return readBooks(state);
  // Nothing can be sold before the next session, so the trigger lies where the broker accepts it.
  if (isNight(terms, now))
    return place(protectivePricing(intent, levelsAround(intent, trail, ltp), ltp));
  const reason = touched(intent, trail, ltp);
  if (reason !== null) return { kind: 'wantExit', reason };
  if (refusals > 1) return { kind: 'wantExit', reason: 'stopRefused' };
  const stop = refusals === 0 ? trail.stop : correctedStop(intent, trail.stop, ltp);
  return place(protectivePricing(intent, { ...trail, stop }, ltp));
}

/** Which level the price has already reached, so that the broker would not take the order; null for none. */
function touched(intent: Intent, { stop, target }: Levels, ltp: Paise): 'stop' | 'target' | null {
  if (alreadyCrossed(intent, stop, ltp)) return 'stop';
  return isCarried(intent) && alreadyReached(intent, target, ltp) ? 'target' : null;
}

/** The broker's modification takes the order's total quantity, filled shares included. */
const modify = (
  { intent }: PositionTerms,
  holding: Holding,
  { orderId, filledQuantity }: BookOrder,
  pricing: OrderPricing,
): PositionCommand => ({
  kind: 'modifyExit',
  orderId,
  order: exitRequest(intent, shares(holding.open + filledQuantity), pricing),
});

/** A position with its one live exit order. */
interface Covered {
  readonly terms: PositionTerms;
  readonly state: PositionState;
  readonly holding: Holding;
  readonly exit: BookOrder;
  readonly now: EpochMs;
}

type Levels = Pick<Trail, 'stop' | 'target'>;

/** Moves the stop with the trail and the held quantity, inside its modification budget and interval. */
function keepStop(
  { terms, state, holding, exit, now }: Covered,
  levels: Levels | null,
): PositionCommand {
  const { intent } = terms;
  if (levels === null) return readBooks(state);
  // The stop has triggered and is a limit now. It gets its time to fill before it is chased.
  if (!isResting(exit)) return { kind: 'wantExit', reason: exit.leg ?? 'stop' };
  const uncovered = openPart(exit) !== holding.open;
  const moved = exit.trigger !== levels.stop || (isOco(exit) && exit.target !== levels.target);
  if (!uncovered && !moved) return waitForNews();
  const ltp = ltpOf(state);
  const reason = moved || isOco(exit) ? touched(intent, levels, ltp) : null;
  if (reason !== null) return { kind: 'wantExit', reason };
  if (isWornOut(terms, state, exit, { uncovered })) return replace(exit);
  const due = (state.exit.modifiedAt ?? 0) + pauseBeforeModifying(terms, state, uncovered);
  const pricing = protectivePricing(intent, levels, ltp);
  return now >= due ? modify(terms, holding, exit, pricing) : wait(due);
}

/** A refused modification leaves the old stop at the broker. It is tried again, ever more slowly. */
function pauseBeforeModifying(
  terms: PositionTerms,
  state: PositionState,
  uncovered: boolean,
): number {
  const { timing } = terms;
  const { exit } = state;
  const { minIntervalMs } = policyOf(terms, state);
  if (exit.refusedModifications > 0) {
    const doublings = Math.min(exit.refusedModifications, 6) - (uncovered ? 1 : 0);
    return Math.max(minIntervalMs, timing.repriceMs) * 2 ** doublings;
  }
  return uncovered ? resizePause(state) : minIntervalMs;
}

const resizePause = ({ exit }: PositionState): number =>
  exit.modifications < resizesAtOnce ? 0 : resizePauseMs;

/** From when the exit order may be resized. */
export const resizeDue = (state: PositionState): number =>
  (state.exit.modifiedAt ?? 0) + resizePause(state);

/**
 * A stop that was reached fills by itself at the exchange, and so do both legs of an OCO. It is chased only
 * if it hangs.
 */
function fillsByItself(exit: BookOrder, { reason }: Leaving, trail: Trail | null): boolean {
  if (reason === 'stop') return !isResting(exit) || exit.trigger === trail?.stop;
  return (
    reason === 'target' &&
    (exit.leg !== undefined || (isOco(exit) && exit.target === trail?.target))
  );
}

/** The position is being left: the exit order becomes marketable, priced wider each time it hangs. */
function chase({ terms, state, holding, exit, now }: Covered, aim: Leaving): PositionCommand {
  const { intent, timing } = terms;
  const since = Math.max(aim.since, aim.pricings > 0 ? (state.exit.modifiedAt ?? 0) : 0);
  const due =
    aim.pricings > 0 || fillsByItself(exit, aim, state.trail) ? since + timing.repriceMs : since;
  if (now < due) return wait(due);
  if (isOco(exit))
    return { kind: 'cancel', orderId: exit.orderId, why: 'a limit takes the place of the trigger' };
  const pricing = exitPricing(intent, ltpOf(state), aim.pricings);
  // Shares this order is selling cannot be on sale in another.
  const left = Math.min(holding.open, Math.max(openPart(exit), sellable(terms, state, holding)));
  const order = exitRequest(intent, shares(left + exit.filledQuantity), pricing);
  return makeMarketable(terms, state, exit, order);
}
