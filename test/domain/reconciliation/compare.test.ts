// Goal: whatever records and books say, everything of ours has something that looks after it, and nothing
// foreign is touched. Method: tables of books, and one property over random books.
import fc from 'fast-check';
import type { BookOrder } from '../../../domain/orders/order';
import { compareBooks } from '../../../domain/reconciliation';
import { epochMs, paise, shares, type Side } from '../../../domain/units';

const order = (
  orderId: string,
  tag: string | null,
  side: Side,
  rest: Partial<BookOrder> = {},
): BookOrder => ({
  orderId,
  tag,
  side,
  tradingsymbol: 'SBIN',
  product: 'MIS',
  orderType: 'LIMIT',
  status: 'COMPLETE',
  statusMessage: null,
  placedAt: epochMs(0),
  quantity: shares(10),
  filledQuantity: shares(10),
  price: paise(100),
  trigger: paise(0),
  ...rest,
});
const mine = 'R261125A1TB2';
const intent = (running: boolean, taskAttempts = 0): Parameters<typeof compareBooks>[2] => [
  {
    intentId: mine,
    tradingsymbol: 'SBIN',
    product: 'MIS',
    direction: 'LONG',
    quantity: shares(10),
    running,
    adopted: 0,
    taskAttempts,
    carried: 0,
    notCarried: null,
  },
];
const resting = { status: 'TRIGGER PENDING', filledQuantity: shares(0) };

describe('reconciliation: what a reading of the books asks for', () => {
  test('a holding of ours that nobody looks after is adopted; one that is looked after is not', () => {
    const orders = [order('1', mine, 'BUY'), order('2', mine, 'SELL', resting)];
    const net = new Map([['SBIN/MIS', 10]]);
    expect(compareBooks(orders, net, intent(false))).toEqual([{ kind: 'adopt', intentId: mine }]);
    expect(compareBooks(orders, net, intent(true))).toEqual([]);
  });

  test('a position whose workflow cannot do its task is told of; one whose worker has just died is not', () => {
    const orders = [order('1', mine, 'BUY'), order('2', mine, 'SELL', resting)];
    const net = new Map([['SBIN/MIS', 10]]);
    expect(compareBooks(orders, net, intent(true, 2))).toEqual([]);
    expect(compareBooks(orders, net, intent(true, 5))).toEqual([
      { kind: 'stuck', intentId: mine, attempts: 5 },
    ]);
  });

  test('a stop without a holding is an orphan and is cancelled', () => {
    const orders = [
      order('1', mine, 'BUY'),
      order('2', mine, 'SELL'),
      order('3', mine, 'SELL', resting),
    ];
    expect(compareBooks(orders, new Map(), intent(false))).toEqual([
      { kind: 'orphan', orderId: '3', tag: mine },
    ]);
  });

  test.each([
    ['untagged', null],
    ['tagged by another program', 'mybot'],
    ['tagged like ours without an intent of ours', 'R261125ZZTZZ'],
  ])('a holding %s is quarantined and nothing else', (_, tag) => {
    expect(
      compareBooks([order('1', tag, 'BUY')], new Map([['SBIN/MIS', 10]]), intent(true)),
    ).toEqual([{ kind: 'foreign', tradingsymbol: 'SBIN', quantity: 10 }]);
  });

  test('an order with our tag beyond what was approved keeps the stock from being entered, whoever looks after it', () => {
    const beyond = (ordered: number) => ({
      ...{ kind: 'beyondApproved', intentId: mine, tradingsymbol: 'SBIN' },
      ...{ approved: 10, ordered },
    });
    const orders = [order('1', mine, 'BUY'), order('2', mine, 'BUY')];
    const net = new Map([['SBIN/MIS', 20]]);
    expect(compareBooks(orders, net, intent(true))).toEqual([beyond(20)]);
    expect(compareBooks(orders, net, intent(false))).toEqual([
      { kind: 'adopt', intentId: mine },
      beyond(20),
    ]);
    const open = order('2', mine, 'BUY', { status: 'OPEN', filledQuantity: shares(0) });
    const half = new Map([['SBIN/MIS', 10]]);
    expect(compareBooks([order('1', mine, 'BUY'), open], half, intent(true))).toEqual([beyond(20)]);
    const dead = { ...open, status: 'REJECTED' };
    expect(compareBooks([order('1', mine, 'BUY'), dead], half, intent(true))).toEqual([]);
  });

  test.each([
    ['another stock', { tradingsymbol: 'INFY' }, 'INFY/MIS'],
    ['another product', { product: 'CNC' }, 'SBIN/CNC'],
  ])('our tag on %s makes no position of ours', (_, elsewhere, key) => {
    const orders = [order('1', mine, 'BUY'), order('2', mine, 'BUY', elsewhere)];
    const net = new Map([
      ['SBIN/MIS', 10],
      [key, 10],
    ]);
    expect(compareBooks(orders, net, intent(true))).toEqual([
      { kind: 'foreign', tradingsymbol: key.slice(0, 4), quantity: 10 },
    ]);
  });

  test('a correction belongs to its intent', () => {
    const orders = [
      order('1', mine, 'BUY'),
      order('2', mine, 'SELL'),
      order('3', mine, 'SELL'),
      order('4', `${mine}c`, 'BUY'),
    ];
    expect(compareBooks(orders, new Map([['SBIN/MIS', 0]]), intent(false))).toEqual([]);
  });

  test('a position closed by a foreign trade it has adopted leaves nothing to do', () => {
    const orders = [order('1', mine, 'BUY'), order('2', null, 'SELL')];
    const known = intent(false).map((one) => ({ ...one, adopted: -10 }));
    expect(compareBooks(orders, new Map([['SBIN/MIS', 0]]), known)).toEqual([]);
  });

  test('property: every share of the account is looked after, adopted or quarantined; no foreign order is ever touched', () => {
    const books = fc.array(
      fc.record({
        tag: fc.constantFrom(mine, null, 'mybot'),
        side: fc.constantFrom<Side>('BUY', 'SELL'),
        filled: fc.integer({ min: 0, max: 10 }),
        live: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(books, fc.boolean(), (rows, running) => {
        const orders = rows.map(({ tag, side, filled, live }, index) =>
          order(String(index), tag, side, {
            filledQuantity: shares(filled),
            status: live ? 'OPEN' : 'CANCELLED',
          }),
        );
        const sum = (of: typeof rows): number =>
          of.reduce((total, { side, filled }) => total + (side === 'BUY' ? filled : -filled), 0);
        const total = sum(rows);
        const own = sum(rows.filter(({ tag }) => tag === mine));
        const findings = compareBooks(orders, new Map([['SBIN/MIS', total]]), intent(running));
        const foreign = findings.find((finding) => finding.kind === 'foreign');
        expect(foreign?.kind === 'foreign' ? foreign.quantity : 0).toBe(total - own);
        expect(findings.some((finding) => finding.kind === 'adopt')).toBe(!running && own !== 0);
        for (const finding of findings)
          if (finding.kind === 'orphan') expect(rows[Number(finding.orderId)]?.tag).toBe(mine);
      }),
      { numRuns: 1000 },
    );
  });
});
