// Goal: a position carried into a session belongs to it until the session ends. Closed in it, its sales still
// count as ours; in later sessions it is gone.
import type { Pool } from 'pg';
import { intentRecords } from '../../../activities/broker/intentRecords';
import { createLedgerActivities } from '../../../activities/ledger';
import { recordedPositions } from '../../../activities/ledger/recordedPositions';
import type { BookOrder, Fill } from '../../../domain/orders/order';
import type { PositionView } from '../../../domain/position';
import { istInstant } from '../../../domain/session/sessionClock';
import { paise, shares } from '../../../domain/units';
import { hasPostgres, useDatabase } from '../../support/database';
import { positionTerms } from '../../support/positionTerms';

const { intent } = positionTerms({ product: 'CNC', date: '2026-11-20' });
const { intentId, account } = intent;
const fill = (orderId: string, side: 'BUY' | 'SELL', date: string, price: number): Fill => ({
  tradeId: '1',
  orderId,
  side,
  at: istInstant(date, '10:00'),
  quantity: shares(10),
  price: paise(price),
});
const bought = fill('e', 'BUY', '2026-11-20', 1_000);
const sold = fill('x', 'SELL', '2026-11-23', 1_300);
const trigger: BookOrder = {
  orderId: 'gtt-7',
  tag: intentId,
  tradingsymbol: 'TEST',
  side: 'SELL',
  product: 'CNC',
  orderType: 'OCO',
  status: 'TRIGGER PENDING',
  statusMessage: null,
  placedAt: bought.at,
  quantity: shares(10),
  filledQuantity: shares(0),
  price: paise(890),
  trigger: paise(900),
};
const sale: BookOrder = { ...trigger, orderId: 'x', orderType: 'LIMIT', status: 'COMPLETE' };
const viewed = (phase: PositionView['phase']): PositionView => ({ phase }) as PositionView;

(hasPostgres ? describe : describe.skip)('what was carried, in our records', () => {
  let pool: Pool;
  useDatabase((made) => {
    pool = made;
  });

  test('is known to every session it is held in, with what tells it again', async () => {
    const ledger = createLedgerActivities(pool, () => Promise.resolve());
    const trail = { best: paise(1_100), stop: paise(1_000), target: paise(1_300) };
    await ledger.recordIntent(intent);
    await ledger.recordPosition(intentId, { orders: [trigger], fills: [bought], trail });
    const carry = { date: '2026-11-20', view: viewed('carried'), leaving: null };
    await ledger.carryPosition(intentId, carry);
    expect(await intentRecords(pool, account, '2026-11-20')).toMatchObject([{ isHandedOn: true }]);
    expect(await recordedPositions(pool, account, '2026-11-20')).toMatchObject([
      { closed: { phase: 'carried' } },
    ]);
    const monday = { carried: 10, adopted: 0, isHandedOn: false };
    expect(await intentRecords(pool, account, '2026-11-23')).toMatchObject([
      {
        ...monday,
        traces: {
          entryOrderId: 'e',
          triggers: ['gtt-7'],
          fills: [bought],
          handedOn: true,
          levels: [{ stop: 1_000, target: 1_300 }],
        },
      },
    ]);
    await ledger.recordPosition(intentId, {
      orders: [trigger, sale],
      fills: [bought, sold],
      trail,
    });
    await ledger.settlePosition(intentId, viewed('closed'));
    expect(await intentRecords(pool, account, '2026-11-23')).toMatchObject([monday]);
    expect(await intentRecords(pool, account, '2026-11-24')).toEqual([]);
  });

  test('each session’s ledger holds what happened in it, and the stock is empty in the last', async () => {
    const { rows } = await pool.query<{ date: string; account: string; sum: string }>(
      `select to_char(date, 'YYYY-MM-DD') as date, ledger_account as account, sum(amount) as sum
       from ledger_entry join ledger_transaction t on t.id = transaction_id
       where ledger_account in ('stock:TEST', 'pnl') group by 1, 2 order by 1, 2`,
    );
    expect(rows.map(({ date, account: name, sum }) => [date, name, Number(sum)])).toEqual([
      ['2026-11-20', 'stock:TEST', 10_000],
      ['2026-11-23', 'pnl', -3_000],
      ['2026-11-23', 'stock:TEST', 0],
    ]);
  });
});
