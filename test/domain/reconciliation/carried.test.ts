// Goal: a position carried into a session is adopted without a person only where the account still looks like
// it, and what its trigger sold is known as ours although it carries no tag.
import { compareBooks, whyNotCarried, withOwners } from '../../../domain/reconciliation';
import type { AccountOrder } from '../../../domain/orders/order';
import type { BookTrigger } from '../../../domain/orders/trigger';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise, shares } from '../../../domain/units';

const intentId = 'R261120A1TB2';
const date = '2026-11-23';
const today = istInstant(date, '09:20');
const sale: AccountOrder = {
  orderId: 'x',
  tag: null,
  tradingsymbol: 'SBIN',
  side: 'SELL',
  product: 'CNC',
  orderType: 'LIMIT',
  status: 'COMPLETE',
  statusMessage: null,
  placedBy: 'AB1234',
  quantity: shares(10),
  filledQuantity: shares(10),
  price: paise(1200),
  trigger: paise(0),
  placedAt: today,
};
const trigger = (state: BookTrigger['state'], orderId: string | null): BookTrigger => ({
  orderId: 'gtt-7',
  tradingsymbol: 'SBIN',
  side: 'SELL',
  product: 'CNC',
  state,
  quantity: shares(10),
  stop: { trigger: paise(900), price: paise(890) },
  target: { trigger: paise(1200), price: paise(1200) },
  createdAt: istInstant('2026-11-20', '11:00'),
  updatedAt: today,
  result: orderId === null ? null : { leg: 'target', orderId, rejection: null },
});
const owners = [{ intentId, orderIds: ['e', 'gtt-7'] }];
const known = (
  rest: Partial<Parameters<typeof compareBooks>[2][number]> = {},
): Parameters<typeof compareBooks>[2] => [
  {
    intentId,
    tradingsymbol: 'SBIN',
    product: 'CNC',
    direction: 'LONG',
    quantity: shares(10),
    running: false,
    taskAttempts: 0,
    adopted: 0,
    carried: 10,
    notCarried: null,
    ...rest,
  },
];

describe('what was carried into a session', () => {
  test('held and unattended, it is adopted; sold by its trigger, nothing is left to do', () => {
    const resting = withOwners([], [trigger('resting', null)], owners, date);
    expect(compareBooks(resting, new Map(), known())).toEqual([{ kind: 'adopt', intentId }]);
    const sold = withOwners([sale], [trigger('met', 'x')], owners, date);
    expect(sold[0]).toMatchObject({ orderId: 'x', tag: intentId });
    const net = new Map([['SBIN/CNC', -10]]);
    expect(compareBooks(sold, net, known())).toEqual([]);
    expect(compareBooks(sold, net, known({ notCarried: 'fewer shares' }))).toEqual([]);
  });

  test('a trigger that outlived its position is an orphan; a stranger’s trigger and sale are not ours', () => {
    const orphan = withOwners([], [trigger('resting', null)], owners, date);
    expect(compareBooks(orphan, new Map(), known({ carried: 0 }))).toEqual([
      { kind: 'orphan', orderId: 'gtt-7', tag: intentId },
    ]);
    const strange = withOwners([sale], [trigger('resting', null)], [], date);
    expect(strange).toEqual([sale]);
    expect(compareBooks(strange, new Map([['SBIN/CNC', -10]]), [])).toEqual([
      { kind: 'foreign', tradingsymbol: 'SBIN', quantity: -10 },
    ]);
  });

  test('where the account no longer looks like it, a person is told and nothing is adopted', () => {
    expect(compareBooks([], new Map(), known({ notCarried: 'gone' }))).toEqual([
      { kind: 'notCarried', intentId, tradingsymbol: 'SBIN', why: 'gone' },
    ]);
  });

  test.each([
    [10, 900, null],
    [25, 900, null],
    [4, 900, '10 SBIN were carried over, the account holds 4'],
    [10, 1_500, "the stop of SBIN at ₹15.00 lies above today's band, which ends at ₹14.00"],
  ])('holding %d with the stop at %d paise: %s', (holding, stop, why) => {
    const band = { lower: paise(800), upper: paise(1_400) };
    const position = { tradingsymbol: 'SBIN', quantity: 10, holding, stop: paise(stop), band };
    expect(whyNotCarried(position)).toBe(why);
  });
});
