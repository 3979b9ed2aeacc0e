// Goal: the day counts positions from the approval on and keeps the score that risk is asked with. A
// settlement charges every order and the broker's own square-off.
import {
  capitalOf,
  emptyScore,
  exposuresIn,
  withOpened,
  withReport,
  type DayPositions,
} from '../../../domain/entry';
import { brokerSquareOffFee, chargesForOrder } from '../../../domain/charges';
import { settlementOf } from '../../../domain/ledger/settlement';
import type { Fill } from '../../../domain/orders/order';
import { epochMs, paise, shares } from '../../../domain/units';

const today = '2026-11-20';
const opened = (intentId: string): Parameters<typeof withOpened>[1] => ({
  intentId,
  date: today,
  instrument: {
    tradingsymbol: intentId,
    name: intentId,
    instrumentToken: 1,
    tickSize: paise(5),
    hasDerivatives: true,
    sector: 'S',
  },
  direction: 'LONG',
  product: 'MIS',
  value: paise(1_000),
  risk: paise(10),
});
const empty: DayPositions = { positions: [], score: emptyScore };
const closing = (book: DayPositions, intentId: string, netPnl: number, at: number): DayPositions =>
  withReport(book, { intentId, closed: true, netPnl: paise(netPnl) }, epochMs(at));

test('opened twice is counted once; a report of a stranger changes nothing', () => {
  const book = withOpened(withOpened(empty, opened('A')), opened('A'));
  expect(exposuresIn(book, today)).toEqual([
    {
      intentId: 'A',
      tradingsymbol: 'A',
      sector: 'S',
      direction: 'LONG',
      product: 'MIS',
      isEarlier: false,
      value: 1_000,
      risk: 10,
      closed: false,
    },
  ]);
  expect(closing(book, 'B', 5, 1)).toBe(book);
});

test('the score keeps profit, its best and losses in a row; a repeated report counts once', () => {
  let book = ['A', 'B', 'C', 'D'].reduce((all, id) => withOpened(all, opened(id)), empty);
  book = closing(book, 'A', 100, 1);
  book = closing(book, 'B', -30, 2);
  book = closing(closing(book, 'C', -20, 3), 'C', -20, 9);
  expect(book.score).toEqual({ dayPnl: 50, dayPnlPeak: 100, lossesInRow: 2, lastLossAt: 3 });
  expect(closing(book, 'D', 0, 4).score).toEqual(book.score);
  expect(exposuresIn(book, today).filter(({ closed }) => closed)).toHaveLength(3);
});

test('what an earlier session paid for is part of the capital, and no entry of today', () => {
  const held = { ...opened('A'), product: 'CNC', date: '2026-11-19' } as const;
  const book = withOpened(withOpened(empty, held), opened('B'));
  expect(capitalOf(paise(5_000), book, today)).toBe(6_000);
  expect(exposuresIn(book, today).map(({ isEarlier }) => isEarlier)).toEqual([true, false]);
});

test('charges are per order, with the fee of a square-off by the broker', () => {
  const fill = (tradeId: string, orderId: string, side: 'BUY' | 'SELL', price: number): Fill => ({
    tradeId,
    orderId,
    side,
    quantity: shares(10),
    price: paise(price),
    at: epochMs(1),
  });
  const terms = { product: 'MIS', date: '2026-11-20' } as const;
  const fills = [
    fill('1', 'in', 'BUY', 100_000),
    fill('2', 'in', 'BUY', 100_100),
    { ...fill('3', 'out', 'SELL', 101_000), quantity: shares(20), byBroker: true },
  ];
  const { grossPnl, charges, feeOrders } = settlementOf(fills, terms);
  const cost = (side: 'BUY' | 'SELL', turnover: number): number =>
    chargesForOrder({ side, ...terms, turnover: paise(turnover) }).total;
  expect(grossPnl).toBe(20 * 101_000 - 10 * 100_000 - 10 * 100_100);
  expect(feeOrders).toEqual(['out']);
  expect(charges).toBe(cost('BUY', 2_001_000) + cost('SELL', 2_020_000) + brokerSquareOffFee);
  expect(settlementOf([], terms)).toMatchObject({ grossPnl: 0, charges: 0, feeOrders: [] });
});
