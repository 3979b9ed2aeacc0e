// Goal: what differs is told with both numbers, what rounding, settlement or somebody else explains is not.
import fc from 'fast-check';
import {
  alarmsOf,
  compareCash,
  compareCharges,
  obstaclesIn,
  settlingOf,
  type ChargedOrder,
  type DayBooks,
} from '../../../domain/endOfDay';
import { orderTolerance } from '../../../domain/endOfDay/charges';
import type { BookOrder } from '../../../domain/orders/order';
import { paise, shares } from '../../../domain/units';
import { bookOrder } from '../../support/bookOrder';

const charged = (ours: number, brokers: number, orderId = '1'): ChargedOrder => ({
  orderId,
  tradingsymbol: 'INFY',
  side: 'SELL',
  ours: paise(ours),
  brokers: paise(brokers),
});

describe('charges', () => {
  test('agree order by order, and their sums are told', () => {
    const compared = compareCharges([charged(4_120, 4_120), charged(100, 101)]);
    expect(compared).toMatchObject({ orders: 2, ours: 4_220, brokers: 4_221, agrees: true });
  });

  test('of one order beyond rounding differ, and it is named', () => {
    const compared = compareCharges([charged(4_120, 4_120), charged(4_120, 4_126, '77')]);
    expect(compared.agrees).toBe(false);
    expect(alarmsOf({ findings: 0, charges: compared, cash: unread }).charges).toEqual({
      orders: 2,
      ours: '₹82.40',
      brokers: '₹82.46',
      why: 'SELL INFY, order 77: ours ₹41.20, the broker’s ₹41.26.',
    });
  });

  test('whose roundings all go one way differ together, though no order does', () => {
    const orders = Array.from({ length: 100 }, (_, index) => charged(1_000, 1_005, String(index)));
    const compared = compareCharges(orders);
    expect(compared).toMatchObject({ differing: [], agrees: false });
    expect(alarmsOf({ findings: 0, charges: compared, cash: unread }).charges?.why).toMatch(
      /a rate has changed/,
    );
  });

  test('that differ in many orders name the largest three', () => {
    const orders = [10, 40, 20, 30].map((off, index) => charged(500, 500 + off, `o${index}`));
    const told = alarmsOf({ findings: 0, charges: compareCharges(orders), cash: unread }).charges;
    expect(told?.why).toMatch(/^SELL INFY, order o1: .*order o3: .*order o2: .*; and 1 more\.$/);
  });

  test('within the tolerance of every order never differ alone', () => {
    const off = fc.integer({ min: 0 - orderTolerance, max: orderTolerance });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), off, (ours, difference) => {
        expect(compareCharges([charged(ours + 10, ours + 10 + difference)]).agrees).toBe(true);
      }),
    );
  });
});

const unread = { kind: 'unread', why: 'the broker is down' } as const;

const ours = {
  openingCash: paise(1_000_000),
  freeAtOpen: paise(900_000),
  moved: paise(5_000),
  settling: paise(8_000),
};
const brokers = {
  cash: paise(1_000_000),
  free: paise(905_000),
  moved: paise(5_000),
  obstacles: [],
};

describe('cash', () => {
  test('agrees to the paisa with what was free in the morning and what the trades moved', () => {
    expect(compareCash(ours, brokers)).toMatchObject({
      agrees: true,
      paidIn: 0,
      free: { ours: 905_000, brokers: 905_000 },
    });
  });

  test.each([
    ['money paid in', { cash: paise(1_050_000), free: paise(955_000) }, true],
    ['profit that has not settled', { free: paise(897_000) }, true],
    ['more missing than may be held back', { free: paise(896_999) }, false],
    ['more than we know of', { free: paise(905_001) }, false],
    ['a trade of ours that we have not recorded', { moved: paise(5_001) }, false],
    ['orders of others', { free: paise(1), obstacles: ['others'] }, true],
    [
      'orders of others beside a trade we missed',
      { moved: paise(0), obstacles: ['others'] },
      false,
    ],
  ])('with %s', (_, change, agrees) => {
    expect(compareCash(ours, { ...brokers, ...change }).agrees).toBe(agrees);
  });

  test('that differs is told with the two numbers that do', () => {
    const told = (change: Partial<typeof brokers>): unknown =>
      alarmsOf({ findings: 0, charges: unread, cash: compareCash(ours, { ...brokers, ...change }) })
        .cash;
    expect(told({ free: paise(800_000) })).toEqual({
      ours: '₹9,050.00',
      brokers: '₹8,000.00',
      why: 'Free money differs by ₹1,050.00.',
    });
    expect(told({ moved: paise(-200) })).toEqual({
      ours: '₹50.00',
      brokers: '−₹2.00',
      why: 'What the day’s trades moved differs by ₹52.00.',
    });
    expect(told({})).toBeNull();
  });

  test('may be held back by winners, delivery sales and charges, not by losers', () => {
    const positions = [
      { product: 'MIS', moved: paise(300), sold: paise(5_000) },
      { product: 'MIS', moved: paise(-400), sold: paise(5_000) },
      { product: 'CNC', moved: paise(-7_000), sold: paise(0) },
      { product: 'CNC', moved: paise(9_000), sold: paise(9_000) },
    ] as const;
    expect(settlingOf(positions, paise(50))).toBe(300 + 9_000 + 50);
  });
});

test('nobody is told of a broker that could not be read', () => {
  expect(alarmsOf({ findings: 0, charges: unread, cash: unread })).toEqual({
    charges: null,
    cash: null,
  });
});

describe('what makes free money say nothing', () => {
  const order = (rest: Partial<BookOrder>): BookOrder =>
    bookOrder({
      ...{ orderId: '1', tag: null, tradingsymbol: 'INFY' },
      ...{ quantity: shares(1), filledQuantity: shares(1), price: paise(1) },
      ...rest,
    });
  const books = (rest: Partial<DayBooks>): DayBooks => ({
    orders: [],
    fills: [],
    netQuantities: new Map(),
    ours: new Set(['1']),
    ...rest,
  });

  test.each<[string, Partial<DayBooks>, readonly string[]]>([
    ['our own trades', { orders: [order({})] }, []],
    [
      'trades of others, each stock once',
      { orders: [order({ orderId: '2' }), order({ orderId: '3' })] },
      ['orders that are not ours have traded INFY'],
    ],
    [
      'orders of others that did not trade',
      { orders: [order({ orderId: '2', filledQuantity: shares(0) })] },
      [],
    ],
    [
      'an order that is still open',
      { orders: [order({ status: 'OPEN' })] },
      ['orders are still open in INFY'],
    ],
    [
      'a position that is still open',
      { netQuantities: new Map([['TCS/MIS', -5]]) },
      ['intraday positions are still open in TCS'],
    ],
    ['what is held over the night', { netQuantities: new Map([['TCS/CNC', 5]]) }, []],
  ])('%s', (_, rest, expected) => {
    expect(obstaclesIn(books(rest))).toEqual(expected);
  });
});
