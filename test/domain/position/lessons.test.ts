// Goal: faults the simulation once found do not return. One small scene per fault, named for what went wrong.
// The seeds that showed them change with the generator; these scenes do not.
import {
  apply,
  checkPolicyChange,
  holdingOf,
  initialState,
  nextCommand,
  termsOf,
  viewOf,
  type BooksReading,
  type PositionCommand,
  type PositionEvent,
  type PositionState,
} from '../../../domain/position';
import { rupeeForRupee } from '../../support/rupeeForRupee';
import { epochMs, paise, shares, type EpochMs } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';
import { bookOrder } from '../../support/bookOrder';

const terms = positionTerms();

type Order = BooksReading['orders'][number];
type Fill = BooksReading['fills'][number];
const entryOrder = (filled: number, status = 'COMPLETE'): Order =>
  bookOrder({ status, filledQuantity: shares(filled) });
const stopOrder = (changes: Partial<Order> = {}): Order => ({
  ...entryOrder(0, 'TRIGGER PENDING'),
  orderId: 's',
  side: 'SELL',
  orderType: 'SL',
  trigger: paise(900),
  ...changes,
});
const fillOf = (orderId: string, quantity: number, at = 100): Fill => ({
  tradeId: `${orderId}${at}`,
  orderId,
  side: orderId === 'e' ? 'BUY' : 'SELL',
  quantity: shares(quantity),
  price: paise(1000),
  at: epochMs(at),
});

/** A position that is given events and asked for its command. */
class Scene {
  state: PositionState = initialState;

  tell(event: PositionEvent): this {
    this.state = apply(terms, this.state, event);
    return this;
  }

  read(reading: Partial<BooksReading>, news = this.state.news): this {
    const none = { orders: [], fills: [], foreign: [], othersSelling: shares(0) };
    const empty = { ...none, ltp: paise(1000), at: epochMs(1_000) };
    return this.tell({
      kind: 'booksRead',
      news,
      reading: { ...empty, netQuantity: shares(10), ...reading },
    });
  }

  wants(now: number): PositionCommand {
    return nextCommand(terms, this.state, epochMs(now));
  }
}
const at = (ms: number): EpochMs => epochMs(ms);
const accepted = (
  orderId: string,
): Extract<PositionEvent, { kind: 'entryAnswered' }>['outcome'] => ({
  kind: 'accepted',
  orderId,
});
const entered = (): Scene =>
  new Scene()
    .tell({ kind: 'entrySending' })
    .tell({ kind: 'entryAnswered', outcome: accepted('e'), at: at(50) });
const order = {
  tag: 'R1T1',
  quantity: shares(10),
  pricing: { kind: 'SL', trigger: paise(900), price: paise(890) },
} as const;

describe('position: lessons of the simulation', () => {
  test('an update that comes while the books are read is not taken as read', () => {
    const scene = entered();
    const asked = scene.wants(60);
    if (asked.kind !== 'readBooks') throw new Error(asked.kind);
    scene.tell({ kind: 'hinted' }).read({ orders: [entryOrder(0, 'OPEN')] }, asked.news);
    expect(scene.wants(1_001)).toMatchObject({ kind: 'readBooks' });
  });

  test('an order that is complete without its trades is read again, never taken for flat', () => {
    const scene = entered().read({ orders: [entryOrder(10)], fills: [] });
    expect(scene.wants(1_010)).toEqual({ kind: 'wait', until: 1_150 });
    expect(scene.wants(1_150)).toMatchObject({ kind: 'readBooks' });
  });

  test('while an entry may fill the books are read every two seconds, whatever the long interval is', () => {
    const scene = entered().read({ orders: [entryOrder(0, 'OPEN')] });
    expect(scene.wants(1_100)).toEqual({ kind: 'wait', until: 3_000 });
  });

  test('an entry the broker’s book hides is known by the trades of its id, and protected', () => {
    const scene = entered();
    expect(scene.wants(60)).toMatchObject({ kind: 'readBooks', orderIds: ['e'] });
    scene.read({ orders: [], fills: [fillOf('e', 10)] });
    expect(scene.wants(1_001)).toMatchObject({
      kind: 'placeExit',
      order: { quantity: 10, pricing: { kind: 'SL', trigger: 900 } },
    });
  });

  test('between two sessions no order is placed, and none is changed; the next opening is waited for', () => {
    const pause = { from: at(1_000), until: at(5_400_000) };
    const paused = positionTerms({}, { pauses: [pause], squareOffAt: at(9_000_000) });
    const wants = ({ state }: Scene, now: number): PositionCommand =>
      nextCommand(paused, state, at(now));
    const bare = entered().read({ orders: [entryOrder(10)], fills: [fillOf('e', 10)] });
    expect(wants(bare, 1_001)).toEqual({ kind: 'wait', until: 21_000 });
    expect(wants(bare, 5_400_000)).toMatchObject({ kind: 'placeExit' });
    const leaving = entered()
      .read({ orders: [entryOrder(10), stopOrder()], fills: [fillOf('e', 10)] })
      .tell({ kind: 'exitWanted', reason: 'operator', at: at(1_000) })
      .read({ orders: [entryOrder(10), stopOrder()], fills: [fillOf('e', 10)] });
    expect(wants(leaving, 1_001)).toMatchObject({ kind: 'wait' });
    expect(wants(leaving, 5_400_000)).toMatchObject({ kind: 'modifyExit', orderId: 's' });
  });

  test('a position does not end while an exit it sent has not been seen', () => {
    const scene = entered()
      .read({ orders: [entryOrder(10)], fills: [fillOf('e', 10)] })
      .tell({
        kind: 'exitAnswered',
        outcome: { kind: 'inDoubt', message: '' },
        order,
        at: at(2_000),
      })
      .tell({ kind: 'exitAnswered', outcome: accepted('s2'), order, at: at(5_000) })
      .read({
        orders: [
          entryOrder(10),
          stopOrder({ orderId: 's2', status: 'COMPLETE', filledQuantity: shares(10) }),
        ],
        fills: [fillOf('e', 10), fillOf('s2', 10, 6_000)],
        at: at(6_100),
      });
    expect(holdingOf(terms.intent, scene.state).open).toBe(0);
    expect(scene.wants(6_101).kind).toBe('wait');
    expect(scene.wants(110_000).kind).toBe('readBooks');
    scene.read({ orders: scene.state.books?.orders ?? [], at: at(123_000) });
    expect(scene.wants(123_001)).toEqual({ kind: 'finish' });
  });

  test('a change on its way is waited for, not asked for again', () => {
    const scene = entered()
      .read({
        orders: [entryOrder(10), stopOrder({ quantity: shares(4) })],
        fills: [fillOf('e', 10)],
      })
      .tell({ kind: 'modifyAnswered', outcome: accepted('s'), orderId: 's', order, at: at(1_500) })
      .read({
        orders: [entryOrder(10), stopOrder({ quantity: shares(4), status: 'MODIFY PENDING' })],
        at: at(1_600),
      });
    expect(scene.wants(1_601)).toEqual({ kind: 'wait', until: 1_750 });
  });

  test('a worn-out order of the wrong quantity is replaced, not asked for until the square-off', () => {
    const scene = entered().read({
      orders: [entryOrder(10), stopOrder({ quantity: shares(4) })],
      fills: [fillOf('e', 10)],
    });
    scene.state = { ...scene.state, exit: { ...scene.state.exit, modifications: 24 } };
    expect(scene.wants(1_001)).toMatchObject({ kind: 'cancel', orderId: 's' });
    scene.state = {
      ...scene.state,
      exit: { ...scene.state.exit, modifications: 2, refusedModifications: 3 },
    };
    expect(scene.wants(1_001)).toMatchObject({ kind: 'cancel', orderId: 's' });
  });

  test('a stop turned away for too many requests is no refusal: it is asked for again a second later', () => {
    const scene = entered().read({ orders: [entryOrder(10)], fills: [fillOf('e', 10)] });
    const turnedAway = { kind: 'turnedAway', message: 'Too many requests' } as const;
    for (const now of [2_000, 3_000, 4_000])
      scene.tell({ kind: 'exitAnswered', outcome: turnedAway, order, at: at(now) });
    scene.read({ orders: [entryOrder(10)], at: at(4_100) });
    expect(scene.wants(4_101)).toEqual({ kind: 'wait', until: 5_000 });
    expect(scene.wants(5_000)).toMatchObject({
      kind: 'placeExit',
      order: { pricing: { kind: 'SL' } },
    });
  });

  test('a sale by hand before our stop filled closed the position: what the stop sold is bought back', () => {
    const scene = entered().read({
      orders: [entryOrder(10), stopOrder({ status: 'COMPLETE', filledQuantity: shares(10) })],
      fills: [fillOf('e', 10), fillOf('s', 10, 900)],
      foreign: [{ ...fillOf('f', 10, 800), byBroker: false }],
    });
    expect(scene.wants(1_001)).toMatchObject({
      kind: 'placeExit',
      order: { side: 'BUY', tag: 'R1T1c' },
    });
    const after = entered().read({
      orders: [entryOrder(10), stopOrder({ status: 'COMPLETE', filledQuantity: shares(10) })],
      fills: [fillOf('e', 10), fillOf('s', 10, 900)],
      foreign: [{ ...fillOf('f', 10, 950), byBroker: false }],
    });
    expect(after.state.adopted).toEqual([]);
    expect(after.wants(1_001)).toEqual({ kind: 'finish' });
  });

  test('a position found at the broker keeps the stop it had trailed to', () => {
    const found = entered().read({
      orders: [entryOrder(10), stopOrder({ trigger: paise(960) })],
      fills: [fillOf('e', 10)],
    });
    expect(found.state.trail).toMatchObject({ stop: 960 });
    expect(found.wants(1_001)).toMatchObject({ kind: 'wait' });
    const looser = entered().read({
      orders: [entryOrder(10), stopOrder({ trigger: paise(850) })],
      fills: [fillOf('e', 10)],
    });
    expect(looser.wants(1_001)).toMatchObject({
      kind: 'modifyExit',
      order: { pricing: { trigger: 900 } },
    });
  });

  test('what buys back rests at a locked market’s price without spending its modifications', () => {
    const scene = entered().read({
      orders: [entryOrder(10), stopOrder({ status: 'COMPLETE', filledQuantity: shares(10) })],
      fills: [fillOf('e', 10), fillOf('s', 10, 900)],
      foreign: [{ ...fillOf('f', 10, 800), byBroker: false }],
    });
    const command = scene.wants(1_001);
    if (command.kind !== 'placeExit') throw new Error(`it wants ${command.kind}`);
    const correction = { ...command.order, quantity: shares(10) };
    scene.tell({
      kind: 'exitAnswered',
      outcome: accepted('c'),
      order: correction,
      at: at(1_100),
    });
    const resting = (price: number): Order => ({
      ...stopOrder({ status: 'OPEN', orderType: 'LIMIT', side: 'BUY' }),
      orderId: 'c',
      tag: 'R1T1c',
      price: paise(price),
    });
    const seen = (price: number): PositionCommand =>
      scene
        .read({ orders: [entryOrder(10), resting(price)], at: at(8_000) }, scene.state.news)
        .wants(8_001);
    // A different price is sent as a change; the same price is left to rest.
    expect(seen(1_500)).toMatchObject({ kind: 'modifyExit', orderId: 'c' });
    const asked = seen(900);
    if (asked.kind !== 'modifyExit') throw new Error(`it wants ${asked.kind}`);
    expect(seen(asked.order.pricing.price)).toMatchObject({ kind: 'wait' });
  });

  test('a stop beyond the day’s band rests at the band’s edge', () => {
    const near = {
      ...terms,
      intent: { ...terms.intent, band: { lower: paise(950), upper: paise(1050) } },
    };
    const { state } = entered().read({ orders: [entryOrder(10)], fills: [fillOf('e', 10)] });
    expect(termsOf(near, state)).toMatchObject({ initialStop: 950, initialTarget: 1050 });
  });

  test('a tighten that arrives after the trail went further changes nothing', () => {
    const held = entered().read({ orders: [entryOrder(10)], fills: [fillOf('e', 10)] });
    held.tell({ kind: 'crossed', epoch: 0, seq: 1, path: [paise(1100)], at: at(2_000) });
    held.tell({ kind: 'tightened', stop: paise(950) });
    expect(held.state.trail?.stop).toBe(1000);
  });
});

describe('position: a change of policy', () => {
  const held = (): Scene =>
    entered()
      .read({ orders: [entryOrder(10), stopOrder()], fills: [fillOf('e', 10)] })
      .tell({ kind: 'crossed', epoch: 0, seq: 1, path: [paise(1100)], at: at(2_000) });
  const tighter = {
    ...rupeeForRupee,
    rule: { kind: 'percentage', share: 0.5 },
    maxTrailDistance: paise(50),
  } as const;
  const looser = { ...rupeeForRupee, rule: { kind: 'percentage', share: 0.2 } } as const;

  test('shows the old and the new stop, and takes effect at once', () => {
    const scene = held();
    expect(checkPolicyChange(terms, scene.state, tighter, false)).toEqual({
      oldStop: 1000,
      newStop: 1050,
      oldTarget: 1300,
      newTarget: 1350,
    });
    scene.tell({ kind: 'policyChanged', policy: tighter, force: false });
    expect(viewOf(terms, scene.state).desiredStop).toBe(1050);
    scene.tell({ kind: 'crossed', epoch: 0, seq: 2, path: [paise(1150)], at: at(3_000) });
    expect(viewOf(terms, scene.state).desiredStop).toBe(1100);
  });

  test.each<readonly [string, Parameters<typeof checkPolicyChange>[2], string]>([
    ['that would loosen', looser, 'move the stop from ₹10.00 to ₹9.20, away from the price'],
    ['with a value that makes no sense', { ...tighter, minStep: paise(0) }, 'minStep must be'],
    [
      'whose stop the price has passed',
      { ...tighter, maxTrailDistance: paise(5) },
      'already been crossed',
    ],
  ])('%s is refused with a sentence and changes nothing', (_, policy, sentence) => {
    const scene = held();
    scene.read({ orders: [entryOrder(10), stopOrder()], ltp: paise(1095), at: at(2_500) });
    const before = scene.state;
    expect(() => checkPolicyChange(terms, scene.state, policy, false)).toThrow(sentence);
    expect(scene.state).toBe(before);
  });

  test('that would loosen is taken by force only, and even then without force the stop stays', () => {
    expect(checkPolicyChange(terms, held().state, looser, true)).toMatchObject({ newStop: 920 });
    const scene = held().tell({ kind: 'policyChanged', policy: looser, force: false });
    expect(scene.state.trail?.stop).toBe(1000);
    scene.tell({ kind: 'policyChanged', policy: looser, force: true });
    expect(scene.state.trail?.stop).toBe(920);
  });

  test('of a position that holds nothing, is leaving or is over is refused', () => {
    const refusal =
      (scene: Scene): (() => unknown) =>
      () =>
        checkPolicyChange(terms, scene.state, tighter, false);
    expect(refusal(entered())).toThrow('holds nothing yet');
    const leaving = held().tell({ kind: 'exitWanted', reason: 'operator', at: at(3_000) });
    expect(refusal(leaving)).toThrow('already being closed (operator)');
    expect(refusal(leaving.tell({ kind: 'finished' }))).toThrow('is closed');
  });
});
