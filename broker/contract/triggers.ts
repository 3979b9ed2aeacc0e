// One-cancels-other triggers: what protects a position over the night.
import assert from 'node:assert/strict';
import type { OrderRequest } from '../../domain/orders/order';
import type { BookTrigger } from '../../domain/orders/trigger';
import type { ContractCases, Venue } from './venue';
import { place, priceAt, request } from './requests';

/** The shares that are held sold at a stop or a target, so many ticks from the price. */
const oco = (venue: Venue, stopTicks: number, targetTicks: number): OrderRequest =>
  request(
    venue,
    {
      kind: 'OCO',
      trigger: priceAt(venue, stopTicks),
      price: priceAt(venue, stopTicks - 2),
      ltp: venue.stock.price,
      target: { trigger: priceAt(venue, targetTicks), price: priceAt(venue, targetTicks) },
    },
    { side: 'SELL', product: 'CNC', quantity: 5 },
  );

async function trigger({ broker }: Venue, orderId: string): Promise<BookTrigger> {
  const found = (await broker.triggers()).find((one) => one.orderId === orderId);
  assert.ok(found, `trigger ${orderId} is not in the list`);
  return found;
}

/** What the trigger's leg sells at a price: the order it placed, as it says itself. */
async function met(venue: Venue, ticks: number): Promise<BookTrigger> {
  const orderId = await place(venue, oco(venue, -20, 40));
  venue.tradeAt(priceAt(venue, ticks), 10_000);
  venue.settle();
  venue.tradeAt(priceAt(venue, ticks), 10_000);
  venue.settle();
  const found = await trigger(venue, orderId);
  assert.equal(found.state, 'met');
  const { orders } = await venue.broker.books();
  const placed = orders.find((order) => order.orderId === found.result?.orderId);
  assert.equal(placed?.side, 'SELL');
  assert.equal(placed.tag, null);
  assert.equal(placed.filledQuantity, 5);
  return found;
}

export const triggerCases: ContractCases = {
  T1: {
    holds: 'A trigger rests with both legs, their limits and the quantity.',
    run: async (venue) => {
      const orderId = await place(venue, oco(venue, -20, 40));
      const { state, side, product, quantity, stop, target, result } = await trigger(
        venue,
        orderId,
      );
      assert.deepEqual(
        { state, side, product, quantity, stop, target, result },
        {
          state: 'resting',
          side: 'SELL',
          product: 'CNC',
          quantity: 5,
          stop: { trigger: priceAt(venue, -20), price: priceAt(venue, -22) },
          target: { trigger: priceAt(venue, 40), price: priceAt(venue, 40) },
          result: null,
        },
      );
    },
  },
  T2: {
    holds: 'A trigger is modified in place, both legs at once.',
    run: async (venue) => {
      const orderId = await place(venue, oco(venue, -20, 40));
      const outcome = await venue.broker.modify(orderId, oco(venue, -10, 60));
      assert.deepEqual(outcome, { kind: 'accepted', orderId });
      const { stop, target } = await trigger(venue, orderId);
      assert.equal(stop.trigger, priceAt(venue, -10));
      assert.equal(target.trigger, priceAt(venue, 60));
    },
  },
  T3: {
    holds: 'A deleted trigger has ended; deleting it again is rejected.',
    run: async (venue) => {
      const orderId = await place(venue, oco(venue, -20, 40));
      assert.equal((await venue.broker.cancel(orderId)).kind, 'accepted');
      assert.equal((await trigger(venue, orderId)).state, 'ended');
      assert.equal((await venue.broker.cancel(orderId)).kind, 'rejected');
    },
  },
  T4: {
    holds: 'A met stop leg says which order it placed; that order carries no tag.',
    run: async (venue) => {
      assert.equal((await met(venue, -21)).result?.leg, 'stop');
    },
  },
  T5: {
    holds: 'A met target leg says which order it placed; that order carries no tag.',
    run: async (venue) => {
      assert.equal((await met(venue, 40)).result?.leg, 'target');
    },
  },
  T6: {
    holds: 'Legs on one side of the price are rejected.',
    run: async (venue) => {
      assert.equal((await venue.broker.place(oco(venue, 20, 40))).kind, 'rejected');
    },
  },
};
