// Goal: a closed position is labelled by the order that closed it, whatever it was being left for.
import {
  apply,
  exitReasonOf,
  initialState,
  type BooksReading,
  type ExitReason,
  type PositionState,
} from '../../../domain/position';
import { epochMs, paise, shares } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';

const terms = positionTerms();
type Order = BooksReading['orders'][number];
type Foreign = BooksReading['foreign'][number];

const exitOf = (quantity: number, changes: Partial<Order> = {}): Order => ({
  orderId: 's',
  tag: 'R1T1',
  tradingsymbol: 'TEST',
  side: 'SELL',
  product: 'MIS',
  orderType: 'SL',
  status: 'COMPLETE',
  statusMessage: null,
  quantity: shares(10),
  filledQuantity: shares(quantity),
  price: paise(890),
  trigger: paise(900),
  placedAt: epochMs(0),
  ...changes,
});
const soldElsewhere = (quantity: number): Foreign => ({
  tradeId: 'f',
  orderId: 'f',
  side: 'SELL',
  quantity: shares(quantity),
  price: paise(900),
  at: epochMs(300),
  byBroker: false,
});

/** The state once a position of ten, being left for `reason`, has been closed by these orders and trades. */
function closed(
  reason: ExitReason,
  exits: readonly Order[],
  foreign: readonly Foreign[] = [],
): PositionState {
  const bought = {
    tradeId: 'e',
    orderId: 'e',
    side: 'BUY',
    quantity: shares(10),
    price: paise(1000),
    at: epochMs(100),
  } as const;
  const sold = exits
    .filter(({ filledQuantity }) => filledQuantity > 0)
    .map((order) => ({
      ...bought,
      tradeId: `${order.orderId}t`,
      orderId: order.orderId,
      side: 'SELL' as const,
      quantity: order.filledQuantity,
      at: epochMs(200),
    }));
  const reading: BooksReading = {
    orders: [exitOf(10, { orderId: 'e', side: 'BUY', orderType: 'LIMIT' }), ...exits],
    fills: [bought, ...sold],
    foreign,
    othersSelling: shares(0),
    ltp: paise(1000),
    netQuantity: shares(0),
    at: epochMs(400),
  };
  const leaving = apply(terms, initialState, { kind: 'exitWanted', reason, at: epochMs(1) });
  const read = apply(terms, leaving, { kind: 'booksRead', news: 0, reading });
  expect(exitReasonOf(read)).toBe(reason);
  return apply(terms, read, { kind: 'finished' });
}

const limit = { orderId: 'l', orderType: 'LIMIT', trigger: paise(0) } as const;

test.each<[string, ExitReason, readonly Order[], readonly Foreign[], ExitReason]>([
  ['the resting stop while close-all waited', 'killSwitch', [exitOf(10)], [], 'stop'],
  ['the resting stop before the square-off', 'squareOff', [exitOf(10)], [], 'stop'],
  ['the resting stop after the target was touched', 'target', [exitOf(10)], [], 'stop'],
  [
    'a stop-market order',
    'operator',
    [exitOf(10, { orderType: 'SL-M', price: paise(0) })],
    [],
    'stop',
  ],
  ['the order made a limit by close-all', 'killSwitch', [exitOf(10, limit)], [], 'killSwitch'],
  ['a limit after the stop was refused', 'stopRefused', [exitOf(10, limit)], [], 'stopRefused'],
  [
    'a limit, the stop cancelled',
    'operator',
    [exitOf(0, { status: 'CANCELLED' }), exitOf(10, limit)],
    [],
    'operator',
  ],
  ['stop and limit in part', 'killSwitch', [exitOf(4), exitOf(6, limit)], [], 'killSwitch'],
  [
    'the target leg of a trigger',
    'killSwitch',
    [exitOf(10, { ...limit, leg: 'target' })],
    [],
    'target',
  ],
  ['the stop leg of a trigger', 'operator', [exitOf(10, { ...limit, leg: 'stop' })], [], 'stop'],
  ['somebody else', 'killSwitch', [], [soldElsewhere(10)], 'elsewhere'],
  ['the stop and somebody else', 'killSwitch', [exitOf(4)], [soldElsewhere(6)], 'killSwitch'],
])('closed by %s', (_, reason, exits, foreign, expected) => {
  expect(exitReasonOf(closed(reason, exits, foreign))).toBe(expected);
});

test('a position that never held anything has no reason', () => {
  expect(exitReasonOf(apply(terms, initialState, { kind: 'finished' }))).toBeNull();
});
