// Goal: while `close-all --direct` acts on an account, its worker sends nothing, and goes on by itself afterwards.
import type { Pool } from 'pg';
import { holdLasts, liftHold, placeHold } from '../../../activities/ledger/directHold';
import type { Broker } from '../../../broker/port';
import type { OrderRequest } from '../../../domain/orders/order';
import { paise, shares } from '../../../domain/units';
import { followDirectHold } from '../../../workers/directHold';
import { hasPostgres, useDatabase } from '../../support/database';
import { eventually } from '../../support/ratchet';
import { orderActivities } from '../../support/orderActivities';
import { readerWith } from '../../support/readerWith';

const order: OrderRequest = {
  tag: 'R1T1',
  tradingsymbol: 'TEST',
  side: 'SELL',
  product: 'MIS',
  quantity: shares(10),
  pricing: { kind: 'LIMIT', price: paise(1_000) },
};

test('a held write is turned away before it reaches the broker, which says nothing of the order', async () => {
  const sent: string[] = [];
  const note = (what: string) => () => {
    sent.push(what);
    return Promise.resolve({ kind: 'accepted' as const, orderId: '1' });
  };
  const broker: Broker = {
    ...readerWith({}),
    place: note('place'),
    modify: note('modify'),
    cancel: note('cancel'),
  };
  let held = true;
  const activities = orderActivities(broker, { isHeld: () => held });
  for (const write of [
    activities.placeExit(order),
    activities.modifyExit('1', order),
    activities.cancelOrder('1', order.tag),
  ])
    expect(await write).toMatchObject({ kind: 'turnedAway' });
  expect(sent).toEqual([]);
  held = false;
  expect(await activities.placeExit(order)).toMatchObject({ kind: 'accepted' });
});

(hasPostgres ? describe : describe.skip)('the hold', () => {
  let pool: Pool;
  useDatabase((made) => {
    pool = made;
  });

  test('is noticed by a running worker, lasts until it is lifted, and ends by itself', async () => {
    const hold = followDirectHold(pool, 'mine');
    try {
      expect(hold.isOn()).toBe(false);
      await placeHold(pool, 'mine');
      await eventually(() => Promise.resolve(hold.isOn() || undefined));
      expect(await holdLasts(pool, 'mine')).toBeGreaterThan(0);
      expect(await holdLasts(pool, 'another')).toBe(0);
      await liftHold(pool, 'mine');
      await eventually(() => Promise.resolve(!hold.isOn() || undefined));
      await placeHold(pool, 'mine');
      await pool.query(`update direct_hold set until = now() - interval '1 s'`);
      expect(await holdLasts(pool, 'mine')).toBe(0);
    } finally {
      hold.stop();
    }
  });
});
