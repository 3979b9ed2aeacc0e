// Bugs planted on purpose, one or more per invariant of docs/reliability.md. Each replaces a part of the
// machine by one that has forgotten something. The table of planted bugs shows whether the simulation finds
// them.
import type { PositionCommand, PositionEvent, PositionState } from '../../domain/position';
import { holdingOf, initialState, termsOf } from '../../domain/position';
import { startTrail } from '../../domain/trailing';
import { directionSign, epochMs, paise, shares } from '../../domain/units';
import { realMachine, type Machine } from './machine';

export interface PlantedBug {
  readonly name: string;
  /** What the part forgets. */
  readonly lesson: string;
  readonly machine: Machine;
}

type Apply = Machine['apply'];
type Next = Machine['nextCommand'];

/** A bug in how an event is received: the event is changed before it is applied. */
const mishearing = (
  change: (event: PositionEvent, state: PositionState) => PositionEvent,
): Machine => ({
  ...realMachine,
  apply: (terms, state, event) => realMachine.apply(terms, state, change(event, state)),
});

/** A bug in the effect of an event. */
const misapplying = (
  change: (next: PositionState, ...given: Parameters<Apply>) => PositionState,
): Machine => ({
  ...realMachine,
  apply: (...given) => change(realMachine.apply(...given), ...given),
});

/** A bug in what is done: the command is changed. */
const misacting = (
  change: (command: PositionCommand, ...given: Parameters<Next>) => PositionCommand,
): Machine => ({
  ...realMachine,
  nextCommand: (...given) => change(realMachine.nextCommand(...given), ...given),
});

/** A bug in what is seen: the state is changed before it is decided on. */
const misseeing = (change: (state: PositionState) => PositionState): Machine => ({
  ...realMachine,
  nextCommand: (terms, state, now) => realMachine.nextCommand(terms, change(state), now),
});

const isNoTrigger = ({ orderType }: { readonly orderType: string }): boolean => orderType !== 'OCO';

const waitASecond = (now: number): PositionCommand => ({
  kind: 'wait',
  until: epochMs(now + 1_000),
});

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: 'blind-retry',
    lesson: 'I1: an entry that timed out is sent again',
    machine: misapplying((next, _terms, _state, event) =>
      event.kind === 'entryAnswered' && event.outcome.kind === 'inDoubt'
        ? { ...next, entry: { kind: 'unsent' } }
        : next,
    ),
  },
  {
    name: 'amnesia',
    lesson: 'I1: after a crash the position starts from nothing',
    machine: { ...realMachine, restored: () => initialState },
  },
  {
    name: 'trail-anew',
    lesson: 'I1: an adopted position sets its stop back to where it began',
    machine: misapplying((next, terms, state, event) => {
      const trailing = termsOf(terms, next);
      const isFirst = event.kind === 'booksRead' && state.trail === null;
      return isFirst && trailing !== null ? { ...next, trail: startTrail(trailing) } : next;
    }),
  },
  {
    name: 'doubt-is-rejection',
    lesson: 'I4: an entry without an answer is taken for refused (nautilus)',
    machine: mishearing((event) =>
      event.kind === 'entryAnswered' && event.outcome.kind === 'inDoubt'
        ? { ...event, outcome: { kind: 'rejected', code: 'Timeout', message: 'no answer' } }
        : event,
    ),
  },
  {
    name: 'unapproved-size',
    lesson: 'I2: what is sent is not what was approved',
    machine: misacting((command) =>
      command.kind === 'sendEntry'
        ? { ...command, order: { ...command.order, quantity: shares(command.order.quantity + 1) } }
        : command,
    ),
  },
  {
    name: 'fill-counted-twice',
    lesson: 'I3: a trade that is listed twice counts twice',
    machine: misapplying((next, _terms, _state, event) => {
      if (event.kind !== 'booksRead' || next.books === null) return next;
      const again = next.books.fills
        .filter(({ tradeId }) => !tradeId.endsWith('again'))
        .map((fill) => ({
          ...fill,
          tradeId: `${fill.tradeId}again`,
          orderId: `${fill.orderId}again`,
        }));
      return { ...next, books: { ...next.books, fills: [...next.books.fills, ...again] } };
    }),
  },
  {
    name: 'torn-books',
    lesson: 'I4: orders and trades that contradict each other are believed',
    machine: misseeing((state) => {
      if (state.books === null) return state;
      const { fills, orders } = state.books;
      const traded = (orderId: string): number =>
        fills
          .filter((fill) => fill.orderId === orderId)
          .reduce((sum, { quantity }) => sum + quantity, 0);
      return {
        ...state,
        books: {
          ...state.books,
          orders: orders.map((order) => ({
            ...order,
            filledQuantity: shares(traded(order.orderId)),
          })),
        },
      };
    }),
  },
  {
    name: 'news-lost-while-reading',
    lesson:
      'I4: what happened while the books were read is taken as read, and no watchful re-reading finds it',
    machine: {
      ...misacting((command, { timing }, state, now) => {
        const long = (state.books?.at ?? 0) + timing.rereadMs;
        const isEarly = command.kind === 'readBooks' && state.news === state.newsRead && now < long;
        return isEarly ? { kind: 'wait', until: epochMs(long) } : command;
      }),
      apply: mishearing((event, state) =>
        event.kind === 'booksRead' ? { ...event, news: state.news } : event,
      ).apply,
    },
  },
  {
    name: 'no-timer',
    lesson: 'I4: the books are read only when an update says so',
    machine: misacting((command, _terms, state) =>
      command.kind === 'readBooks' && state.news === state.newsRead
        ? { kind: 'wait', until: epochMs(Number.MAX_SAFE_INTEGER) }
        : command.kind === 'wait'
          ? { kind: 'wait', until: epochMs(Number.MAX_SAFE_INTEGER) }
          : command,
    ),
  },
  {
    name: 'stop-not-resized',
    lesson: 'I4: the stop keeps the quantity of the first partial fill',
    machine: misacting((command, _terms, state, now) => {
      if (command.kind !== 'modifyExit' || command.order.pricing.kind !== 'SL') return command;
      const { pricing } = command.order;
      const resting = state.books?.orders.find(({ orderId }) => orderId === command.orderId);
      return resting?.trigger === pricing.trigger ? waitASecond(now) : command;
    }),
  },
  {
    name: 'stop-assumed-placed',
    lesson: 'I4: a stop without an answer is taken for placed',
    machine: mishearing((event) =>
      event.kind === 'exitAnswered' && event.outcome.kind === 'inDoubt'
        ? { ...event, outcome: { kind: 'accepted', orderId: 'assumed' } }
        : event,
    ),
  },
  {
    name: 'budget-forgotten',
    lesson: 'I4: modifications are not counted, so the order wears out',
    machine: misapplying((next) => ({
      ...next,
      exit: { ...next.exit, modifications: 0, refusedModifications: 0 },
    })),
  },
  {
    name: 'stop-follows-price-back',
    lesson: 'I5: the stop is computed from the last price, not the best',
    machine: misapplying((next, terms, state, event) => {
      if (event.kind !== 'crossed' || next.trail === null || state.trail === null) return next;
      const back = directionSign(terms.intent.direction) * terms.intent.instrument.tickSize * 4;
      return next.trail.stop === state.trail.stop
        ? next
        : { ...next, trail: { ...next.trail, stop: paise(next.trail.stop - back) } };
    }),
  },
  {
    name: 'stop-not-moved',
    lesson: 'I16: the trail moves, the order at the broker does not',
    machine: misacting((command, _terms, state, now) => {
      if (command.kind !== 'modifyExit' || command.order.pricing.kind !== 'SL') return command;
      const resting = state.books?.orders.find(({ orderId }) => orderId === command.orderId);
      return resting?.quantity === command.order.quantity ? waitASecond(now) : command;
    }),
  },
  {
    name: 'no-limiter',
    lesson: 'I6: writes leave as fast as they are wanted',
    machine: { ...realMachine, waitForWrite: () => 0 },
  },
  {
    name: 'square-off-forgotten',
    lesson: 'I7: the square-off comes after the broker’s own',
    machine: {
      ...realMachine,
      nextCommand: (terms, state, now) =>
        realMachine.nextCommand(
          { ...terms, squareOffAt: epochMs((terms.squareOffAt ?? terms.cutOffAt) + 3_600_000) },
          state,
          now,
        ),
    },
  },
  {
    name: 'orphan-stop',
    lesson: 'I7: the position ends while its stop still rests',
    machine: misacting((command) =>
      command.kind === 'cancel' && command.why === 'nothing is held' ? { kind: 'finish' } : command,
    ),
  },
  {
    name: 'unseen-forgotten',
    lesson: 'I7: a position ends though an exit it sent may still appear',
    machine: misseeing((state) => ({ ...state, exit: { ...state.exit, unseen: [] } })),
  },
  {
    name: 'fees-in-the-price',
    lesson: 'I8: money is rounded on the way in',
    machine: mishearing((event) =>
      event.kind === 'booksRead'
        ? {
            ...event,
            reading: {
              ...event.reading,
              fills: event.reading.fills.map((fill) =>
                fill.side === 'SELL' ? { ...fill, price: paise(fill.price - 1) } : fill,
              ),
            },
          }
        : event,
    ),
  },
  {
    name: 'exit-from-memory',
    lesson: 'I9: exits are sized from what was wanted, not from what is held',
    machine: misacting((command, { intent }) =>
      command.kind === 'placeExit' && command.order.tag === intent.intentId
        ? { ...command, order: { ...command.order, quantity: intent.quantity } }
        : command,
    ),
  },
  {
    name: 'second-stop-kept',
    lesson: 'I9: of two live exits neither is cancelled',
    machine: misacting((command, _terms, _state, now) =>
      command.kind === 'cancel' && command.why === 'a second exit must not exist'
        ? waitASecond(now)
        : command,
    ),
  },
  {
    name: 'over-exit-kept',
    lesson: 'I9: what was sold too much is not bought back',
    machine: misacting((command, { intent }, _state, now) =>
      command.kind === 'placeExit' && command.order.tag !== intent.intentId
        ? waitASecond(now)
        : command,
    ),
  },
  {
    name: 'foreign-trades-ignored',
    lesson: 'I9: shares sold in another terminal are still believed held',
    machine: mishearing((event) =>
      event.kind === 'booksRead' ? { ...event, reading: { ...event.reading, foreign: [] } } : event,
    ),
  },
  {
    name: 'trigger-left-behind',
    lesson: 'I9: a limit leaves the position while its trigger still rests (freqtrade)',
    machine: misseeing((state) =>
      state.aim.kind !== 'leave' || state.books === null
        ? state
        : { ...state, books: { ...state.books, orders: state.books.orders.filter(isNoTrigger) } },
    ),
  },
  {
    name: 'leg-is-a-stranger',
    lesson: 'I3: what a trigger has placed and sold is not known as ours',
    machine: mishearing((event) => {
      if (event.kind !== 'booksRead') return event;
      const { orders, fills } = event.reading;
      const legs = new Set(orders.flatMap(({ leg, orderId }) => (leg ? [orderId] : [])));
      const reading = {
        ...event.reading,
        orders: orders.filter(({ leg }) => leg === undefined),
        fills: fills.filter(({ orderId }) => !legs.has(orderId)),
      };
      return { ...event, reading };
    }),
  },
  {
    name: 'unanswered-trigger-forgotten',
    lesson: 'I9: a trigger without an answer carries no tag, and is never looked for',
    machine: misacting((command) =>
      command.kind === 'readBooks' ? { ...command, sought: [] } : command,
    ),
  },
  {
    name: 'carried-uncovered',
    lesson: 'I7: a position is handed on to the next session without looking what covers it',
    machine: misacting((command, { intent, cutOffAt }, state, now) =>
      intent.product === 'CNC' && now >= cutOffAt && holdingOf(intent, state).open > 0
        ? { kind: 'carry' }
        : command,
    ),
  },
  {
    name: 'deaf-to-the-kill-switch',
    lesson: 'I14: entries go on after the halt',
    machine: { ...realMachine, mayEnter: () => true },
  },
];
