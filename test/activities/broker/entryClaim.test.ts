// Goal: an approval is good for one entry, whoever asks and however often: a workflow that is reset, or begun again
// with a start that was ours, sends nothing a second time. Method: the order activity on the real records.
import type { Pool } from 'pg';
import { claimEntry } from '../../../activities/ledger/approvals';
import type { Broker } from '../../../broker/port';
import type { OrderRequest } from '../../../domain/orders/order';
import type { RiskApproved } from '../../../domain/risk';
import { epochMs, paise, shares } from '../../../domain/units';
import { hasPostgres, useDatabase } from '../../support/database';
import { orderActivities } from '../../support/orderActivities';
import { readerWith } from '../../support/readerWith';

const entry = (tag: string): RiskApproved<OrderRequest> =>
  ({
    tag,
    tradingsymbol: 'TEST',
    side: 'BUY',
    product: 'MIS',
    quantity: shares(10),
    pricing: { kind: 'LIMIT', price: paise(1_000) },
  }) as RiskApproved<OrderRequest>;

(hasPostgres ? describe : describe.skip)('an approval', () => {
  let pool: Pool;
  useDatabase((made) => {
    pool = made;
  });

  /** A worker's order activity, and the tags it has sent. */
  function worker(
    claim: (intentId: string) => Promise<boolean> = (intentId) =>
      claimEntry(pool, 'mine', intentId),
  ): { send: (tag: string) => Promise<unknown>; sent: readonly string[] } {
    const sent: string[] = [];
    const broker: Broker = {
      ...readerWith({}),
      place: ({ tag }) => {
        sent.push(tag);
        return Promise.resolve({ kind: 'accepted', orderId: '1' });
      },
      modify: () => Promise.reject(new Error('not asked')),
      cancel: () => Promise.reject(new Error('not asked')),
    };
    const activities = orderActivities(broker, { claimEntry: claim });
    return { send: (tag) => activities.sendEntry(entry(tag), epochMs(Date.now())), sent };
  }

  test('sends once; the second time it is in doubt, so that the books are read', async () => {
    const { send, sent } = worker();
    expect(await send('one')).toMatchObject({ kind: 'accepted' });
    expect(await send('one')).toEqual({
      kind: 'inDoubt',
      message: 'an entry of this approval has left before',
    });
    expect(await worker().send('one')).toMatchObject({ kind: 'inDoubt' });
    expect(sent).toEqual(['one']);
  });

  test('many at once send one', async () => {
    const { send, sent } = worker();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send('race')));
    expect(answers.filter((answer) => JSON.stringify(answer).includes('accepted'))).toHaveLength(1);
    expect(sent).toEqual(['race']);
  });

  test('whose claim cannot be written sends nothing', async () => {
    const { send, sent } = worker(() => Promise.reject(new Error('the database is away')));
    expect(await send('away')).toMatchObject({ kind: 'rejected', code: 'ENTRY_UNCHECKED' });
    expect(sent).toEqual([]);
  });
});
