// Goal: whoever stops the system reads what stays at the broker, and above all what is not protected.
import { restingLines, restingOf, type StoppedIntent } from '../../../domain/live/resting';
import type { BookOrder } from '../../../domain/orders/order';
import { correctionTag, intentIdOf } from '../../../domain/position';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise, shares, type Direction, type Side } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';
import { bookOrder } from '../../support/bookOrder';

const intentId = intentIdOf('2026-11-20', 1, istInstant('2026-11-20', '10:00'));

const intentOf = (
  direction: Direction,
  rest: Partial<StoppedIntent> = {},
  product: 'MIS' | 'CNC' = 'MIS',
): StoppedIntent => ({
  intent: positionTerms({ direction, intentId, product }).intent,
  adopted: 0,
  carried: 0,
  isClosed: false,
  ...rest,
});

const order = (side: Side, rest: Partial<BookOrder>): BookOrder =>
  bookOrder({
    ...{ orderId: '241', tag: intentId, side, price: paise(150_000) },
    ...{ quantity: shares(100), filledQuantity: shares(0) },
    ...rest,
  });
const filled = { filledQuantity: shares(100) };
const stop = {
  ...{ orderId: '242', orderType: 'SL', status: 'TRIGGER PENDING' },
  ...{ trigger: paise(149_000), price: paise(147_500) },
};

const linesOf = (intents: readonly StoppedIntent[], orders: readonly BookOrder[]): string[] =>
  restingLines(restingOf(intents, orders)).map((line) => line.trim());

describe.each([
  ['LONG', 'BUY', 'SELL'],
  ['SHORT', 'SELL', 'BUY'],
] as const)('a %s', (direction, into, out) => {
  test('with its stop is named with order, trigger and limit', () => {
    expect(linesOf([intentOf(direction)], [order(into, filled), order(out, stop)])).toEqual([
      'one position stays at the broker, and nobody moves its stops until the system is up again:',
      `TEST ${direction} 100 MIS: stop of 100 at ₹1,490.00, limit ₹1,475.00 (order 242)`,
      'stops rest until the exchange stops trading; the broker squares intraday positions off before',
    ]);
  });

  test.each<[string, readonly BookOrder[], string]>([
    ['without a stop', [], 'NOT PROTECTED: 100 shares'],
    [
      'with a stop of too few',
      [order(out, { ...stop, quantity: shares(60) })],
      'NOT PROTECTED: 40 shares; stop of 60 at',
    ],
    ['that is being left', [order(out, { status: 'OPEN' })], 'an order that leaves of 100 at'],
    [
      'whose stop has been met and not filled',
      [order(out, { ...stop, status: 'OPEN' })],
      'an order that leaves of 100 at',
    ],
    [
      'with more traded than held',
      [order(out, { ...filled, quantity: shares(150), filledQuantity: shares(150) })],
      'TRADED BEYOND: 50 shares',
    ],
  ])('%s says so', (_, exits, words) => {
    expect(linesOf([intentOf(direction)], [order(into, filled), ...exits])[1]).toContain(words);
  });

  test('whose entry rests, or has not been seen, is named', () => {
    const entry = order(into, { status: 'OPEN' });
    expect(linesOf([intentOf(direction)], [entry])[1]).toContain('an entry of 100 at ₹1,500.00');
    expect(linesOf([intentOf(direction)], [])[1]).toContain('an entry may be on its way');
  });
});

test('shares held over the night rest on their trigger', () => {
  const carried = intentOf('LONG', { carried: 100 }, 'CNC');
  const trigger = order('SELL', {
    ...{ ...stop, orderType: 'OCO', orderId: 'gtt-7', product: 'CNC', target: paise(160_000) },
  });
  expect(linesOf([carried], [trigger])).toEqual([
    expect.stringContaining('one position stays'),
    'TEST LONG 100 CNC: a trigger at the broker, stop of 100 at ₹1,490.00, target ₹1,600.00 (gtt-7)',
  ]);
});

test.each<[string, readonly StoppedIntent[], readonly BookOrder[]]>([
  ['nothing was intended', [], []],
  ['it is closed', [intentOf('LONG', { isClosed: true })], [order('BUY', filled)]],
  ['a hand has sold it', [intentOf('LONG', { adopted: -100 })], [order('BUY', filled)]],
  ['others hold it', [], [order('BUY', { ...filled, tag: null })]],
  [
    'a correction has bought back',
    [intentOf('SHORT')],
    [
      order('SELL', filled),
      order('BUY', { ...filled, quantity: shares(150), filledQuantity: shares(150) }),
      order('SELL', {
        ...{ quantity: shares(50), filledQuantity: shares(50) },
        tag: correctionTag({ intentId }),
      }),
    ],
  ],
])('nothing is named where %s', (_, intents, orders) => {
  expect(linesOf(intents, orders)).toEqual([
    'no position is open, and no order of ours is at the broker',
  ]);
});
