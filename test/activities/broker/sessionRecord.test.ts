// Goal: while the session is lost our records say since when, whatever the database did meanwhile, and what reads
// them shows positions as unknown instead of a stop that may be gone.
import type { Pool } from 'pg';
import { recordedLoss, SessionRecord } from '../../../activities/broker';
import { createLedgerActivities } from '../../../activities/ledger';
import type { BookOrder } from '../../../domain/orders/order';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, exitSide, paise, shares } from '../../../domain/units';
import { hasPostgres, useDatabase } from '../../support/database';
import { positionTerms } from '../../support/positionTerms';
import { bookOrder } from '../../support/bookOrder';
import { sourceRatchet } from '../../support/ratchet';

(hasPostgres ? describe : describe.skip)('a lost session', () => {
  let pool: Pool;
  let url = '';
  useDatabase((made, database) => {
    pool = made;
    url = database.url;
  });
  const { intent } = positionTerms({ direction: 'LONG', intentId: 'R261120AT1' });
  const { account, date } = intent;
  const since = istInstant('2026-11-27', '09:58:05');

  test('is recorded since its first loss, until it answers', async () => {
    const record = new SessionRecord(pool, account);
    await record.keep(null);
    expect(await recordedLoss(pool, account)).toBeNull();
    await record.keep({ since, why: 'over' });
    await record.keep({ since: epochMs(since + 1), why: 'over again' });
    expect(await recordedLoss(pool, account)).toEqual({ since, why: 'over' });
    await Promise.all([record.keep({ since, why: 'over' }), record.keep(null)]);
    expect(await recordedLoss(pool, account)).toBeNull();
  });

  test('is recorded once the database is back', async () => {
    let fails = 2;
    const shaky = {
      query: (...question: Parameters<Pool['query']>) =>
        fails-- > 0 ? Promise.reject(new Error('away')) : pool.query(...question),
    };
    const silent = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    await new SessionRecord(shaky as unknown as Pool, account).keep({ since, why: 'over' });
    expect(silent).toHaveBeenCalledTimes(2);
    silent.mockRestore();
    expect(await recordedLoss(pool, account)).toEqual({ since, why: 'over' });
  });

  test('`ratchet positions` says unknown, since when, and shows no stop at the broker', async () => {
    const ledger = createLedgerActivities(pool, () => Promise.resolve());
    await ledger.recordIntent(intent);
    const { tradingsymbol } = intent.instrument;
    const order = (orderId: string, change: Partial<BookOrder>): BookOrder =>
      bookOrder({ orderId, tag: intent.intentId, tradingsymbol, ...change });
    const stop = order('s', {
      side: exitSide('LONG'),
      orderType: 'SL',
      status: 'TRIGGER PENDING',
      filledQuantity: shares(0),
      trigger: paise(900),
    });
    const fill = { tradeId: '1', orderId: 'e', side: 'BUY', at: epochMs(1) } as const;
    await ledger.recordPosition(intent.intentId, {
      orders: [order('e', {}), stop],
      fills: [{ ...fill, quantity: shares(10), price: paise(1_000) }],
      trail: { stop: paise(900), target: paise(1_200) } as never,
    });
    const record = new SessionRecord(pool, account);
    await record.keep({ since, why: 'over' });
    expect(await positions()).toMatch(/ {2}unknown since 09:58:05 {2}.* {2}₹9\.00 +unknown /);
    expect(JSON.parse(await positions('--json'))).toMatchObject([
      { phase: 'unknown', unknownSince: since, confirmedStop: null, desiredStop: 900 },
    ]);
    await record.keep(null);
    expect(await positions()).toMatch(/ {2}protected {2}.* {2}₹9\.00 +₹9\.00 /);
    expect(JSON.parse(await positions('--json'))).toMatchObject([
      { phase: 'protected', unknownSince: null, confirmedStop: 900 },
    ]);
  });

  const positions = async (...flags: string[]): Promise<string> => {
    const ofDay = ['--account', account, '--date', date, ...flags];
    const env = { ...process.env, DATABASE_URL: url };
    const { code, stdout, stderr } = await sourceRatchet(['positions', ...ofDay], env);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  };
});
