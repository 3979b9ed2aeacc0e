// Goal: the last look before an entry leaves refuses by our own records, whatever the position says of itself:
// halted, not approved, late, too large, too many, too much at work, too much lost. Records that cannot be read
// are a no.
import type { Pool } from 'pg';
import type { LastPrice } from '../../../activities/broker';
import { createEntryGuard, type EntryGuard } from '../../../activities/broker/entryGuard';
import { createLedgerActivities } from '../../../activities/ledger';
import { recordApproval } from '../../../activities/ledger/approvals';
import { recordHalt } from '../../../activities/ledger/halts';
import type { OrderRequest } from '../../../domain/orders/order';
import type { Intent } from '../../../domain/position';
import { riskLimitsSchema, type RiskLimits } from '../../../domain/risk';
import { epochMs, paise, shares, type Paise } from '../../../domain/units';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../../support/database';
import { positionTerms } from '../../support/positionTerms';

const limits = riskLimitsSchema.parse({});
const now = 1_000_000;
const decidedAt = epochMs(now - 100);

/** An intent of 10 shares at ₹10. */
const intentOf = (account: string, intentId: string, wishes: Partial<Intent> = {}): Intent =>
  positionTerms({ account, intentId, ...wishes }).intent;

const lastPrice = (): Promise<LastPrice> =>
  Promise.resolve({ ltp: paise(1_000), at: epochMs(now) });

const orderOf = (intent: Intent): OrderRequest => ({
  tag: intent.intentId,
  tradingsymbol: intent.instrument.tradingsymbol,
  side: 'BUY',
  product: intent.product,
  quantity: intent.quantity,
  pricing: { kind: 'LIMIT', price: intent.entryLimit },
});

(hasPostgres ? describe : describe.skip)('the entry guard', () => {
  let pool: Pool;
  let database: TestDatabase;
  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });

  const guardOf = (account: string, change: Partial<RiskLimits> = {}): EntryGuard =>
    createEntryGuard(
      pool,
      { account, limits: { ...limits, ...change }, longProduct: 'CNC', lastPrice },
      () => now,
    );
  /** Risk approves, and the position says what it intends. */
  const record = async (intent: Intent, said: Intent = intent): Promise<void> => {
    await recordApproval(pool, intent);
    await createLedgerActivities(pool, () => Promise.resolve()).recordIntent(said);
  };
  /** A day with ₹1,000 of capital: ₹4,000 may be at work. */
  const openDay = (account: string, dayLossMax: Paise | null = null): Promise<unknown> =>
    pool.query(
      `insert into session (account, date, plan, terms, capital, day_loss_max)
       values ($1, '2026-11-20', '{}', '{}', 100000, $2)`,
      [account, dayLossMax],
    );
  const close = (intentId: string, net: number): Promise<unknown> =>
    pool.query(
      `insert into position_result (intent_id, view, gross_pnl, charges, closed_host, date)
       values ($1, '{}', $2, 0, 1, '2026-11-20')`,
      [intentId, net],
    );
  async function refusal(account: string, change: Partial<RiskLimits> = {}): Promise<unknown> {
    const intent = intentOf(account, `${account}-now`);
    await record(intent);
    return (await guardOf(account, change)(orderOf(intent), decidedAt))?.code ?? null;
  }

  test('lets an approved order through, with or without a day', async () => {
    expect(await refusal('plain')).toBeNull();
    await openDay('day');
    expect(await refusal('day')).toBeNull();
  });

  test('refuses what was not approved, in any part', async () => {
    const intent = intentOf('parts', 'parts-1');
    await record(intent);
    const order = orderOf(intent);
    const guard = guardOf('parts');
    const changed: readonly Partial<OrderRequest>[] = [
      { tag: 'parts-2' },
      { tradingsymbol: 'OTHER' },
      { side: 'SELL' },
      { product: 'CNC' },
      { quantity: shares(11) },
      { pricing: { kind: 'LIMIT', price: paise(1_001) } },
      { pricing: { kind: 'SL', trigger: paise(900), price: paise(1_000) } },
    ];
    for (const change of changed)
      expect(await guard({ ...order, ...change }, decidedAt)).toMatchObject({
        code: 'NOT_APPROVED',
      });
    expect(await guardOf('another')(order, decidedAt)).toMatchObject({ code: 'NOT_APPROVED' });
  });

  test('refuses while halted, in the words of the halt, and when it is late', async () => {
    const intent = intentOf('halted', 'halted-1');
    await record(intent);
    await recordHalt(pool, 'halted', { halted: true, reason: 'I am out', who: 'me' });
    expect(await guardOf('halted')(orderOf(intent), decidedAt)).toEqual({
      code: 'ENTRIES_HALTED',
      message: 'entries are halted: I am out',
    });
    const late = intentOf('late', 'late-1');
    await record(late);
    expect(await guardOf('late')(orderOf(late), epochMs(now - 15_001))).toMatchObject({
      code: 'ENTRY_LATE',
    });
  });

  test('refuses an order that is too large, though it was approved', async () => {
    expect(await refusal('value', { orderValueMax: paise(9_999) })).toBe('ORDER_TOO_LARGE');
    expect(await refusal('quantity', { orderQuantityMax: 9 })).toBe('ORDER_TOO_LARGE');
  });

  test('refuses one entry too many of the day', async () => {
    await openDay('many');
    await record(intentOf('many', 'many-1'));
    expect(await refusal('many', { entriesPerDayMax: 1 })).toBe('ENTRIES_PER_DAY');
  });

  test('refuses more at work than the capital allows; what is closed is not at work', async () => {
    await openDay('capital');
    // ₹3,950 of ₹4,000 are at work; the order takes ₹100.
    await record(intentOf('capital', 'capital-1', { quantity: shares(395) }));
    const intent = intentOf('capital', 'capital-now');
    await record(intent);
    expect(await guardOf('capital')(orderOf(intent), decidedAt)).toEqual({
      code: 'CAPITAL_CAP',
      message: "with this order ₹4,050.00 would be at work; the day's capital allows ₹4,000.00",
    });
    await close('capital-1', 0);
    expect(await guardOf('capital')(orderOf(intent), decidedAt)).toBeNull();
  });

  test('counts delivery in full', async () => {
    await openDay('delivery');
    await record(intentOf('delivery', 'delivery-1', { quantity: shares(98), product: 'CNC' }));
    expect(await refusal('delivery')).toBe('CAPITAL_CAP');
  });

  test.each([
    ['share of capital', 'share', null, -2_000],
    ['rupees that were named', 'rupees', paise(500), -500],
  ] as const)('refuses once the day has lost its %s', async (_, account, named, loss) => {
    await openDay(account, named);
    await record(intentOf(account, `${account}-1`));
    await close(`${account}-1`, loss + 1);
    expect(await refusal(account)).toBeNull();
    await unguarded(database, 'update position_result set gross_pnl = $2 where intent_id = $1', [
      `${account}-1`,
      loss,
    ]);
    expect(await refusal(account)).toBe('DAY_LOSS');
  });

  test('refuses where the records cannot be read', async () => {
    const broken = { query: () => Promise.reject(new Error('gone')) } as unknown as Pool;
    const guarded = { account: 'any', limits, longProduct: 'MIS', lastPrice } as const;
    const order = orderOf(intentOf('any', 'any-1'));
    expect(await createEntryGuard(broken, guarded)(order, decidedAt)).toMatchObject({
      code: 'ENTRY_UNCHECKED',
    });
    const priceless = { ...guarded, lastPrice: () => Promise.reject(new Error('no price')) };
    expect(await createEntryGuard(pool, priceless)(order, decidedAt)).toMatchObject({
      code: 'ENTRY_UNCHECKED',
    });
  });

  test('believes risk’s row and not the position’s: a position that nobody approved sends nothing', async () => {
    const said = intentOf('forged', 'forged-1', { quantity: shares(2_500) });
    await createLedgerActivities(pool, () => Promise.resolve()).recordIntent(said);
    const guard = guardOf('forged');
    expect(await guard(orderOf(said), decidedAt)).toMatchObject({ code: 'NOT_APPROVED' });
    const approved = intentOf('forged', 'forged-2');
    const larger = { ...approved, quantity: shares(2_500) };
    await record(approved, larger);
    expect(await guard(orderOf(larger), decidedAt)).toMatchObject({ code: 'NOT_APPROVED' });
    expect(await guard(orderOf(approved), decidedAt)).toBeNull();
  });

  test('a second approval under the same id changes nothing', async () => {
    const first = intentOf('twice', 'twice-1');
    await recordApproval(pool, first);
    const larger = { ...first, quantity: shares(99) };
    await recordApproval(pool, larger);
    expect(await guardOf('twice')(orderOf(larger), decidedAt)).toMatchObject({
      code: 'NOT_APPROVED',
    });
  });

  test('refuses delivery where the configuration buys none', async () => {
    const intent = intentOf('product', 'product-1', { product: 'CNC' });
    await record(intent);
    const guarded = { account: 'product', limits, lastPrice };
    const intraday = createEntryGuard(pool, { ...guarded, longProduct: 'MIS' }, () => now);
    expect(await intraday(orderOf(intent), decidedAt)).toMatchObject({ code: 'NOT_APPROVED' });
    expect(await guardOf('product')(orderOf(intent), decidedAt)).toBeNull();
  });

  test('refuses a limit far through the market, and none on the better side of it', async () => {
    const at = (entryLimit: number): Intent =>
      intentOf('collar', `collar-${entryLimit}`, { entryLimit: paise(entryLimit) });
    const codeAt = async (entryLimit: number): Promise<unknown> => {
      await record(at(entryLimit));
      return (await guardOf('collar')(orderOf(at(entryLimit)), decidedAt))?.code ?? null;
    };
    expect([await codeAt(1_006), await codeAt(1_007), await codeAt(700)]).toEqual([
      null,
      'PRICE_COLLAR',
      null,
    ]);
  });
});
