// Goal: what our records say of a position at every stage of its life, long and short alike.
import type { Pool } from 'pg';
import { createLedgerActivities } from '../../../activities/ledger';
import { recordedPositions } from '../../../activities/ledger/recordedPositions';
import { recordedView, type RecordedView } from '../../../domain/portfolio/recordedView';
import type { BookOrder, Fill } from '../../../domain/orders/order';
import type { PositionView } from '../../../domain/position';
import { entrySide, epochMs, exitSide, paise, shares, type Direction } from '../../../domain/units';
import { hasPostgres, useDatabase } from '../../support/database';
import { positionTerms } from '../../support/positionTerms';

const sides = { LONG: 1, SHORT: -1 } as const;

(hasPostgres ? describe : describe.skip).each(['LONG', 'SHORT'] as const)('a %s', (direction) => {
  let pool: Pool;
  const intentId = `R1${direction}T1`;
  const { intent } = positionTerms({ direction, intentId });
  const entry = orderOf('e', direction, { orderType: 'LIMIT', status: 'COMPLETE' });
  const stop = orderOf('s', direction, {
    orderType: 'SL',
    status: 'TRIGGER PENDING',
    trigger: 900,
  });
  const at = (price: number): number => 1_000 + sides[direction] * (price - 1_000);
  useDatabase((made) => {
    pool = made;
  });
  const view = async (): Promise<RecordedView | undefined> =>
    (await recordedPositions(pool, intent.account, intent.date)).map(recordedView)[0];

  test('from intent to close', async () => {
    const ledger = createLedgerActivities(pool, () => Promise.resolve());
    const filled = fillOf('1', 'e', entrySide(direction), 1_000);
    expect(await view()).toBeUndefined();
    await ledger.recordIntent(intent);
    expect(await view()).toMatchObject({ phase: 'entering', quantity: 0, desiredStop: null });
    const trail = { stop: paise(at(900)), target: paise(at(1_200)) } as Parameters<
      typeof ledger.recordPosition
    >[1]['trail'];
    await ledger.recordPosition(intentId, { orders: [entry], fills: [filled], trail });
    expect(await view()).toMatchObject({ phase: 'unprotected', quantity: 10, confirmedStop: null });
    await ledger.recordPosition(intentId, { orders: [entry, stop], fills: [filled], trail });
    await pool.query(`insert into last_price values ('TEST', $1, 1, 1)`, [at(1_050)]);
    expect(await view()).toMatchObject({
      phase: 'protected',
      quantity: 10,
      entryPrice: 1_000,
      pnl: 500,
      ltp: at(1_050),
      desiredStop: at(900),
      confirmedStop: 900,
      target: at(1_200),
      exitReason: null,
    });
    const leaving = { ...stop, orderType: 'LIMIT' };
    await ledger.recordPosition(intentId, { orders: [entry, leaving], fills: [filled], trail });
    expect(await view()).toMatchObject({ phase: 'exiting', confirmedStop: null });
    const closed = { phase: 'closed', exitReason: 'stop' } as PositionView;
    await ledger.settlePosition(intentId, closed);
    expect(await view()).toEqual(closed);
  });
});

function orderOf(
  orderId: string,
  direction: Direction,
  rest: { readonly orderType: string; readonly status: string; readonly trigger?: number },
): BookOrder {
  return {
    orderId,
    tag: null,
    tradingsymbol: 'TEST',
    product: 'MIS',
    statusMessage: null,
    side: orderId === 'e' ? entrySide(direction) : exitSide(direction),
    quantity: shares(10),
    filledQuantity: shares(0),
    price: paise(1_000),
    orderType: rest.orderType,
    status: rest.status,
    trigger: paise(rest.trigger ?? 0),
    placedAt: epochMs(1),
  };
}

function fillOf(tradeId: string, orderId: string, side: Fill['side'], price: number): Fill {
  return {
    tradeId,
    orderId,
    side,
    at: epochMs(1),
    quantity: shares(10),
    price: paise(price),
  };
}
