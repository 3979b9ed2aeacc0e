// Decides what to do about a position now, from its state alone. The rules look at levels, not at
// transitions: whenever something is held and no live stop of that quantity exists, one is placed, however
// the state came about. There is one command at a time, so each order has a single writer.
import { unreachable } from '../assert';
import type { OrderRequest } from '../orders/order';
import { istDate } from '../session/sessionClock';
import { entrySide, type EpochMs } from '../units';
import { readBooks, wait, type PositionCommand } from './command';
import { correctOverExit } from './correction';
import { holdingOf, isTorn, type Holding } from './holding';
import { protectOrLeave } from './protection';
import { coverReported } from './reported';
import { hiddenMaxMs, isOver, type PositionState } from './state';
import { isCarried, type PositionTerms } from './terms';

/** The next command. Ask again after carrying it out. */
export function nextCommand(
  terms: PositionTerms,
  state: PositionState,
  now: EpochMs,
): PositionCommand {
  const { aim, entry } = state;
  if (isOver(state)) return wait(terms.cutOffAt);
  if (aim.kind === 'hold' && terms.squareOffAt !== null && now >= terms.squareOffAt)
    return { kind: 'wantExit', reason: 'squareOff' };
  if (entry.kind === 'unsent') {
    return aim.kind === 'hold'
      ? { kind: 'sendEntry', order: entryOrder(terms) }
      : { kind: 'finish' };
  }
  const cover = coverReported(terms, state, now);
  return cover === undefined ? byBooks(terms, state, now) : unlessPaused(terms, cover, now);
}

/** The books decide, once they show all that has happened. */
function byBooks(terms: PositionTerms, state: PositionState, now: EpochMs): PositionCommand {
  if (state.news > state.newsRead) {
    const settled = settledAt(state);
    return now < settled ? wait(settled) : readBooks(state);
  }
  if (isTorn(state)) return soonAgain(state, now);
  if (closedSince(terms, state, now)) return readBooks(state);
  const command = unlessPaused(terms, byHolding(terms, state, now), now);
  if (command.kind !== 'wait') return command;
  const reread = (state.books?.at ?? 0) + rereadMsOf(terms, state, now);
  if (now >= reread) return readBooks(state);
  return wait(Math.min(command.until, reread, nightOf(terms, now)));
}

/** Between two sessions no order can be changed and none can fill: what rests goes on resting until the next opens. */
function unlessPaused(
  { pauses = [] }: PositionTerms,
  command: PositionCommand,
  now: EpochMs,
): PositionCommand {
  const pause = pauses.find(({ from, until }) => now >= from && now < until);
  const isWrite = ['placeExit', 'modifyExit', 'cancel'].includes(command.kind);
  return pause !== undefined && isWrite ? wait(pause.until) : command;
}

/**
 * Has the session closed since the books were read? A delivery position is judged by books read after the
 * close.
 */
const closedSince = (
  { intent, cutOffAt }: PositionTerms,
  { books }: PositionState,
  now: EpochMs,
): boolean => isCarried(intent) && now >= cutOffAt && (books?.at ?? 0) < cutOffAt;

const nightOf = ({ intent, cutOffAt }: PositionTerms, now: EpochMs): number =>
  isCarried(intent) && now < cutOffAt ? cutOffAt : Infinity;

/** How long the books show a change as on its way, unless an update tells sooner that it has arrived. */
const changeSettlesMs = 150;

/**
 * When the only news is a stop's accepted change, the books are read a moment later: at once they would still
 * show the change on its way.
 */
function settledAt({ aim, exit, news, newsRead }: PositionState): number {
  const isChange = aim.kind === 'hold' && exit.modifications > 0 && exit.refusedModifications === 0;
  return isChange && news === newsRead + 1 ? (exit.modifiedAt ?? 0) + changeSettlesMs : 0;
}

/** How often the books are read while an entry may fill, or soon after a write without an answer. */
const watchfulRereadMs = 2_000;
/** How often, while an exit that was sent has not shown, or where one may appear or end without an update. */
const uncertainRereadMs = 5_000;
/**
 * How long a write without an answer may still be carried out. Eight seconds after the client gave up has
 * been seen.
 */
const doubtLastsMs = 30_000;

/** The normal interval relies on updates. It is shorter where a lost update would cost the protection. */
function rereadMsOf(
  { intent, timing, date }: PositionTerms,
  state: PositionState,
  now: EpochMs,
): number {
  const { entry, exit, doubtAt } = state;
  const since = entry.kind === 'sent' ? entry.at : entry.kind === 'inDoubt' ? entry.since : 0;
  const isEntering =
    now < since + hiddenMaxMs &&
    (holdingOf(intent, state).liveEntry !== undefined || !isEntrySeen(date, state));
  const isInDoubt = doubtAt !== null && now < doubtAt + doubtLastsMs;
  if (isEntering || isInDoubt) return Math.min(timing.rereadMs, watchfulRereadMs);
  // An order placed by a trigger may be refused, and no update about it bears our tag.
  const isUncertain = exit.unseen.length > 0 || isCarried(intent);
  return isUncertain ? Math.min(timing.rereadMs, uncertainRereadMs) : timing.rereadMs;
}

/** Is the entry order in the books, or known from trades of an earlier session? */
function isEntrySeen(date: string, { entry, books }: PositionState): boolean {
  if (entry.kind !== 'sent' || books === null) return false;
  const { orders, fills } = books;
  return (
    orders.some(({ orderId }) => orderId === entry.orderId) ||
    fills.some(({ orderId, at }) => orderId === entry.orderId && istDate(at) < date)
  );
}

/** How soon books that contradict themselves are read again. */
const tornRereadMs = 150;

function soonAgain(state: PositionState, now: EpochMs): PositionCommand {
  const again = (state.books?.at ?? 0) + tornRereadMs;
  return now < again ? wait(again) : readBooks(state);
}

function byHolding(terms: PositionTerms, state: PositionState, now: EpochMs): PositionCommand {
  const holding = holdingOf(terms.intent, state);
  const staleEntry = entryToCancel(terms, state, holding, now);
  if (staleEntry !== undefined) return staleEntry;
  if (holding.open < 0) return correctOverExit(terms, state, holding, now);
  const [correction] = holding.liveCorrections;
  if (correction !== undefined)
    return { kind: 'cancel', orderId: correction.orderId, why: 'nothing is left to correct' };
  return holding.open > 0
    ? protectOrLeave(terms, state, holding, now)
    : whileFlat(terms, state, holding, now);
}

const entryOrder = ({ intent }: PositionTerms): OrderRequest => ({
  tag: intent.intentId,
  tradingsymbol: intent.instrument.tradingsymbol,
  side: entrySide(intent.direction),
  product: intent.product,
  quantity: intent.quantity,
  pricing: { kind: 'LIMIT', price: intent.entryLimit },
});

/** A live entry whose time is up, or that is no longer wanted. */
function entryToCancel(
  { timing }: PositionTerms,
  { entry, aim }: PositionState,
  { liveEntry }: Holding,
  now: EpochMs,
): PositionCommand | undefined {
  if (liveEntry === undefined) return undefined;
  const sentAt = entry.kind === 'sent' ? entry.at : 0;
  const unwanted = aim.kind !== 'hold';
  if (!unwanted && now < sentAt + timing.entryLifeMs) return undefined;
  return {
    kind: 'cancel',
    orderId: liveEntry.orderId,
    why: unwanted ? 'the position is being left' : 'not filled in time',
  };
}

/** Nothing is held: wait for the entry, cancel it, or finish. */
function whileFlat(
  terms: PositionTerms,
  state: PositionState,
  { liveExits, liveEntry }: Holding,
  now: EpochMs,
): PositionCommand {
  const { entry } = state;
  const [orphan] = liveExits;
  if (orphan !== undefined)
    return { kind: 'cancel', orderId: orphan.orderId, why: 'nothing is held' };
  // An exit that has not shown may still fill. Finishing now would leave it orphaned.
  const seenBy = allSeenBy(state, terms);
  if (now < seenBy) return wait(seenBy);
  switch (entry.kind) {
    case 'dead':
      return { kind: 'finish' };
    case 'sent':
      return liveEntry === undefined && isEntrySeen(terms.date, state)
        ? { kind: 'finish' }
        : wait(now + terms.timing.rereadMs);
    case 'inDoubt':
      // It may still appear. It is watched by its tag to the end of the session and never sent again.
      return now >= terms.cutOffAt ? { kind: 'finish' } : wait(terms.cutOffAt);
    case 'sending':
    case 'unsent':
      return wait(now + terms.timing.rereadMs);
    default:
      return unreachable(entry);
  }
}

/**
 * The instant from which no unseen exit can appear any more. At its square-off the broker cancels what it
 * still has.
 */
function allSeenBy({ exit, earlier }: PositionState, { cutOffAt }: PositionTerms): number {
  const latest = exit.unseen.map(({ orderId, at }) =>
    orderId === null ? at + hiddenMaxMs : Infinity,
  );
  // What was sent in an earlier life of the position is not known.
  const foundAt = earlier?.foundAt ?? null;
  const untold = foundAt === null ? 0 : foundAt + hiddenMaxMs;
  return Math.min(cutOffAt, Math.max(untold, ...latest));
}
