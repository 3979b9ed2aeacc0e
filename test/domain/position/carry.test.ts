// Goal: a delivery position is protected by one trigger with both levels, which moves with the trail. It is
// left by a limit in the trigger's place, and handed on to the next session only when covered.
import type { AccountOrder } from '../../../domain/orders/order';
import type { BookTrigger } from '../../../domain/orders/trigger';
import {
  adoptedState,
  apply,
  attribute,
  booksQuestion,
  exitReasonOf,
  initialState,
  isOver,
  nextCommand,
  viewOf,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
} from '../../../domain/position';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, shares, type EpochMs } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';

const date = '2026-11-20';
const today = istInstant(date, '10:00');
const closeAt = 700_000;
const terms = positionTerms(
  { product: 'CNC' },
  { squareOffAt: null, cutOffAt: epochMs(closeAt), date },
);
const at = (ms: number): EpochMs => epochMs(ms);

const entry: AccountOrder = {
  orderId: 'e',
  tag: 'R1T1',
  tradingsymbol: 'TEST',
  side: 'BUY',
  product: 'CNC',
  orderType: 'LIMIT',
  status: 'COMPLETE',
  statusMessage: null,
  placedBy: 'AB1234',
  quantity: shares(10),
  filledQuantity: shares(10),
  price: paise(1000),
  trigger: paise(0),
  placedAt: today,
};
const sale: AccountOrder = { ...entry, orderId: 'x', tag: null, side: 'SELL', price: paise(1200) };
const trigger = (rest: Partial<BookTrigger> = {}): BookTrigger => ({
  orderId: 'gtt-7',
  tradingsymbol: 'TEST',
  side: 'SELL',
  product: 'CNC',
  state: 'resting',
  quantity: shares(10),
  stop: { trigger: paise(900), price: paise(890) },
  target: { trigger: paise(1200), price: paise(1200) },
  createdAt: today,
  updatedAt: today,
  result: null,
  ...rest,
});
const met = (leg: 'stop' | 'target', updatedAt = today): BookTrigger =>
  trigger({ state: 'met', result: { leg, orderId: 'x', rejection: null }, updatedAt });

/** The account as the broker shows it. The position reads it through attribution, as the live one does. */
interface Account {
  readonly orders?: readonly AccountOrder[];
  readonly triggers?: readonly BookTrigger[];
  readonly ltp?: number;
}

class Scene {
  state: PositionState;
  readonly terms: PositionTerms;

  constructor(state: PositionState = initialState, given: PositionTerms = terms) {
    this.state = state;
    this.terms = given;
  }

  tell(event: PositionEvent): this {
    this.state = apply(this.terms, this.state, event);
    return this;
  }

  wants(now: number): PositionCommand {
    return nextCommand(this.terms, this.state, epochMs(now));
  }

  /** Answers its question for the books with the account's. */
  read(now: number, { orders = [entry], triggers = [], ltp = 1000 }: Account): this {
    const command = this.wants(now);
    if (command.kind !== 'readBooks') throw new Error(`it wants ${command.kind}`);
    const traded = orders.filter(({ filledQuantity }) => filledQuantity > 0);
    const fills = traded.map(({ orderId, side, filledQuantity, price }) => ({
      tradeId: `t${orderId}`,
      orderId,
      side,
      quantity: filledQuantity,
      price,
      at: today,
    }));
    const reading = attribute(booksQuestion(this.terms, command), { orders, fills, triggers });
    return this.tell({
      kind: 'booksRead',
      news: command.news,
      reading: { ...reading, ltp: paise(ltp), netQuantity: shares(10), at: at(now) },
    });
  }

  answer(command: PositionCommand, orderId: string | null, now: number): this {
    if (command.kind !== 'placeExit') throw new Error(`it wants ${command.kind}`);
    const outcome =
      orderId === null
        ? ({ kind: 'inDoubt', message: '' } as const)
        : ({ kind: 'accepted', orderId } as const);
    return this.tell({ kind: 'exitAnswered', outcome, order: command.order, at: at(now) });
  }
}

const bought = (): Scene =>
  new Scene()
    .tell({ kind: 'entrySending' })
    .tell({ kind: 'entryAnswered', outcome: { kind: 'accepted', orderId: 'e' }, at: at(50) })
    .read(60, {});
/** Held, its trigger resting. */
const covered = (): Scene => {
  const scene = bought();
  return scene.answer(scene.wants(70), 'gtt-7', 80).read(90, { triggers: [trigger()] });
};

describe('a position that may be held over the night', () => {
  test('is protected by one trigger of both levels, and shows it as its stop', () => {
    expect(bought().wants(70)).toMatchObject({
      kind: 'placeExit',
      order: {
        side: 'SELL',
        product: 'CNC',
        quantity: 10,
        pricing: { kind: 'OCO', trigger: 900, target: { trigger: 1200, price: 1200 }, ltp: 1000 },
      },
    });
    const scene = covered();
    expect(scene.wants(100).kind).toBe('wait');
    expect(viewOf(terms, scene.state)).toMatchObject({ phase: 'protected', confirmedStop: 900 });
  });

  test('both levels move with the price by modifying it, as often as that takes', () => {
    const scene = covered();
    scene.state = { ...scene.state, exit: { ...scene.state.exit, modifications: 200 } };
    scene.tell({ kind: 'crossed', epoch: 0, seq: 1, path: [paise(1100)], at: at(5_000) });
    expect(scene.wants(5_001)).toMatchObject({
      kind: 'modifyExit',
      orderId: 'gtt-7',
      order: { pricing: { kind: 'OCO', trigger: 1000, target: { trigger: 1300 }, ltp: 1100 } },
    });
  });

  test('is left by taking the trigger away first, then by a limit: never by both', () => {
    const scene = covered().tell({ kind: 'exitWanted', reason: 'operator', at: at(5_000) });
    expect(scene.wants(5_001)).toMatchObject({ kind: 'cancel', orderId: 'gtt-7' });
    scene.tell({ kind: 'cancelAnswered' }).read(5_100, { triggers: [trigger()] });
    expect(scene.wants(5_101)).toMatchObject({ kind: 'cancel', orderId: 'gtt-7' });
    const deleted = trigger({ state: 'ended' });
    scene.tell({ kind: 'cancelAnswered' }).read(5_200, { triggers: [deleted] });
    expect(scene.wants(5_201)).toMatchObject({
      kind: 'placeExit',
      order: { quantity: 10, pricing: { kind: 'LIMIT' } },
    });
  });

  test.each([['stop'], ['target']] as const)(
    'what its %s leg has placed and sold is its own exit, with that reason',
    (leg) => {
      const scene = covered()
        .tell({ kind: 'hinted' })
        .read(6_000, { orders: [entry, sale], triggers: [met(leg)] });
      expect(exitReasonOf(scene.state)).toBe(leg);
      expect(scene.state.adopted).toEqual([]);
      expect(scene.wants(6_001)).toEqual({ kind: 'finish' });
    },
  );

  test('what a stranger is selling cannot be sold again: the exit asks for the rest, and for all once that is gone', () => {
    const limit: AccountOrder = {
      ...sale,
      status: 'OPEN',
      orderType: 'LIMIT',
      price: paise(890),
      quantity: shares(2),
      filledQuantity: shares(0),
    };
    const stranger: AccountOrder = { ...limit, orderId: 'y', quantity: shares(3) };
    const scene = covered()
      .tell({ kind: 'hinted' })
      .read(6_000, { orders: [entry, limit, stranger], triggers: [met('stop')], ltp: 890 })
      .tell({ kind: 'exitWanted', reason: 'stop', at: at(6_001) });
    expect(scene.wants(20_000)).toMatchObject({
      kind: 'modifyExit',
      orderId: 'x',
      order: { quantity: 7 },
    });
    const gone: AccountOrder = { ...stranger, status: 'CANCELLED' };
    scene
      .tell({ kind: 'hinted' })
      .read(20_100, { orders: [entry, limit, gone], triggers: [met('stop')], ltp: 890 });
    expect(scene.wants(20_200)).toMatchObject({ kind: 'modifyExit', order: { quantity: 10 } });
  });

  test('a trigger that was met and whose order no book shows yet is neither resting nor gone', () => {
    const scene = covered()
      .tell({ kind: 'hinted' })
      .read(6_000, { triggers: [met('stop')] });
    expect(scene.wants(6_001).kind).toBe('wait');
    expect(scene.wants(8_000).kind).toBe('readBooks');
  });

  test('one met on an earlier day, its order long cancelled, protects nothing: another is placed', () => {
    const old = met('stop', istInstant('2026-11-19', '15:29'));
    const scene = covered()
      .tell({ kind: 'hinted' })
      .read(6_000, { triggers: [old] });
    expect(scene.wants(6_001)).toMatchObject({ kind: 'placeExit', order: { quantity: 10 } });
  });

  test('a trigger that was never answered is known again by its levels; a stranger’s is not', () => {
    const scene = bought();
    scene.answer(scene.wants(70), null, 5_080);
    const stranger = trigger({
      orderId: 'gtt-8',
      stop: { trigger: paise(905), price: paise(900) },
    });
    scene.read(5_090, { triggers: [stranger, trigger()] });
    expect(scene.state.books?.orders.map(({ orderId }) => orderId)).toEqual(['e', 'gtt-7']);
    expect(scene.wants(5_100).kind).toBe('wait');
  });

  test('a leg the broker would not place leaves the position uncovered, so it is left by a limit', () => {
    const refused = trigger({
      state: 'met',
      result: { leg: 'stop', orderId: null, rejection: 'price beyond the circuit' },
    });
    const scene = covered()
      .tell({ kind: 'hinted' })
      .read(6_000, { triggers: [refused], ltp: 895 });
    expect(scene.wants(6_001)).toEqual({ kind: 'wantExit', reason: 'stop' });
  });
});

describe('the end of its session', () => {
  test('it is handed on when a reading after the close shows all of it covered', () => {
    const scene = covered();
    expect(scene.wants(closeAt - 1_000)).not.toEqual({ kind: 'carry' });
    scene.read(closeAt, { triggers: [trigger()] });
    expect(scene.wants(closeAt + 1)).toEqual({ kind: 'carry' });
    scene.tell({ kind: 'carried' });
    expect(isOver(scene.state)).toBe(true);
    expect(viewOf(terms, scene.state)).toMatchObject({ phase: 'carried', quantity: 10 });
  });

  test('one that could not be left is covered again, beyond the day’s band if need be, and handed on with its reason', () => {
    const locked = 500;
    const scene = covered()
      .tell({ kind: 'exitWanted', reason: 'operator', at: at(closeAt - 5_000) })
      .tell({ kind: 'cancelAnswered' });
    const gone = { triggers: [trigger({ state: 'ended' })], ltp: locked };
    scene.read(closeAt, gone);
    const command = scene.wants(closeAt + 1);
    expect(command).toMatchObject({
      kind: 'placeExit',
      order: { pricing: { kind: 'OCO', trigger: locked - 10, target: { trigger: 1200 } } },
    });
    scene.answer(command, 'gtt-9', closeAt + 50);
    const again = trigger({
      orderId: 'gtt-9',
      stop: { trigger: paise(locked - 10), price: paise(locked - 15) },
    });
    scene.read(closeAt + 100, { triggers: [...gone.triggers, again], ltp: locked });
    expect(scene.wants(closeAt + 101)).toEqual({ kind: 'carry' });
    expect(scene.tell({ kind: 'carried' }).state.aim).toEqual({
      kind: 'carried',
      leaving: 'operator',
    });
  });

  test('one that nothing covers is handed on all the same after two minutes, in which people were told', () => {
    const scene = bought();
    expect(scene.read(closeAt + 119_000, {}).wants(closeAt + 119_001).kind).toBe('placeExit');
    expect(scene.wants(closeAt + 120_000)).toEqual({ kind: 'carry' });
  });
});

describe('the next session', () => {
  const nextTerms = positionTerms(
    { product: 'CNC', band: { lower: paise(950), upper: paise(1400) } },
    { squareOffAt: null, cutOffAt: epochMs(9_000_000), date: '2026-11-23' },
  );
  const entryFill = {
    tradeId: '1',
    orderId: 'e',
    side: 'BUY' as const,
    quantity: shares(10),
    price: paise(1000),
    at: today,
  };
  const fills = [entryFill];
  const levels = [
    { stop: paise(900), target: paise(1200) },
    { stop: paise(1000), target: paise(1300) },
  ];
  const carried = (leaving: 'operator' | null = null): Scene =>
    new Scene(
      adoptedState(nextTerms, at(1_000_000), {
        entryOrderId: 'e',
        levels,
        triggers: ['gtt-7'],
        fills,
        leaving,
        handedOn: true,
      }),
      nextTerms,
    );
  const resting = trigger({
    stop: { trigger: paise(1000), price: paise(990) },
    target: { trigger: paise(1300), price: paise(1300) },
  });

  test('it goes on from its earlier trades and its last levels, and waits while the trigger rests', () => {
    const scene = carried().read(1_000_001, { orders: [], triggers: [resting], ltp: 1150 });
    expect(viewOf(nextTerms, scene.state)).toMatchObject({
      phase: 'protected',
      quantity: 10,
      entryPrice: 1000,
      desiredStop: 1000,
      confirmedStop: 1000,
      target: 1300,
    });
    expect(scene.wants(1_000_010).kind).toBe('wait');
  });

  test('a trade of the new day with the number of an old one is another trade', () => {
    const sold = { ...sale, orderId: 'x', price: paise(1300) };
    const scene = carried().read(1_000_001, { orders: [], triggers: [resting], ltp: 1150 });
    scene.tell({ kind: 'hinted' });
    const command = scene.wants(1_100_000);
    if (command.kind !== 'readBooks') throw new Error(command.kind);
    const account = {
      orders: [sold],
      fills: [{ ...entryFill, orderId: 'x', side: 'SELL' as const, price: paise(1300) }],
      triggers: [met('target')],
    };
    const reading = attribute(booksQuestion(nextTerms, command), account);
    const rest = { ltp: paise(1300), netQuantity: shares(-10), at: at(1_100_000) };
    scene.tell({ kind: 'booksRead', news: command.news, reading: { ...reading, ...rest } });
    expect(scene.wants(1_100_001)).toEqual({ kind: 'finish' });
    expect(viewOf(nextTerms, scene.tell({ kind: 'finished' }).state)).toMatchObject({
      pnl: 3_000,
      exitReason: 'target',
    });
  });

  test('what was to be left is left as soon as that is possible', () => {
    const scene = carried('operator').read(1_000_001, { orders: [], triggers: [resting] });
    expect(scene.wants(1_000_002)).toMatchObject({ kind: 'cancel', orderId: 'gtt-7' });
  });
});
