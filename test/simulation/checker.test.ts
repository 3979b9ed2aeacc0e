// Goal: the checker rejects what breaks an invariant and accepts what does not. Method: short records by
// hand, one per invariant, each a small change of one that is clean.
import { check } from './checker';
import { chargesOf } from './rates';
import type { Approval, RecordLine, SessionRecord, Statement } from './journal';
import { StrangerSales } from './strangerSales';

const tag = 'R261120AT1';
const approval: Approval = {
  tag,
  tradingsymbol: 'TEST',
  direction: 'LONG',
  product: 'MIS',
  quantity: 10,
  price: 1000,
  tickSize: 5,
  bandLower: 500,
  bandUpper: 1500,
};
type Fields = Record<string, string | number | boolean | null>;
const line = (at: number, kind: string, fields: Fields = {}): RecordLine => ({
  at,
  kind,
  ...fields,
});
const place = (at: number, orderId: string, fields: Fields): RecordLine =>
  line(at, 'place', { orderId, placer: 'client', tag, tradingsymbol: 'TEST', ...fields });
const order = (at: number, orderId: string, fields: Fields): RecordLine =>
  line(at, 'order', { orderId, tag, ...fields });
const fill = (at: number, orderId: string, fields: Fields): RecordLine =>
  line(at, 'fill', {
    orderId,
    tag,
    tradingsymbol: 'TEST',
    tradeId: `${orderId}/${at}`,
    price: 1000,
    quantity: 10,
    ...fields,
  });

const opening = line(0, 'session', { openingCash: 1_000_000 });
const entry = [
  place(100, 'e', { side: 'BUY', quantity: 10, price: 1000 }),
  fill(200, 'e', { side: 'BUY' }),
  order(200, 'e', { event: 'final', status: 'COMPLETE', quantity: 10 }),
];
const stop = (at: number, orderId = 's', quantity = 10, trigger = 900): RecordLine[] => [
  place(at, orderId, { side: 'SELL', quantity, price: 890 }),
  order(at + 50, orderId, { event: 'opened', status: 'TRIGGER PENDING', quantity, trigger }),
];
const stopFilled = (at: number, orderId = 's'): RecordLine[] => [
  fill(at, orderId, { side: 'SELL', price: 900 }),
  order(at, orderId, { event: 'final', status: 'COMPLETE', quantity: 10 }),
];

const cash = 1_000_000 - 10_000 + 9_000 - chargesOf('BUY', 10_000) - chargesOf('SELL', 9_000);
const closed: Statement = {
  at: 150_000,
  tag,
  closed: true,
  carried: false,
  held: 0,
  entryInDoubt: false,
  leaving: true,
  desiredStop: 900,
  grossPnl: -1_000,
};
const record = (
  lines: readonly RecordLine[],
  changes: Partial<SessionRecord> = {},
): SessionRecord => ({
  seed: 1,
  lines: [opening, ...lines],
  approvals: [approval],
  statements: [closed],
  brokerPerSecond: 10,
  closingCash: cash,
  calmAt: 0,
  flatBy: 130_000,
  cutOffAt: 140_000,
  handOverAt: 145_000,
  endAt: 150_000,
  ...changes,
});
const clean = [...entry, ...stop(300), ...stopFilled(9_000)];
const broken = (given: SessionRecord): string[] => [
  ...new Set(check(given).violations.map(({ invariant }) => invariant)),
];

test('a clean record passes, and says how long the stop took', () => {
  expect(check(record(clean))).toMatchObject({ violations: [], longestUncoveredMs: 100 });
});

test.each<readonly [string, string, SessionRecord]>([
  [
    'I1',
    'a second entry of the tag',
    record([...clean, place(9_500, 'e2', { side: 'BUY', quantity: 10, price: 1000 })]),
  ],
  ['I2', 'an order nobody approved', record([...clean, place(50, 'x', { tag: 'R261120BT1' })])],
  [
    'I2',
    'an entry of another price',
    record([place(90, 'e0', { side: 'BUY', quantity: 10, price: 1005 })]),
  ],
  [
    'I3',
    'a position that thinks it still holds',
    record(clean, { statements: [{ ...closed, held: 10 }] }),
  ],
  ['I4', 'six seconds without a stop', record([...entry, ...stop(6_300), ...stopFilled(9_000)])],
  [
    'I4',
    'a stop for less than is held',
    record([...entry, ...stop(300, 's', 4), ...stopFilled(9_000)]),
  ],
  [
    'I5',
    'a stop that loosens',
    record([
      ...entry,
      ...stop(300),
      order(3_000, 's', {
        event: 'modified',
        status: 'TRIGGER PENDING',
        quantity: 10,
        trigger: 895,
      }),
      ...stopFilled(9_000),
    ]),
  ],
  [
    'I5',
    'a stop off the tick',
    record([...entry, ...stop(300, 's', 10, 902), ...stopFilled(9_000)]),
  ],
  [
    'I5',
    'a stop outside the band',
    record([...entry, ...stop(300, 's', 10, 495), ...stopFilled(9_000)]),
  ],
  [
    'I6',
    'twelve writes in a second',
    record([
      ...clean,
      ...Array.from({ length: 12 }, (_, index) =>
        line(10_000 + index, 'request', { tag, late: false }),
      ),
    ]),
  ],
  ['I7', 'held past the square-off', record([...entry, ...stop(300), ...stopFilled(135_000)])],
  ['I7', 'a stop left resting', record([...clean, ...stop(9_500, 's2')])],
  ['I8', 'a paisa too little', record(clean, { closingCash: cash - 1 })],
  [
    'I8',
    'a profit that is not the trades’',
    record(clean, { statements: [{ ...closed, grossPnl: -990 }] }),
  ],
  [
    'I9',
    'sold twice for no reason',
    record([
      ...entry,
      ...stop(300),
      ...stop(400, 's2'),
      ...stopFilled(9_000),
      ...stopFilled(9_001, 's2'),
    ]),
  ],
  [
    'I14',
    'an entry three seconds after the halt',
    record([line(0, 'halt'), ...clean.map((one) => ({ ...one, at: one.at + 3_000 }))]),
  ],
  [
    'I16',
    'a stop that lags behind in the calm',
    record(clean, {
      statements: [
        { ...closed, at: 2_000, closed: false, held: 10, leaving: false, desiredStop: 950 },
        closed,
      ],
    }),
  ],
])('%s: %s is rejected', (invariant, _, given) => {
  expect(broken(given)).toContain(invariant);
});

test('what a stranger sells of the same delivery is counted for as long as it is on sale', () => {
  const sales = new StrangerSales({ ...approval, product: 'CNC' });
  const sale = { side: 'SELL', product: 'CNC', quantity: 10, tag: null };
  expect(sales.take(place(1, 'own', { ...sale, tag }))).toBe(false);
  expect(sales.take(place(1, 'other', { ...sale, tradingsymbol: 'OTHER' }))).toBe(false);
  expect(sales.take(place(1, 'x', sale))).toBe(true);
  expect(sales.left).toBe(10);
  sales.take(order(2, 'x', { event: 'partial', quantity: 10, filled: 4 }));
  expect(sales.left).toBe(6);
  sales.take(order(3, 'x', { event: 'final', status: 'CANCELLED', quantity: 10, filled: 4 }));
  expect(sales.left).toBe(0);
});
