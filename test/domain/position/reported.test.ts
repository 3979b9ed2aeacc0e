// Goal: a fill is covered as soon as anybody tells of it, before the entry's own answer and before the books; and
// what was told gives way to the books.
import {
  apply,
  coverReported,
  entryReport,
  holdingOf,
  initialState,
  nextCommand,
  unknownSince,
  type BooksQuestion,
  type BooksReading,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
} from '../../../domain/position';
import type { AccountOrder, Fill, OrderReport } from '../../../domain/orders/order';
import { epochMs, paise, shares } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';
import { bookOrder } from '../../support/bookOrder';

const terms = positionTerms();
const report = (changes: Partial<OrderReport> = {}): OrderReport => ({
  orderId: 'e',
  tag: 'R1T1',
  side: 'BUY',
  filledQuantity: shares(10),
  averagePrice: paise(1000),
  ...changes,
});
const entryOrder: AccountOrder = { ...bookOrder(), placedBy: 'AB1234' };
const fill: Fill = {
  tradeId: 't1',
  orderId: 'e',
  side: 'BUY',
  quantity: shares(10),
  price: paise(995),
  at: epochMs(40),
};
const stop = {
  tag: 'R1T1',
  quantity: shares(10),
  pricing: { kind: 'SL', trigger: paise(900), price: paise(890) },
} as const;

class Scene {
  state: PositionState = initialState;

  tell(event: PositionEvent): this {
    this.state = apply(terms, this.state, event);
    return this;
  }

  told(changes: Partial<OrderReport> = {}, at = 60): this {
    return this.tell({ kind: 'reported', report: report(changes), at: epochMs(at) });
  }

  read(reading: Partial<BooksReading>): this {
    const none = { orders: [], fills: [], foreign: [], othersSelling: shares(0) };
    const empty = { ...none, ltp: paise(1000), netQuantity: shares(0), at: epochMs(1_000) };
    return this.tell({
      kind: 'booksRead',
      news: this.state.news,
      reading: { ...empty, ...reading },
    });
  }

  wants(now: number): PositionCommand {
    return nextCommand(terms, this.state, epochMs(now));
  }

  get held(): number {
    return holdingOf(terms.intent, this.state).open;
  }
}
const sending = (): Scene => new Scene().tell({ kind: 'entrySending' });
const accepted = (): Scene =>
  sending().tell({
    kind: 'entryAnswered',
    outcome: { kind: 'accepted', orderId: 'e' },
    at: epochMs(50),
  });
const stopped = (scene: Scene, quantity = 10): Scene =>
  scene.tell({
    kind: 'exitAnswered',
    outcome: { kind: 'accepted', orderId: 's' },
    order: { ...stop, quantity: shares(quantity) },
    at: epochMs(100),
  });

describe('a fill that is told of', () => {
  test('gets its stop while the entry’s own answer still hangs', () => {
    const scene = sending().told();
    expect(scene.state.entry).toEqual({ kind: 'sent', orderId: 'e', at: 60 });
    expect(scene.wants(61)).toMatchObject({
      kind: 'placeExit',
      order: { side: 'SELL', quantity: 10, pricing: { kind: 'SL', trigger: 900 } },
    });
  });

  test.each([
    ['late answer', { kind: 'accepted', orderId: 'e' }],
    ['timeout', { kind: 'inDoubt', message: 'timeout' }],
    ['no that cannot be', { kind: 'rejected', code: 'X', message: 'no' }],
  ] as const)('stays a fill whatever the entry’s %s says', (_, outcome) => {
    const scene = sending()
      .told()
      .tell({ kind: 'entryAnswered', outcome, at: epochMs(70) });
    expect(scene.state.entry).toMatchObject({ kind: 'sent', orderId: 'e' });
    expect(scene.held).toBe(10);
  });

  test('is covered before the books are asked, and once', () => {
    const scene = accepted().told();
    expect(scene.wants(61)).toMatchObject({ kind: 'placeExit' });
    expect(stopped(scene).wants(101)).toMatchObject({ kind: 'readBooks' });
  });

  test('is covered for all of it when more is told: the same stop grows', () => {
    const scene = stopped(accepted().told({ filledQuantity: shares(4) }), 4).told();
    expect(scene.wants(110)).toMatchObject({
      kind: 'modifyExit',
      orderId: 's',
      order: { quantity: 10, pricing: { kind: 'SL', trigger: 900 } },
    });
  });

  test('is not sold as an orphan’s stop by books that lag behind', () => {
    const resting = {
      ...entryOrder,
      orderId: 's',
      side: 'SELL',
      orderType: 'SL',
      status: 'TRIGGER PENDING',
      filledQuantity: shares(0),
      trigger: paise(900),
    } as const;
    const lagging = { ...entryOrder, status: 'OPEN', filledQuantity: shares(0) };
    const scene = stopped(accepted().told()).read({ orders: [lagging, resting] });
    expect(scene.held).toBe(10);
    expect(scene.wants(1_001).kind).toBe('wait');
  });

  test('gives way to the books: their price counts, and nothing counts twice', () => {
    const scene = accepted()
      .told()
      .read({ orders: [entryOrder], fills: [fill] });
    expect(scene.held).toBe(10);
    expect(scene.state.reported).toBeNull();
    expect(holdingOf(terms.intent, scene.state).entered.value).toBe(9_950);
  });

  test('was not so where the books have not shown it after two minutes', () => {
    const scene = accepted()
      .told()
      .read({ at: epochMs(120_061) });
    expect(scene.held).toBe(0);
  });

  test.each([
    ['another tag', { tag: 'R1T2' }],
    ['the exit’s side', { side: 'SELL' as const }],
    ['another order of the tag', { orderId: 'x' }],
    ['more than was ordered', { filledQuantity: shares(11) }],
    ['a price worse than the limit', { averagePrice: paise(1001) }],
    ['no price', { averagePrice: paise(0) }],
    ['no fill', { filledQuantity: shares(0) }],
  ])('is not believed with %s', (_, changes) => {
    const scene = accepted().told(changes);
    expect(scene.held).toBe(0);
    expect(scene.wants(61)).toMatchObject({ kind: 'readBooks' });
  });

  test('leaves a refused stop to the books', () => {
    const scene = accepted()
      .told()
      .tell({
        kind: 'exitAnswered',
        outcome: { kind: 'rejected', code: 'InputException', message: 'no' },
        order: stop,
        at: epochMs(100),
      });
    expect(coverReported(terms, scene.state, epochMs(101))).toBeUndefined();
    expect(scene.wants(101)).toMatchObject({ kind: 'readBooks' });
  });
});

describe('one book alone', () => {
  const question: BooksQuestion = {
    intentId: 'R1T1',
    tradingsymbol: 'TEST',
    product: 'MIS',
    date: '2026-11-20',
    orderIds: ['e'],
    sought: [],
    entry: { orderId: 'e', filled: 0, side: 'BUY', limit: paise(1000) },
  };

  test('of the orders tells of the fill; its price is the limit at worst', () => {
    expect(entryReport(question, { orders: [entryOrder], fills: null })).toEqual(report());
  });

  test('of the trades tells of it by the order’s id, at its price', () => {
    expect(entryReport(question, { orders: null, fills: [fill] })).toEqual(
      report({ averagePrice: paise(995) }),
    );
  });

  test.each([
    ['what is known already', { ...question, entry: { ...question.entry, filled: 10 } }],
    [
      'another’s order',
      { ...question, intentId: 'R1T2', entry: { ...question.entry, orderId: null } },
    ],
  ])('tells nothing of %s', (_, asked) => {
    expect(entryReport(asked, { orders: [entryOrder], fills: [fill] })).toBeNull();
  });
});

describe('since when it is unknown what is held', () => {
  const since = ({ state }: Scene): number | null => unknownSince(terms.intent, state);

  test('from the answer, or the doubt, until the books tell', () => {
    expect(since(sending())).toBeNull();
    expect(since(accepted())).toBe(50);
    expect(
      since(
        accepted().read({ orders: [{ ...entryOrder, status: 'OPEN', filledQuantity: shares(0) }] }),
      ),
    ).toBe(1_000);
    expect(
      since(
        accepted().read({
          orders: [{ ...entryOrder, status: 'CANCELLED', filledQuantity: shares(0) }],
        }),
      ),
    ).toBeNull();
  });
});
