// Orders: placed, changed, cancelled, refused, filled.
import assert from 'node:assert/strict';
import { isLive } from '../../domain/orders/order';
import { paise } from '../../domain/units';
import type { ContractCases } from './venue';
import { limit, listed, ours, place, priceAt, request, stop, tag } from './requests';

export const orderCases: ContractCases = {
  O1: {
    holds: 'A limit away from the price rests with our tag, side, product, quantity and price.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, limit(venue, -20)));
      const { placedAt, placedBy, statusMessage, ...order } = await listed(venue, orderId);
      assert.deepEqual(order, {
        orderId,
        tag,
        tradingsymbol: venue.stock.symbol,
        side: 'BUY',
        product: 'MIS',
        orderType: 'LIMIT',
        status: 'OPEN',
        quantity: 10,
        filledQuantity: 0,
        price: priceAt(venue, -20),
        trigger: 0,
      });
      assert.equal(placedBy, venue.userId);
      assert.equal(statusMessage, null);
      assert.ok(placedAt > 0);
    },
  },
  O2: {
    holds: 'A limit through the price fills; its trades are listed under its id, once each.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, limit(venue, 20)));
      const order = await listed(venue, orderId);
      assert.equal(order.status, 'COMPLETE');
      assert.equal(order.filledQuantity, 10);
      const { fills, netQuantities } = await venue.broker.books();
      const own = fills.filter((fill) => fill.orderId === orderId);
      assert.equal(new Set(own.map(({ tradeId }) => tradeId)).size, own.length);
      assert.equal(
        own.reduce((sum, fill) => sum + fill.quantity, 0),
        10,
      );
      assert.ok(own.every(({ side, price }) => side === 'BUY' && price <= priceAt(venue, 20)));
      assert.equal(netQuantities.get(`${venue.stock.symbol}/MIS`), 10);
    },
  },
  O3: {
    holds: 'A protective stop rests as SL, waiting for its trigger, with trigger and limit.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, stop(venue, -20), { side: 'SELL' }));
      const { status, orderType, trigger, price } = await listed(venue, orderId);
      assert.deepEqual(
        { status, orderType, trigger, price },
        {
          status: 'TRIGGER PENDING',
          orderType: 'SL',
          trigger: priceAt(venue, -20),
          price: priceAt(venue, -25),
        },
      );
    },
  },
  O4: {
    holds: 'A protective stop whose trigger is traded fills at its limit or better.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, stop(venue, -20), { side: 'SELL' }));
      venue.tradeAt(priceAt(venue, -20), 10_000);
      venue.settle();
      venue.tradeAt(priceAt(venue, -20), 10_000);
      venue.settle();
      const order = await listed(venue, orderId);
      assert.equal(order.status, 'COMPLETE');
      const { fills } = await venue.broker.books();
      const own = fills.filter((fill) => fill.orderId === orderId);
      assert.ok(own.every(({ price }) => price >= priceAt(venue, -25)));
    },
  },
  O5: {
    holds: 'A stop is modified in place: same id, new trigger, limit and quantity.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, stop(venue, -20), { side: 'SELL' }));
      const wish = { side: 'SELL', quantity: 7 } as const;
      const changed = request(venue, stop(venue, -15), wish);
      assert.deepEqual(await venue.broker.modify(orderId, changed), { kind: 'accepted', orderId });
      venue.settle();
      const { trigger, price, quantity, status } = await listed(venue, orderId);
      assert.deepEqual(
        { trigger, price, quantity, status },
        {
          trigger: priceAt(venue, -15),
          price: priceAt(venue, -20),
          quantity: 7,
          status: 'TRIGGER PENDING',
        },
      );
    },
  },
  O6: {
    holds: 'A stop becomes a limit through the market by modification, and fills: how we leave.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, stop(venue, -20), { side: 'SELL' }));
      const leaving = request(venue, limit(venue, -10), { side: 'SELL' });
      assert.equal((await venue.broker.modify(orderId, leaving)).kind, 'accepted');
      venue.settle();
      const order = await listed(venue, orderId);
      assert.equal(order.orderType, 'LIMIT');
      assert.equal(order.status, 'COMPLETE');
    },
  },
  O7: {
    holds: 'A cancelled order ends as CANCELLED and keeps what it had filled.',
    run: async (venue) => {
      const orderId = await place(venue, request(venue, limit(venue, -20)));
      assert.equal((await venue.broker.cancel(orderId)).kind, 'accepted');
      venue.settle();
      const order = await listed(venue, orderId);
      assert.equal(order.status, 'CANCELLED');
      assert.equal(order.filledQuantity, 0);
    },
  },
  O8: {
    holds: 'Changing or cancelling what has ended is never accepted, and changes nothing.',
    run: async (venue) => {
      const order = request(venue, limit(venue, 20));
      const orderId = await place(venue, order);
      const before = await listed(venue, orderId);
      assert.notEqual((await venue.broker.cancel(orderId)).kind, 'accepted');
      assert.notEqual((await venue.broker.modify(orderId, order)).kind, 'accepted');
      venue.settle();
      assert.deepEqual(await listed(venue, orderId), before);
    },
  },
  O9: {
    holds: 'A price off the grid is rejected in the broker’s words, and nothing rests.',
    run: async (venue) => {
      const crooked = paise(priceAt(venue, -20) + 1);
      const outcome = await venue.broker.place(request(venue, { kind: 'LIMIT', price: crooked }));
      assert.equal(outcome.kind, 'rejected');
      assert.ok(outcome.message !== '' && outcome.code !== '');
      venue.settle();
      assert.deepEqual((await ours(venue)).filter(isLive), []);
    },
  },
  O10: {
    holds: 'An order beyond the account’s money ends rejected, at once or in the book.',
    run: async (venue) => {
      const order = request(venue, limit(venue, 0), { product: 'CNC', quantity: 90_000 });
      const outcome = await venue.broker.place(order);
      venue.settle();
      if (outcome.kind === 'accepted')
        assert.equal((await listed(venue, outcome.orderId)).status, 'REJECTED');
      else assert.equal(outcome.kind, 'rejected');
    },
  },
  O11: {
    holds: 'A tag of the stated length and alphabet comes back as it was sent.',
    run: async (venue) => {
      const { lengthMax, alphabet } = venue.broker.capabilities.tag;
      assert.ok(Array.from(tag).every((letter) => alphabet.includes(letter)));
      assert.ok(tag.length <= lengthMax);
      const longest = alphabet.slice(-lengthMax);
      const orderId = await place(venue, request(venue, limit(venue, -20), { tag: longest }));
      assert.equal((await listed(venue, orderId)).tag, longest);
    },
  },
  O12: {
    holds: 'An order is modified as often as stated, and not once more.',
    run: async (venue) => {
      const most = venue.broker.capabilities.modificationsMax;
      if (most === null) return;
      const orderId = await place(venue, request(venue, limit(venue, -100)));
      for (let change = 1; change <= most + 1; change += 1) {
        const changed = request(venue, limit(venue, -100 + change));
        const outcome = await venue.broker.modify(orderId, changed);
        assert.equal(outcome.kind, change <= most ? 'accepted' : 'rejected', `change ${change}`);
        venue.settle();
      }
    },
  },
};
