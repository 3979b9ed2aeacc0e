// Goal: in the account's books our orders, a stranger's, and the broker's own are told apart.
import { attribute, entryReport } from '../../../domain/position';
import type { AccountOrder, Fill } from '../../../domain/orders/order';
import { epochMs, paise, shares } from '../../../domain/units';

const question = {
  intentId: 'R261125A1TB2',
  tradingsymbol: 'SBIN',
  product: 'MIS',
  date: '2026-11-25',
  orderIds: [] as string[],
  sought: [],
  entry: { orderId: null, filled: 0, side: 'BUY', limit: paise(100) },
} as const;
const order = (
  orderId: string,
  tag: string | null,
  rest: Partial<AccountOrder> = {},
): AccountOrder => ({
  orderId,
  tag,
  side: 'SELL',
  tradingsymbol: 'SBIN',
  product: 'MIS',
  orderType: 'LIMIT',
  status: 'COMPLETE',
  statusMessage: null,
  placedAt: epochMs(0),
  placedBy: 'AB1234',
  quantity: shares(1),
  filledQuantity: shares(1),
  price: paise(0),
  trigger: paise(0),
  ...rest,
});
const fill = (orderId: string): Fill => ({
  tradeId: `t${orderId}`,
  orderId,
  side: 'SELL',
  at: epochMs(0),
  quantity: shares(1),
  price: paise(100),
});

describe('whose is what in the account’s books', () => {
  test('our orders with their correction, a hand’s trades, the broker’s own, and nobody else’s', () => {
    const orders = [
      order('1', 'R261125A1TB2'),
      order('2', 'R261125A1TB2c'),
      order('3', null),
      order('4', null, { placedBy: 'RMS' }),
      order('5', 'R261125ZZTB2'),
      order('6', null, { product: 'CNC' }),
      order('7', null, { tradingsymbol: 'INFY' }),
    ];
    const fills = orders.map(({ orderId }) => fill(orderId));
    const found = attribute(question, { orders, fills, triggers: [] });
    expect(found.orders.map(({ orderId }) => orderId)).toEqual(['1', '2']);
    expect(found.fills.map(({ orderId }) => orderId)).toEqual(['1', '2']);
    expect(found.foreign).toMatchObject([
      { orderId: '3', byBroker: false },
      { orderId: '4', byBroker: true },
    ]);
  });

  test('our tag on another stock or product is not our order: what it trades is not held', () => {
    const tag = 'R261125A1TB2';
    const orders = [
      order('1', tag, { side: 'BUY' }),
      order('2', tag, { side: 'BUY', tradingsymbol: 'INFY' }),
      order('3', tag, { side: 'BUY', product: 'CNC' }),
    ];
    const fills = orders.map(({ orderId }) => fill(orderId));
    const found = attribute(question, { orders, fills, triggers: [] });
    expect(found.orders.map(({ orderId }) => orderId)).toEqual(['1']);
    expect(found.fills.map(({ orderId }) => orderId)).toEqual(['1']);
    const elsewhere = entryReport(question, { orders: orders.slice(1), fills });
    expect(elsewhere).toBeNull();
  });

  test('what strangers’ live sales have left, of the same product, is not ours to sell', () => {
    const half = { quantity: shares(10), filledQuantity: shares(4), side: 'SELL' } as const;
    const orders = [
      order('1', 'R261125A1TB2', half),
      order('2', null, { ...half, status: 'OPEN' }),
      order('3', null, { ...half, status: 'CANCELLED' }),
      order('4', null, { ...half, status: 'OPEN', side: 'BUY' }),
      order('5', null, { ...half, status: 'OPEN', product: 'CNC' }),
    ];
    expect(attribute(question, { orders, fills: [], triggers: [] }).othersSelling).toBe(6);
  });

  test('a trade of an order the book hides is ours by its id; the account’s user is known from any order of ours', () => {
    const orders = [order('3', null), order('5', 'R261125ZZTB2', { tradingsymbol: 'INFY' })];
    const found = attribute(
      { ...question, orderIds: ['9'] },
      { orders, fills: [fill('9'), fill('3')], triggers: [] },
    );
    expect(found).toMatchObject({
      orders: [],
      fills: [{ orderId: '9' }],
      foreign: [{ orderId: '3', byBroker: false }],
    });
  });
});
