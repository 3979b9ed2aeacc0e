// Goal: at the end of a day our money equals the broker's to the paisa, and where it does not, both numbers are
// told and stand in the report. Method: trades at the paper exchange, recorded and settled as positions do,
// long and short, in parts, intraday and delivery; then the exchange misstates, or does not answer.
import type { Pool } from 'pg';
import {
  BooksReader,
  createEndOfDayActivities,
  type EndOfDayActivities,
} from '../../../activities/broker';
import { createLedgerActivities } from '../../../activities/ledger';
import { readEndOfDay } from '../../../activities/ledger/endOfDay';
import { booksSection } from '../../../activities/reports/booksSection';
import { fixedCredentials, openBroker } from '../../../broker';
import type { Broker } from '../../../broker/port';
import { alarmsOf, type CashComparison, type EndOfDay } from '../../../domain/endOfDay';
import type { Intent, PositionView } from '../../../domain/position';
import { intentIdOf } from '../../../domain/position';
import { istInstant } from '../../../domain/session/sessionClock';
import { epochMs, paise, type Product, type Side } from '../../../domain/units';
import { date, startBench, type Bench } from '../../exchange/support';
import { hasPostgres, unguarded, useDatabase, type TestDatabase } from '../../support/database';
import { positionTerms } from '../../support/positionTerms';

const account = 'test';
const stocks = [
  { tradingsymbol: 'INFY', price: 1_500 },
  { tradingsymbol: 'TCS', price: 3_500 },
  { tradingsymbol: 'SBIN', price: 800 },
];

(hasPostgres ? describe : describe.skip)('the end of a day', () => {
  let pool: Pool;
  let bench: Bench;
  let broker: Broker;
  let activities: EndOfDayActivities;
  let database: TestDatabase;
  let intents = 0;

  useDatabase((made, opened) => {
    pool = made;
    database = opened;
  });
  beforeEach(async () => {
    await unguarded(
      database,
      'truncate intent, session, end_of_day, ledger_transaction, audit_chain cascade',
    );
    bench = await startBench({
      source: { kind: 'scripted', instruments: stocks },
      openingCash: paise(1_000_000_000),
      holdings: [{ tradingsymbol: 'SBIN', quantity: 100, averagePrice: paise(70_000) }],
    });
    broker = openBroker(fixedCredentials(bench.paper), { rest: bench.paper.rest });
    activities = createEndOfDayActivities({ pool, broker, books: new BooksReader(broker) });
    const funds = await broker.funds();
    await pool.query(`insert into session (account, date, plan, funds) values ($1, $2, '{}', $3)`, [
      account,
      date,
      funds,
    ]);
    await ledger().openLedger(account, date, funds.cash);
  });
  afterEach(() => bench.paper.close());

  const ledger = (): ReturnType<typeof createLedgerActivities> =>
    createLedgerActivities(pool, () => Promise.resolve());
  const compare = (findings = 0): Promise<EndOfDay | null> =>
    activities.compareWithBroker(account, date, findings);
  const compared = async (): Promise<EndOfDay> => {
    const result = await compare();
    if (result === null) throw new Error('nothing was compared');
    return result;
  };
  const cashOf = async (): Promise<CashComparison> => {
    const { cash } = await compared();
    if (cash.kind === 'unread') throw new Error(cash.why);
    return cash;
  };
  const section = async (): Promise<string> =>
    booksSection({ endOfDay: await readEndOfDay(pool, account, date), charges: paise(1) }).text;

  interface Wish {
    readonly stock?: string;
    readonly product?: Product;
    readonly quantity?: number;
  }

  /** An order of the account, filled at once; with a tag it is ours. */
  async function trade(side: Side, wish: Wish, tag?: string): Promise<string> {
    const { stock = 'INFY', product = 'MIS', quantity = 100 } = wish;
    const { lastPrice } = bench.paper.exchange.tape(stock);
    const far = Math.round((lastPrice * (side === 'BUY' ? 102 : 98)) / 10_000) * 100;
    const orderId = await bench.place({
      ...{ tradingsymbol: stock, product, quantity, transaction_type: side },
      price: far / 100,
      ...(tag === undefined ? {} : { tag }),
    });
    bench.play(20_000);
    return orderId;
  }

  async function newIntent(wish: Wish, direction: Intent['direction']): Promise<Intent> {
    intents += 1;
    const { instrument } = positionTerms().intent;
    const intent: Intent = {
      ...positionTerms({ direction, product: wish.product ?? 'MIS' }).intent,
      account,
      date,
      instrument: { ...instrument, tradingsymbol: wish.stock ?? 'INFY' },
      intentId: intentIdOf(date, intents, epochMs(istInstant(date, '10:00'))),
    };
    await ledger().recordIntent(intent);
    return intent;
  }

  /** Records what the books have of our orders, as a position does. */
  async function record({ intentId }: Intent, orderIds: readonly string[]): Promise<void> {
    const books = await broker.books();
    await ledger().recordPosition(intentId, {
      orders: books.orders.filter((order) => orderIds.includes(order.orderId)),
      fills: books.fills.filter((fill) => orderIds.includes(fill.orderId)),
      trail: null,
    });
  }

  /** A position from entry to exit at a moved price. */
  async function roundTrip(wish: Wish, direction: Intent['direction'], to: number): Promise<void> {
    const intent = await newIntent(wish, direction);
    const [into, out] =
      direction === 'LONG' ? (['BUY', 'SELL'] as const) : (['SELL', 'BUY'] as const);
    const entry = await trade(into, wish, intent.intentId);
    bench.paper.exchange.print(wish.stock ?? 'INFY', paise(to), 1_000);
    const exit = await trade(out, wish, intent.intentId);
    await record(intent, [entry, exit]);
    await ledger().settlePosition(intent.intentId, {} as PositionView);
  }

  test('is equal to the paisa: winners and losers, long and short, filled in parts', async () => {
    await bench.admin('POST', '/paper/fill-limit', { quantity: 37 });
    await roundTrip({}, 'LONG', 151_110);
    await roundTrip({ stock: 'TCS', quantity: 41 }, 'SHORT', 355_500);
    const result = await compared();
    expect(result.charges).toMatchObject({ kind: 'compared', orders: 4, differing: [] });
    const { charges, cash } = result;
    if (charges.kind === 'unread' || cash.kind === 'unread') throw new Error('unread');
    expect(charges.brokers).toBe(charges.ours);
    expect(charges.ours).toBeGreaterThan(10_000);
    expect(cash).toMatchObject({ agrees: true, obstacles: [], paidIn: 0 });
    expect(cash.free.brokers).toBe(cash.free.ours);
    expect(cash.moved.brokers).toBe(cash.moved.ours);
    expect(cash.moved.ours).not.toBe(0);
    const fills = await pool.query('select 1 from fill');
    expect(fills.rowCount).toBeGreaterThan(4);
    expect(alarmsOf(result)).toEqual({ charges: null, cash: null });
    expect(await section()).toMatch(/Charges of 4 executed orders.*₹0\.00/);
  });

  test('counts what was bought for the night as spent, and lets a sale of shares settle', async () => {
    const bought = await newIntent({ product: 'CNC' }, 'LONG');
    await record(bought, [await trade('BUY', { product: 'CNC' }, bought.intentId)]);
    await ledger().carryPosition(bought.intentId, {
      date,
      view: {} as PositionView,
      leaving: null,
    });
    expect(await cashOf()).toMatchObject({ agrees: true });
    await bench.admin('POST', '/paper/authorise', { tradingsymbol: 'SBIN' });
    const sold = await newIntent({ stock: 'SBIN', product: 'CNC' }, 'LONG');
    const sale = await trade('SELL', { stock: 'SBIN', product: 'CNC' }, sold.intentId);
    await record(sold, [sale]);
    await ledger().settlePosition(sold.intentId, {} as PositionView);
    const cash = await cashOf();
    expect(cash.agrees).toBe(true);
    expect(cash.free.ours - cash.free.brokers).toBeGreaterThan(0);
    expect(await section()).toContain('until the day has settled');
  });

  test('has executed nothing: nobody is asked, and the report says nothing', async () => {
    await bench.admin('POST', '/paper/faults', { kind: 'server-error' });
    expect(await compare()).toBeNull();
    expect(booksSection({ endOfDay: null, charges: paise(0) }).text).toBe('');
  });

  test('charges that the broker has otherwise are told with both numbers', async () => {
    await roundTrip({}, 'LONG', 151_000);
    await bench.admin('POST', '/paper/misstate', { chargesPct: 10 });
    const result = await compared();
    const { charges } = result;
    if (charges.kind === 'unread') throw new Error(charges.why);
    expect(charges.brokers / charges.ours).toBeCloseTo(1.1, 3);
    expect(alarmsOf(result)).toMatchObject({
      charges: { orders: 2, why: expect.stringMatching(/SELL INFY, order \d+: ours ₹/) as unknown },
      cash: null,
    });
    expect(await section()).toMatch(/SELL INFY, order \d+: charges ₹.*, the broker’s ₹/);
  });

  test.each([20_000, -1])('cash short of ₹%d is told with both numbers', async (withheld) => {
    await roundTrip({}, 'LONG', 151_000);
    await bench.admin('POST', '/paper/misstate', { withheld });
    const result = await compared();
    const { cash } = result;
    if (cash.kind === 'unread') throw new Error(cash.why);
    expect(cash.free.ours - cash.free.brokers).toBe(withheld * 100);
    expect(alarmsOf(result).charges).toBeNull();
    expect(alarmsOf(result).cash?.why).toMatch(/^Free money differs by /);
    expect(await section()).toContain('Nothing we know explains the difference in cash');
  });

  test('a trade of ours that is missing in our records differs', async () => {
    await roundTrip({}, 'LONG', 151_000);
    const intent = await newIntent({}, 'SHORT');
    await trade('SELL', {}, intent.intentId);
    bench.paper.exchange.print('INFY', paise(151_500), 1_000);
    await trade('BUY', {}, intent.intentId);
    const result = await compared();
    expect(alarmsOf(result).cash?.why).toMatch(/^What the day’s trades moved differs by /);
  });

  test('trades by hand are named and raise no alarm', async () => {
    await roundTrip({}, 'LONG', 151_000);
    await trade('BUY', { stock: 'TCS' });
    const result = await compared();
    expect(alarmsOf(result)).toEqual({ charges: null, cash: null });
    expect(await section()).toMatch(/orders that are not ours have traded TCS/);
  });

  test('a sale by hand that closed our position is ours', async () => {
    const intent = await newIntent({}, 'LONG');
    const entry = await trade('BUY', {}, intent.intentId);
    await record(intent, [entry, await trade('SELL', {})]);
    await ledger().settlePosition(intent.intentId, {} as PositionView);
    expect(await cashOf()).toMatchObject({ agrees: true, obstacles: [] });
  });

  test('a broker that does not answer is in the report, and the other answers still count', async () => {
    await roundTrip({}, 'LONG', 151_000);
    await bench.admin('POST', '/paper/faults', { kind: 'html-200', on: 'trades' });
    expect(await compared()).toMatchObject({
      charges: { kind: 'compared', agrees: true },
      cash: { kind: 'unread' },
    });
    expect(await section()).toContain('Cash was not compared: the trades came as no list');
    await bench.admin('POST', '/paper/session/expire');
    expect(await compared()).toMatchObject({ charges: { kind: 'unread' } });
    expect(await section()).toMatch(/Charges were not compared: .*TokenException/);
  });

  test('findings of the last reconciliation are in the report', async () => {
    await roundTrip({}, 'LONG', 151_000);
    await compare(2);
    expect(await section()).toContain('differ from the broker’s books in 2 places');
  });

  test('a day that nobody has compared says so', () => {
    expect(booksSection({ endOfDay: null, charges: paise(5) }).text).toContain(
      'has not been compared',
    );
  });
});
