// The account: books, holdings, money, and who it belongs to.
import assert from 'node:assert/strict';
import { chargesForOrder } from '../../domain/charges';
import { paise, shares } from '../../domain/units';
import type { ExecutedFigures, OrderFigures } from '../port';
import type { ContractCases, Venue } from './venue';
import { limit, listed, place, request } from './requests';

const figures = ({ stock }: Venue, quantity: number): OrderFigures => ({
  tradingsymbol: stock.symbol,
  side: 'BUY',
  product: 'MIS',
  quantity: shares(quantity),
  price: stock.price,
});

export const accountCases: ContractCases = {
  A1: {
    holds: 'An account that has not traded has empty books, not missing ones.',
    run: async ({ broker }) => {
      const { orders, fills, netQuantities } = await broker.books();
      assert.deepEqual([orders, fills, [...netQuantities]], [[], [], []]);
      assert.deepEqual(await broker.triggers(), []);
    },
  },
  A2: {
    holds: 'An order placed by hand is in the book without a tag, under the account’s user.',
    run: async (venue) => {
      const orderId = await venue.orderByHand(request(venue, limit(venue, -20)));
      venue.settle();
      const order = await listed(venue, orderId);
      assert.equal(order.tag, null);
      assert.equal(order.placedBy, venue.userId);
    },
  },
  A3: {
    holds: 'What is sold counts below zero, by product.',
    run: async (venue) => {
      await place(venue, request(venue, limit(venue, -20), { side: 'SELL' }));
      const { netQuantities } = await venue.broker.books();
      assert.deepEqual([...netQuantities], [[`${venue.stock.symbol}/MIS`, -10]]);
    },
  },
  A4: {
    holds: 'Shares held from earlier sessions are told by stock.',
    run: async ({ broker, stock, held }) => {
      assert.deepEqual([...(await broker.holdings())], [[stock.symbol, held]]);
    },
  },
  A5: {
    holds: 'Funds say what is free and what is blocked; an order that rests blocks some.',
    run: async (venue) => {
      const before = await venue.broker.funds();
      assert.ok(before.cash > 0 && before.available <= before.cash && before.used === 0);
      await place(venue, request(venue, limit(venue, -20)));
      const after = await venue.broker.funds();
      assert.ok(after.available < before.available && after.used > 0);
    },
  },
  A6: {
    holds: 'Margins come one for each order, in the order asked.',
    run: async (venue) => {
      const [small, large] = await venue.broker.margins([figures(venue, 10), figures(venue, 100)]);
      assert.ok(small !== undefined && large !== undefined && small > 0);
      assert.equal(large, paise(small * 10));
    },
  },
  A7: {
    holds:
      'Charges come one for each order, are those our ledger books, and are of the turnover, whatever its average price.',
    run: async (venue) => {
      const executed = (order: Partial<ExecutedFigures>): ExecutedFigures => {
        const { price, ...figured } = figures(venue, 300);
        return { ...figured, turnover: paise(300 * price), ...order };
      };
      const orders = [
        executed({}),
        executed({ side: 'SELL' }),
        executed({ turnover: paise(100 * venue.stock.price + 200 * (venue.stock.price + 5)) }),
      ];
      const expected = orders.map(({ side, product, turnover }) =>
        chargesForOrder({ side, product, date: venue.date, turnover }),
      );
      assert.deepEqual(await venue.broker.charges(orders), expected);
    },
  },
  A8: {
    holds: 'The profile names the user, the exchanges and the products.',
    run: async ({ broker, userId }) => {
      const profile = await broker.profile();
      assert.equal(profile.userId, userId);
      assert.ok(profile.exchanges.includes('NSE'));
      assert.ok(['MIS', 'CNC'].every((product) => profile.products.includes(product)));
    },
  },
};
