// Goal: from the broker's books alone, everything of ours is left, nothing foreign is touched, and no stock
// gets a second exit. Method: tables for both directions, and one property over random books.
import fc from 'fast-check';
import { flattenSteps } from '../../../domain/orders/flatten';
import { paise, type Side } from '../../../domain/units';
import { held, ordersIn } from './books';

const isOurs = (tag: string): boolean => tag.startsWith('R');
const order = ordersIn('MIS');
const resting = { status: 'TRIGGER PENDING', orderType: 'SL' };

describe('leaving everything from the books', () => {
  test.each([
    ['BUY', 'SELL', 10, 79_200],
    ['SELL', 'BUY', -10, 80_800],
  ] as const)(
    'entered by %s: the resting %s stop becomes a limit a percent through the market',
    (entry, exit, net, price) => {
      const orders = [order('1', entry, 10), order('2', exit, 0, resting)];
      expect(flattenSteps(orders, [held(net)], isOurs)).toEqual([
        {
          kind: 'modify',
          orderId: '2',
          order: {
            tag: 'R1',
            tradingsymbol: 'SBIN',
            product: 'MIS',
            side: exit,
            quantity: 10,
            pricing: { kind: 'LIMIT', price },
          },
        },
      ]);
    },
  );

  test('what is held without an exit gets one; a stop filled in part is asked for its total', () => {
    expect(flattenSteps([order('1', 'BUY', 10)], [held(10)], isOurs)).toMatchObject([
      { kind: 'place', order: { side: 'SELL', quantity: 10 } },
    ]);
    const partly = [order('1', 'BUY', 10), order('2', 'SELL', 4, { status: 'OPEN' })];
    expect(flattenSteps(partly, [held(6)], isOurs)).toMatchObject([
      { kind: 'modify', orderId: '2', order: { quantity: 10 } },
    ]);
  });

  test('waiting entries and orphaned stops are cancelled; the limit stays in the band', () => {
    const waiting = [order('1', 'BUY', 0, { status: 'OPEN' }), order('2', 'SELL', 0, resting)];
    expect(flattenSteps(waiting, [], isOurs).map((step) => step.kind)).toEqual([
      'cancel',
      'cancel',
    ]);
    const [step] = flattenSteps(
      [order('1', 'BUY', 10)],
      [{ ...held(10), band: { lower: paise(79_900), upper: paise(88_000) } }],
      isOurs,
    );
    expect(step).toMatchObject({ order: { pricing: { price: 79_900 } } });
  });

  test('property: never more than our orders brought, one exit a stock, no foreign order touched', () => {
    const book = fc.array(
      fc.record({
        tag: fc.constantFrom('R1', null, 'mybot'),
        side: fc.constantFrom<Side>('BUY', 'SELL'),
        filled: fc.integer({ min: 0, max: 10 }),
        status: fc.constantFrom('OPEN', 'TRIGGER PENDING', 'COMPLETE', 'CANCELLED'),
      }),
      { maxLength: 10 },
    );
    fc.assert(
      fc.property(book, (rows) => {
        const orders = rows.map(({ tag, side, filled, status }, index) =>
          order(String(index), side, filled, { tag, status }),
        );
        const sum = (of: typeof rows): number =>
          of.reduce((total, { side, filled }) => total + (side === 'BUY' ? filled : -filled), 0);
        const net = sum(rows);
        const own = sum(rows.filter(({ tag }) => tag === 'R1'));
        const steps = flattenSteps(orders, [held(net)], isOurs);
        const exits = steps.flatMap((step) => (step.kind === 'cancel' ? [] : [step]));
        expect(exits.length).toBeLessThanOrEqual(1);
        for (const exit of exits) {
          const before = exit.kind === 'modify' ? (rows[Number(exit.orderId)]?.filled ?? 0) : 0;
          expect(exit.order.quantity - before).toBeLessThanOrEqual(Math.abs(own));
          expect(exit.order.quantity - before).toBeLessThanOrEqual(Math.abs(net));
          expect(exit.order.side).toBe(net > 0 ? 'SELL' : 'BUY');
        }
        for (const step of steps)
          if (step.kind !== 'place') expect(rows[Number(step.orderId)]?.tag).toBe('R1');
      }),
      { numRuns: 1000 },
    );
  });
});
