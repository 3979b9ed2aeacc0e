// What to do about a position now, derived from its state alone. The rules are about levels, not about
// transitions: whenever something is held and no live stop of that quantity exists, one is placed, no
// matter how the state came about. One command at a time, so each order has a single writer.
import { unreachable } from '../assert';
import type { OrderPricing, OrderRequest } from '../orders/order';
import { entrySide, epochMs, type EpochMs, type Paise } from '../units';
import {
  alreadyCrossed,
  correctedStop,
  exitPricing,
  exitRequest,
  isResting,
  stopPricing,
} from './exitOrder';
import { holdingOf, type Holding } from './holding';
import type { PositionState } from './state';
import type { PositionTerms } from './terms';

/** Kite allows 25 modifications of one order; the last ones are kept for leaving. */
const modificationsForTrailing = 18;

export type PositionCommand =
  | { readonly kind: 'sendEntry'; readonly order: OrderRequest }
  | { readonly kind: 'placeExit'; readonly order: OrderRequest }
  | { readonly kind: 'modifyExit'; readonly orderId: string; readonly order: OrderRequest }
  | { readonly kind: 'cancel'; readonly orderId: string; readonly why: string }
  | { readonly kind: 'readBooks' }
  | { readonly kind: 'wantExit'; readonly reason: 'squareOff' | 'stop' | 'stopRefused' }
  | { readonly kind: 'finish' }
  /** Nothing to do before `until` (host clock) unless a message comes. */
  | { readonly kind: 'wait'; readonly until: EpochMs };

const wait = (until: number): PositionCommand => ({
  kind: 'wait',
  until: epochMs(Math.ceil(until)),
});

/** The next command; ask again after carrying it out. */
export function nextCommand(
  terms: PositionTerms,
  state: PositionState,
  now: EpochMs,
): PositionCommand {
  const { timing, intent } = terms;
  if (now >= terms.squareOffAt && state.exitReason === null)
    return { kind: 'wantExit', reason: 'squareOff' };
  if (state.entry.kind === 'unsent') {
    return state.exitReason === null
      ? { kind: 'sendEntry', order: entryOrder(terms) }
      : { kind: 'finish' };
  }
  if (state.booksStale) return { kind: 'readBooks' };
  const holding = holdingOf(intent, state.books);
  const reread = (state.books?.at ?? 0) + timing.rereadMs;
  const command =
    holding.open > 0
      ? whileOpen(terms, state, holding, now)
      : whileFlat(terms, state, holding, now);
  if (command.kind !== 'wait') return command;
  if (now >= reread) return { kind: 'readBooks' };
  return wait(Math.min(command.until, reread));
}

const entryOrder = ({ intent }: PositionTerms): OrderRequest => ({
  tag: intent.intentId,
  tradingsymbol: intent.instrument.tradingsymbol,
  side: entrySide(intent.direction),
  product: intent.product,
  quantity: intent.quantity,
  pricing: { kind: 'LIMIT', price: intent.entryLimit },
});

/** Nothing is held: wait for the entry, give it up, or finish. */
function whileFlat(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand {
  const [orphan] = holding.liveExits;
  if (orphan !== undefined)
    return { kind: 'cancel', orderId: orphan.orderId, why: 'nothing is held' };
  const stale = entryToCancel(terms, state, holding, now);
  if (stale !== undefined) return stale;
  switch (state.entry.kind) {
    case 'dead':
      return { kind: 'finish' };
    case 'sent':
      if (holding.liveEntry !== undefined) return wait(state.entry.at + terms.timing.entryLifeMs);
      return entryIsFinal(state) ? { kind: 'finish' } : wait(now + terms.timing.rereadMs);
    case 'inDoubt':
      // It may still appear: watched by tag to the end of the session, never sent again.
      return now >= terms.cutOffAt ? { kind: 'finish' } : wait(terms.cutOffAt);
    case 'sending':
    case 'unsent':
      return wait(now + terms.timing.rereadMs);
    default:
      return unreachable(state.entry);
  }
}

function entryIsFinal(state: PositionState): boolean {
  const { entry, books } = state;
  return (
    entry.kind === 'sent' &&
    (books?.orders.some((order) => order.orderId === entry.orderId) ?? false)
  );
}

/** A live entry that has had its time, or is no longer wanted. */
function entryToCancel(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand | undefined {
  const { liveEntry } = holding;
  if (liveEntry === undefined) return undefined;
  const sentAt = state.entry.kind === 'sent' ? state.entry.at : 0;
  const unwanted = state.exitReason !== null;
  if (!unwanted && now < sentAt + terms.timing.entryLifeMs) return undefined;
  return {
    kind: 'cancel',
    orderId: liveEntry.orderId,
    why: unwanted ? 'the position is being left' : 'not filled in time',
  };
}

/** Something is held: exactly one exit order of that quantity must be live, at the right price. */
function whileOpen(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand {
  const stale = entryToCancel(terms, state, holding, now);
  if (stale !== undefined) return stale;
  const [exit, extra] = holding.liveExits;
  if (extra !== undefined)
    return { kind: 'cancel', orderId: extra.orderId, why: 'a second exit must not exist' };
  if (leftByBroker(terms, state)) {
    return exit === undefined
      ? { kind: 'finish' }
      : { kind: 'cancel', orderId: exit.orderId, why: 'the broker has squared the position off' };
  }
  if (exit !== undefined) {
    return state.exitReason === null
      ? keepStop(terms, state, holding, now)
      : chase(terms, state, holding, now);
  }
  const { placedAt } = state.exit;
  if (placedAt !== null && now < placedAt + terms.timing.stopDoubtMs) {
    const again = (state.books?.at ?? 0) + terms.timing.rereadMs / 4;
    return now < again ? wait(again) : { kind: 'readBooks' };
  }
  return placeExit(terms, state, holding);
}

/**
 * Past the broker's own square-off, and its book shows none of the stock: it has left for us, by an order
 * without our tag. Another exit would open a position the other way. Before that instant a book that
 * lags a fill could say the same, so it is not believed.
 */
function leftByBroker({ cutOffAt }: PositionTerms, { books }: PositionState): boolean {
  return books !== null && books.at >= cutOffAt && books.netQuantity === 0;
}

const ltpOf = (state: PositionState): Paise => state.books?.ltp ?? (0 as Paise);

function placeExit(terms: PositionTerms, state: PositionState, holding: Holding): PositionCommand {
  const { intent } = terms;
  const ltp = ltpOf(state);
  if (state.exitReason !== null)
    return place(terms, holding, exitPricing(intent, ltp, state.exit.pricings));
  if (state.trail === null) return { kind: 'readBooks' };
  if (alreadyCrossed(intent, state.trail.stop, ltp)) return { kind: 'wantExit', reason: 'stop' };
  if (state.exit.refusals > 1) return { kind: 'wantExit', reason: 'stopRefused' };
  const stop =
    state.exit.refusals === 0 ? state.trail.stop : correctedStop(intent, state.trail.stop, ltp);
  return place(terms, holding, stopPricing(intent, stop));
}

const place = (
  { intent }: PositionTerms,
  holding: Holding,
  pricing: OrderPricing,
): PositionCommand => ({
  kind: 'placeExit',
  order: exitRequest(intent, holding.open, pricing),
});

/** The stop follows the trail and the held quantity, inside its budget and interval. */
function keepStop(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand {
  const { intent } = terms;
  const [exit] = holding.liveExits;
  const { trail } = state;
  if (exit === undefined || trail === null) return { kind: 'readBooks' };
  const modify = (pricing: OrderPricing): PositionCommand => ({
    kind: 'modifyExit',
    orderId: exit.orderId,
    // Kite's modification takes the order's total quantity, what has filled included.
    order: exitRequest(
      intent,
      (holding.open + exit.filledQuantity) as typeof holding.open,
      pricing,
    ),
  });
  // Triggered: it is a limit now. Give it its time, then chase.
  if (!isResting(exit)) return { kind: 'wantExit', reason: 'stop' };
  const uncovered = exit.quantity - exit.filledQuantity !== holding.open;
  const moved = exit.trigger !== trail.stop;
  if (!uncovered && !moved) return wait(Number.MAX_SAFE_INTEGER);
  if (moved && alreadyCrossed(intent, trail.stop, ltpOf(state)))
    return { kind: 'wantExit', reason: 'stop' };
  if (uncovered) return modify(stopPricing(intent, trail.stop));
  if (state.exit.modifications >= modificationsForTrailing) {
    return {
      kind: 'cancel',
      orderId: exit.orderId,
      why: 'its modifications are used up: one replacement',
    };
  }
  const due = (state.exit.modifiedAt ?? 0) + intent.policy.minIntervalMs;
  return now >= due ? modify(stopPricing(intent, trail.stop)) : wait(due);
}

/** The position is being left: make the exit order marketable, wider each time it hangs. */
function chase(
  terms: PositionTerms,
  state: PositionState,
  holding: Holding,
  now: EpochMs,
): PositionCommand {
  const { intent, timing } = terms;
  const [exit] = holding.liveExits;
  if (exit === undefined) return { kind: 'readBooks' };
  const since = Math.max(
    state.exitSince ?? 0,
    state.exit.pricings > 0 ? (state.exit.modifiedAt ?? 0) : 0,
  );
  // A touched stop fills by itself at the exchange; only one that hangs is chased.
  const own =
    state.exitReason === 'stop' && (!isResting(exit) || exit.trigger === state.trail?.stop);
  const due = state.exit.pricings > 0 || own ? since + timing.repriceMs : since;
  if (now < due) return wait(due);
  const pricing = exitPricing(intent, ltpOf(state), state.exit.pricings);
  const quantity = (holding.open + exit.filledQuantity) as typeof holding.open;
  return {
    kind: 'modifyExit',
    orderId: exit.orderId,
    order: exitRequest(intent, quantity, pricing),
  };
}
