// Goal: rows of ours are read strictly, and a stranger's row, however odd, never makes ours unreadable.
import { BrokerFailure } from '../../../broker/failure';
import { orderRows, positionRows, tradeRows } from '../../../broker/kite/rows/bookRows';
import { siftedRows, type RowKind } from '../../../broker/kite/rows/sifted';
import { triggerRows } from '../../../broker/kite/triggers';
import { istInstant } from '../../../domain/session/sessionClock';

const tag = 'R261120AFUOTDEGE1';
/** As the client makes it: India's wall clock by the time zone of this process. */
const wallClock = new Date('2026-11-20 10:15:30');

const order = {
  order_id: '2611200000000000001',
  tag,
  placed_by: 'AB1234',
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  product: 'MIS',
  order_type: 'LIMIT',
  status: 'OPEN',
  status_message: null,
  quantity: 10,
  filled_quantity: 4,
  price: 1_500.05,
  trigger_price: 0,
  order_timestamp: wallClock,
};
const trade = {
  trade_id: '1',
  order_id: '1',
  exchange: 'NSE',
  product: 'MIS',
  transaction_type: 'BUY',
  quantity: 4,
  average_price: 1_500.05,
  fill_timestamp: wallClock,
};
const position = { exchange: 'NSE', tradingsymbol: 'INFY', product: 'MIS', quantity: -10 };
const leg = {
  transaction_type: 'SELL',
  product: 'CNC',
  order_type: 'LIMIT',
  quantity: 5,
  price: 900,
  result: null,
};
const trigger = {
  id: 7,
  type: 'two-leg',
  status: 'active',
  created_at: '2026-11-20 10:15:30',
  updated_at: '2026-11-20 10:15:30',
  condition: { exchange: 'NSE', tradingsymbol: 'INFY', trigger_values: [900, 1_200] },
  orders: [leg, { ...leg, price: 1_200 }],
};

test('an order is read in our units, at India’s time whatever the time zone here', () => {
  expect(siftedRows(orderRows, [order])).toEqual([
    {
      orderId: '2611200000000000001',
      tag,
      tradingsymbol: 'INFY',
      side: 'BUY',
      product: 'MIS',
      orderType: 'LIMIT',
      status: 'OPEN',
      statusMessage: null,
      quantity: 10,
      filledQuantity: 4,
      price: 150_005,
      trigger: 0,
      placedBy: 'AB1234',
      placedAt: istInstant('2026-11-20', '10:15:30'),
    },
  ]);
});

/** A row of ours that lies, and the field that is named. */
const lies: readonly (readonly [string, RowKind<unknown>, object, string])[] = [
  ['an order of no shares', orderRows, { ...order, quantity: 0 }, 'quantity was 0'],
  ['an order of fewer than none', orderRows, { ...order, quantity: -10 }, 'quantity was -10'],
  ['half a share', orderRows, { ...order, quantity: 1.5 }, 'quantity was 1.5'],
  ['more filled than ordered', orderRows, { ...order, filled_quantity: 11 }, 'filled_quantity was'],
  ['a negative fill', orderRows, { ...order, filled_quantity: -1 }, 'filled_quantity was -1'],
  ['a negative price', orderRows, { ...order, price: -1 }, 'price was -1'],
  ['a price in words', orderRows, { ...order, price: '1500' }, 'price was "1500"'],
  ['no time', orderRows, { ...order, order_timestamp: null }, 'order_timestamp was null'],
  ['no such time', orderRows, { ...order, order_timestamp: new Date('x') }, 'order_timestamp'],
  ['a numeric id', orderRows, { ...order, order_id: 2_611_200_000 }, 'order_id was 2611200000'],
  ['no id', orderRows, { ...order, order_id: '' }, 'order_id was ""'],
  ['no side', orderRows, { ...order, transaction_type: null }, 'transaction_type was null'],
  ['no tag and no price', orderRows, { ...order, tag: null, price: null }, 'price was null'],
  ['a trade of no shares', tradeRows, { ...trade, quantity: 0 }, 'quantity was 0'],
  ['a trade for nothing', tradeRows, { ...trade, average_price: 0 }, 'average_price was 0'],
  ['a trade at no time', tradeRows, { ...trade, fill_timestamp: null }, 'fill_timestamp was null'],
  [
    'a time before there were such orders',
    orderRows,
    { ...order, order_timestamp: new Date('1970-01-01 05:30:00') },
    'must be of 2000 or later',
  ],
  ['a price nothing costs', orderRows, { ...order, price: 1e300 }, 'price was 1e+300'],
  [
    'more shares than anybody holds',
    tradeRows,
    { ...trade, quantity: 1e9 },
    'quantity was 1000000000',
  ],
  [
    'an order worth more than the market',
    orderRows,
    { ...order, quantity: 1e8, price: 900_000 },
    'quantity was 100000000: times the price is more',
  ],
  [
    'a trade worth more than the market',
    tradeRows,
    { ...trade, quantity: 1e8, average_price: 900_000 },
    'times the price is more than any trade is worth',
  ],
  [
    'not a number of shares held',
    positionRows,
    { ...position, quantity: Number.NaN },
    'quantity was',
  ],
  ['half a position', positionRows, { ...position, quantity: 0.5 }, 'quantity was 0.5'],
  [
    'a trigger of no shares',
    triggerRows,
    { ...trigger, orders: [leg, { ...leg, quantity: 0 }] },
    'orders.1.quantity was 0',
  ],
  [
    'a trigger that never was',
    triggerRows,
    { ...trigger, created_at: null },
    'created_at was null',
  ],
];

test.each(lies)('%s makes the book unreadable, by name', (_, kind, row, named) => {
  const read = (): unknown => siftedRows(kind, [row]);
  expect(read).toThrow(BrokerFailure);
  expect(read).toThrow(named);
});

/** A stranger's row: left out, and ours beside it is read. */
const strangers: readonly (readonly [string, RowKind<unknown>, object, object])[] = [
  ['a future', orderRows, { ...order, exchange: 'NFO', price: null }, order],
  ['a carried derivative', orderRows, { ...order, product: 'NRML', quantity: 0 }, order],
  ['another program’s order', orderRows, { ...order, tag: 'algo7', price: null }, order],
  ['a trade of BSE', tradeRows, { ...trade, exchange: 'BSE', fill_timestamp: null }, trade],
  ['the same stock at BSE', positionRows, { ...position, exchange: 'BSE', quantity: 5 }, position],
  [
    'a leg without a price',
    triggerRows,
    { ...trigger, orders: [leg, { ...leg, price: null }] },
    trigger,
  ],
  [
    'a leg at the market',
    triggerRows,
    { ...trigger, orders: [{ ...leg, price: 0 }, leg] },
    trigger,
  ],
  ['a single trigger', triggerRows, { ...trigger, type: 'single', orders: [leg] }, trigger],
  ['no legs at all', triggerRows, { ...trigger, orders: null }, trigger],
  ['a trigger at BSE', triggerRows, { ...trigger, condition: { exchange: 'BSE' } }, trigger],
];

test.each(strangers)('%s is left out, ours is read', (_, kind, stranger, own) => {
  expect(siftedRows(kind, [stranger, own])).toEqual(siftedRows(kind, [own]));
  expect(siftedRows(kind, [own])).toHaveLength(1);
});

test.each([[null], ['sorry'], [{}], [[null]], [['row']]])('%j is no book', (answer) => {
  expect(() => siftedRows(orderRows, answer)).toThrow(BrokerFailure);
});
