// Goal: an alert says what the broker has confirmed, and repeats the broker's own words where it said no.
import {
  apply,
  initialState,
  type BooksReading,
  type PositionEvent,
  type PositionState,
} from '../../domain/position';
import { epochMs, paise, shares } from '../../domain/units';
import { positionAlerts } from '../../workflows/positionAlerts';
import type { PositionAlertType } from '../../domain/alerts/catalogue';
import type { AlertOutbox } from '../../workflows/raiseAlert';
import { positionTerms } from '../support/positionTerms';
import { bookOrder } from '../support/bookOrder';

const terms = positionTerms();
type Order = BooksReading['orders'][number];
const entryOrder = bookOrder();
const stopOrder: Order = {
  ...entryOrder,
  orderId: 's',
  side: 'SELL',
  orderType: 'SL',
  status: 'TRIGGER PENDING',
  filledQuantity: shares(0),
  trigger: paise(900),
};
const entryFill = {
  tradeId: 't',
  orderId: 'e',
  side: 'BUY',
  quantity: shares(10),
  price: paise(1000),
  at: epochMs(100),
} as const;
const request = {
  tag: 'R1T1',
  quantity: shares(10),
  pricing: { kind: 'SL', trigger: paise(900), price: paise(890) },
} as const;
const at = epochMs(1_000);
const refused = {
  kind: 'rejected',
  code: 'InputException',
  message: 'Trigger price is too far from the last price',
} as const;

interface Raised {
  readonly type: string;
  readonly body: unknown;
}

/** A position whose alerts are looked at after every event. */
class Scene {
  readonly raised: Raised[] = [];
  compared = 0;
  readonly #alerts;
  state: PositionState = initialState;

  constructor() {
    const outbox: AlertOutbox<PositionAlertType> = {
      raise: (type, _key, body) => this.raised.push({ type, body }),
      flushed: () => Promise.resolve(),
    };
    this.#alerts = positionAlerts(terms, outbox, {
      compareBooks: () => (this.compared += 1),
    });
    this.tell({ kind: 'entrySending' });
    this.tell({ kind: 'entryAnswered', outcome: { kind: 'accepted', orderId: 'e' }, at });
  }

  tell(event: PositionEvent): this {
    this.state = apply(terms, this.state, event);
    this.#alerts.notice(this.state);
    return this;
  }

  read(...orders: readonly Order[]): this {
    const reading: BooksReading = {
      orders,
      fills: [entryFill],
      foreign: [],
      othersSelling: shares(0),
      ltp: paise(1000),
      netQuantity: shares(10),
      at,
    };
    return this.tell({ kind: 'booksRead', news: this.state.news, reading });
  }

  /** The stop rests at 9.00, the price rises by a rupee and a half and the stop is to follow. */
  trailing(): this {
    return this.read(entryOrder, stopOrder).tell({
      kind: 'crossed',
      epoch: 0,
      seq: 1,
      path: [paise(1150)],
      at,
    });
  }

  modify(outcome: Extract<PositionEvent, { kind: 'modifyAnswered' }>['outcome']): this {
    return this.tell({ kind: 'modifyAnswered', outcome, orderId: 's', order: request, at });
  }

  bodies(type: string): readonly unknown[] {
    return this.raised.filter((one) => one.type === type).map(({ body }) => body);
  }
}

test('a wanted stop is not told, nor one whose change was refused or is on its way', () => {
  const scene = new Scene().trailing();
  const wanted = scene.state.trail?.stop ?? paise(0);
  expect(wanted).toBeGreaterThan(900);
  scene.modify(refused).read(entryOrder, stopOrder);
  scene.read(entryOrder, { ...stopOrder, status: 'MODIFY PENDING', trigger: wanted });
  expect(scene.bodies('trade.stop_moved')).toEqual([]);
});

test('the stop that the books show at rest is told, and once', () => {
  const scene = new Scene().trailing();
  const moved = { ...stopOrder, trigger: paise(930) };
  scene.modify({ kind: 'accepted', orderId: 's' });
  expect(scene.bodies('trade.stop_moved')).toEqual([]);
  scene.read(entryOrder, moved).read(entryOrder, moved);
  expect(scene.bodies('trade.stop_moved')).toEqual([expect.objectContaining({ stop: '₹9.30' })]);
});

test('a stop that is not moved is told with the broker’s own words', () => {
  const scene = new Scene().trailing().modify(refused).modify(refused).modify(refused);
  expect(scene.bodies('protection.stop_not_moved')).toEqual([
    expect.objectContaining({ refusals: 3, brokerSaid: `${refused.code}: ${refused.message}` }),
  ]);
});

test('words of a refusal are gone once a change is accepted', () => {
  const scene = new Scene().trailing().modify(refused);
  scene.modify({ kind: 'inDoubt', message: 'no answer' });
  expect(scene.state.exit.refusedWith).toContain('too far');
  expect(scene.modify({ kind: 'accepted', orderId: 's' }).state.exit.refusedWith).toBeNull();
});

test.each<[string, (scene: Scene) => Scene, string | undefined]>([
  [
    'in its answer',
    (scene) => scene.tell({ kind: 'exitAnswered', outcome: refused, order: request, at }),
    `${refused.code}: ${refused.message}`,
  ],
  [
    'in its books',
    (scene) =>
      scene.read(entryOrder, { ...stopOrder, status: 'REJECTED', statusMessage: 'RMS: no' }),
    'RMS: no',
  ],
  ['without a word', (scene) => scene, undefined],
])('a position left because the stop is refused %s says so', (_, refuse, words) => {
  const scene = refuse(new Scene().read(entryOrder));
  scene.tell({ kind: 'exitWanted', reason: 'stopRefused', at });
  const [body] = scene.bodies('protection.refused') as { brokerSaid?: string }[];
  expect(body?.brokerSaid).toBe(words);
});

test('more ordered under the tag than approved is told once for each amount, and the books are compared at once', () => {
  const scene = new Scene().read(entryOrder, stopOrder);
  const foreign = { ...entryOrder, orderId: 'x', quantity: shares(4), filledQuantity: shares(4) };
  expect(scene.bodies('position.beyond_approved')).toEqual([]);
  scene.read(entryOrder, stopOrder, foreign).read(entryOrder, stopOrder, foreign);
  expect(scene.bodies('position.beyond_approved')).toEqual([{ approved: 10, ordered: 14 }]);
  expect(scene.compared).toBe(1);
  const resting = { ...foreign, orderId: 'y', status: 'OPEN', filledQuantity: shares(0) };
  scene.read(entryOrder, stopOrder, foreign, resting);
  expect(scene.bodies('position.beyond_approved')).toHaveLength(2);
});
