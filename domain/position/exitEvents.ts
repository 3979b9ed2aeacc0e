// What answers and books say about our exit orders: which were refused, which the broker turned away before
// looking at them, and which have not shown in the books yet.
import type { BookOrder, OrderRequest, SendOutcome } from '../orders/order';
import { entrySide, epochMs, shares, type EpochMs } from '../units';
import type { PositionEvent } from './positionEvent';
import { isOco } from './exitOrder';
import { quantityOf } from './holding';
import type { Aim, BooksReading, PositionState, UnseenExit } from './state';
import type { Intent } from './terms';

/** Something has happened that the last reading of the books cannot show. */
export const withNews = (state: PositionState): PositionState => ({
  ...state,
  news: state.news + 1,
});

/**
 * Notes that a write was answered. A write without an answer may still be carried out, so its time is kept.
 */
export const withAnswer = (
  state: PositionState,
  { outcome, at }: { readonly outcome: SendOutcome; readonly at: EpochMs },
): PositionState => ({
  ...withNews(state),
  doubtAt: outcome.kind === 'inDoubt' ? at : state.doubtAt,
});

const turnedAwayPauseMs = 1_000;
/** The state travels with every history that continues as new, so a long answer is cut. */
const wordsMax = 300;

/** The broker's words for the newest refusal, until a write is accepted. */
function refusedWith({ exit }: PositionState, outcome: SendOutcome): string | null {
  if (outcome.kind === 'rejected') return `${outcome.code}: ${outcome.message}`.slice(0, wordsMax);
  return outcome.kind === 'accepted' ? null : (exit.refusedWith ?? null);
}

export function exitAnswered(
  state: PositionState,
  { outcome, order, at }: Extract<PositionEvent, { kind: 'exitAnswered' }>,
): PositionState {
  // The broker did not look at it, so it says nothing about the order.
  if (outcome.kind === 'turnedAway') return turnedAway(state, at);
  const refused = outcome.kind === 'rejected';
  const orderId = outcome.kind === 'accepted' ? outcome.orderId : null;
  const placed = { orderId, tag: order.tag, quantity: order.quantity, at, ...soughtBy(order) };
  const exit = {
    unseen: refused ? state.exit.unseen : [...state.exit.unseen, placed],
    modifiedAt: at,
    modifications: 0,
    refusedModifications: 0,
    refusals: state.exit.refusals + (refused ? 1 : 0),
    retryAt: null,
    refusedWith: refusedWith(state, outcome),
  };
  return { ...withAnswer(state, { outcome, at }), exit, aim: priced(state.aim) };
}

/** A trigger carries no tag. Without an answer it is recognised by its levels. */
const soughtBy = ({
  pricing,
  quantity,
}: Pick<OrderRequest, 'pricing' | 'quantity'>): Pick<UnseenExit, 'sought'> =>
  pricing.kind === 'OCO'
    ? { sought: { quantity, stop: pricing.trigger, target: pricing.target.trigger } }
    : {};

const turnedAway = (state: PositionState, at: EpochMs): PositionState => ({
  ...withNews(state),
  exit: { ...state.exit, retryAt: epochMs(at + turnedAwayPauseMs) },
});

/** A refused modification changed nothing at the broker, so it is not counted against the order's budget. */
export function modifyAnswered(
  state: PositionState,
  { outcome, orderId, order, at }: Extract<PositionEvent, { kind: 'modifyAnswered' }>,
): PositionState {
  if (outcome.kind === 'turnedAway') return turnedAway(state, at);
  const refused = outcome.kind === 'rejected';
  const exit = {
    ...state.exit,
    unseen: state.exit.unseen.map((one) =>
      one.orderId === orderId && !refused
        ? { ...one, quantity: shares(Math.max(one.quantity, order.quantity)) }
        : one,
    ),
    modifiedAt: at,
    modifications: state.exit.modifications + (refused ? 0 : 1),
    refusedModifications: refused ? state.exit.refusedModifications + 1 : 0,
    retryAt: null,
    refusedWith: refusedWith(state, outcome),
  };
  return { ...withAnswer(state, { outcome, at }), exit, aim: priced(state.aim) };
}

const priced = (aim: Aim): Aim =>
  aim.kind === 'leave' ? { ...aim, pricings: aim.pricings + 1 } : aim;

export const isEntry = ({ intentId, direction }: Intent, { tag, side }: BookOrder): boolean =>
  tag === intentId && side === entrySide(direction);

const couldBe = ({ tag, sought }: UnseenExit, order: BookOrder): boolean =>
  tag === order.tag && (sought !== undefined) === isOco(order);

/**
 * The exits still unseen after a reading. A newly listed order takes away the entry with its id, else the
 * oldest one without an id. An order whose trades show it complete has been seen, too.
 */
export function stillUnseen(
  intent: Intent,
  { books, exit }: PositionState,
  { orders, fills }: BooksReading,
): readonly UnseenExit[] {
  const before = new Set(
    [...(books?.orders ?? []), ...(books?.fills ?? [])].map(({ orderId }) => orderId),
  );
  // An order placed by a trigger was never sent as an exit of its own.
  const listed = orders.filter(
    (order) => !isEntry(intent, order) && order.leg === undefined && !before.has(order.orderId),
  );
  const unlisted = listed.reduce<readonly UnseenExit[]>((unseen, order) => {
    const own = unseen.find((one) => one.orderId === order.orderId);
    const found = own ?? unseen.find((one) => one.orderId === null && couldBe(one, order));
    return unseen.filter((one) => one !== found);
  }, exit.unseen);
  return unlisted.filter(
    ({ orderId, quantity }) => orderId === null || quantityOf(fills, orderId) < quantity,
  );
}
