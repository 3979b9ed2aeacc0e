// Goal: delivery positions are left from the books and our records alone. The trigger goes first, no share is
// sold twice, and nothing foreign is touched. Method: one scene for each rule, and a property.
import fc from 'fast-check';
import { deliverySteps, type KnownDelivery } from '../../../domain/orders/flattenDelivery';
import type { BookOrder } from '../../../domain/orders/order';
import { shares, type Side } from '../../../domain/units';
import { held, ordersIn } from './books';

const order = ordersIn('CNC');
const position = (rest: Partial<KnownDelivery> = {}): KnownDelivery => ({
  intentId: 'R1',
  tradingsymbol: 'SBIN',
  carried: 0,
  adopted: 0,
  ...rest,
});
const trigger = order('gtt-7', 'SELL', 0, { orderType: 'OCO', status: 'TRIGGER PENDING' });
const bought = order('1', 'BUY', 10);

test.each([
  ['bought today', [bought, trigger], position()],
  ['held from an earlier session', [trigger], position({ carried: 10 })],
])(
  '%s: a limit a percent through the market takes the place of the trigger',
  (_, orders, known) => {
    expect(deliverySteps(orders, [held(10)], [known])).toEqual([
      {
        kind: 'replace',
        orderId: 'gtt-7',
        order: {
          tag: 'R1',
          tradingsymbol: 'SBIN',
          product: 'CNC',
          side: 'SELL',
          quantity: 10,
          pricing: { kind: 'LIMIT', price: 79_200 },
        },
      },
    ]);
  },
);

test('a limit that hangs is moved, its fills included; a second exit and a waiting entry go', () => {
  const hanging = order('2', 'SELL', 4, { status: 'OPEN' });
  const waiting = order('3', 'BUY', 0, { status: 'OPEN' });
  expect(deliverySteps([bought, trigger, hanging, waiting], [held(6)], [position()])).toMatchObject(
    [
      { kind: 'modify', orderId: '2', order: { quantity: 10 } },
      { kind: 'cancel', orderId: 'gtt-7' },
      { kind: 'cancel', orderId: '3' },
    ],
  );
});

test('what a stranger sells is left to that sale; a trigger for what cannot be sold stays', () => {
  const stranger = order('9', 'SELL', 0, { tag: null, status: 'OPEN', quantity: shares(4) });
  expect(deliverySteps([bought, trigger, stranger], [held(10)], [position()])).toMatchObject([
    { kind: 'replace', order: { quantity: 6 } },
  ]);
  const all = { ...stranger, quantity: shares(10) };
  expect(deliverySteps([bought, trigger, all], [held(10)], [position()])).toEqual([]);
});

test('sold by hand, nothing is left to sell: the trigger goes', () => {
  const sold = position({ carried: 10, adopted: -10 });
  expect(deliverySteps([trigger], [held(0)], [sold])).toMatchObject([
    { kind: 'cancel', orderId: 'gtt-7' },
  ]);
});

test('property: never more on sale than is ours and held, one exit, no foreign order touched', () => {
  const book = fc.array(
    fc.record({
      tag: fc.constantFrom('R1', 'R2', null),
      side: fc.constantFrom<Side>('BUY', 'SELL'),
      filled: fc.integer({ min: 0, max: 10 }),
      status: fc.constantFrom('OPEN', 'COMPLETE', 'CANCELLED'),
      orderType: fc.constantFrom('LIMIT', 'OCO'),
    }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(book, fc.nat(20), fc.nat(20), (rows, carried, total) => {
      const orders = rows.map(({ filled, side, ...rest }, index) =>
        order(String(index), side, rest.orderType === 'OCO' ? 0 : filled, rest),
      );
      const steps = deliverySteps(orders, [held(total)], [position({ carried })]);
      const exits = steps.flatMap((step) => (step.kind === 'cancel' ? [] : [step]));
      expect(exits.length).toBeLessThanOrEqual(1);
      const left = (of: readonly BookOrder[]): number =>
        of.reduce((sum, { quantity, filledQuantity }) => sum + quantity - filledQuantity, 0);
      const others = orders.filter(
        ({ tag, side, status }) => tag !== 'R1' && side === 'SELL' && status === 'OPEN',
      );
      for (const exit of exits) {
        const before =
          exit.kind === 'modify' ? (orders[Number(exit.orderId)]?.filledQuantity ?? 0) : 0;
        expect(exit.order.quantity - before + left(others)).toBeLessThanOrEqual(total);
      }
      for (const step of steps)
        if (step.kind !== 'place') expect(orders[Number(step.orderId)]?.tag).toBe('R1');
    }),
    { numRuns: 1_000 },
  );
});
