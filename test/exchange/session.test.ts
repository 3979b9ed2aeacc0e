// The day's clock: pre-open, closing auction and square-off by date; price rules; matching; packets.
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise } from '../../domain/units';
import { phaseAt } from '../../exchange/engine/sessionGate';
import { packetOf } from '../../exchange/ticker/packets';
import { date, infyOrder, startBench, type Bench } from './support';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench();
});

afterEach(() => bench.paper.close());

const goTo = (time: string): void => bench.paper.exchange.advanceTo(istInstant(date, time));
const sell = { transaction_type: 'SELL' };

describe('paper exchange: the day', () => {
  test('in the pre-open a limit order waits and trades at the opening price; a stop is rejected', async () => {
    const early = await startBench({ startAt: '09:02' });
    const orderId = await early.place({ price: 10.3 });
    const stop = await early.place({ ...sell, order_type: 'SL', trigger_price: 9.5, price: 9.4 });
    early.play(10_000);
    expect(await early.row(orderId)).toMatchObject({ status: 'OPEN', filled_quantity: 0 });
    expect(await early.row(stop)).toMatchObject({ status: 'REJECTED' });
    early.paper.exchange.advanceTo(istInstant(date, '09:13'));
    expect(await early.row(orderId)).toMatchObject({ status: 'COMPLETE', average_price: 10 });
    await early.paper.close();
  });

  test('before the pre-open the market is closed', async () => {
    const night = await startBench({ startAt: '08:00' });
    await expect(night.place({ price: 9 })).rejects.toMatchObject({
      message: expect.stringContaining('Markets are closed') as string,
    });
    await night.paper.close();
  });

  test('at 15:15 the exchange cancels the delivery stop of a closing-auction stock, not of another', async () => {
    await bench.place({ price: 10.3, product: 'CNC' });
    await bench.kite.placeOrder(
      'regular',
      infyOrder({ tradingsymbol: 'VGUARD', quantity: 5, price: 351, product: 'CNC' }) as never,
    );
    bench.play(1_000);
    const stop = await bench.place({
      ...sell,
      product: 'CNC',
      order_type: 'SL',
      trigger_price: 9.5,
      price: 9.4,
    });
    const { order_id: other } = await bench.kite.placeOrder(
      'regular',
      infyOrder({
        ...sell,
        tradingsymbol: 'VGUARD',
        product: 'CNC',
        quantity: 5,
        order_type: 'SL',
        trigger_price: 340,
        price: 339,
      }) as never,
    );
    goTo('15:16');
    expect(await bench.row(stop)).toMatchObject({ status: 'CANCELLED' });
    expect(await bench.row(other)).toMatchObject({ status: 'TRIGGER PENDING' });
    goTo('15:31');
    expect(await bench.row(other)).toMatchObject({ status: 'CANCELLED' });
  });

  test('the pre-open takes no market orders from 09:05, nor changes of those that wait', async () => {
    const early = await startBench({ startAt: '09:02' });
    const market = { order_type: 'MARKET', market_protection: 2 };
    const first = await early.place(market);
    early.play(1_000);
    expect(await early.row(first)).toMatchObject({ status: 'OPEN', order_type: 'LIMIT' });
    early.paper.exchange.advanceTo(istInstant(date, '09:06'));
    const second = await early.place(market);
    const limit = await early.place({ price: 10.1 });
    early.play(1_000);
    expect(await early.row(second)).toMatchObject({
      status: 'REJECTED',
      status_message: 'Market orders are not allowed in this phase of the session.',
    });
    expect(await early.row(limit)).toMatchObject({ status: 'OPEN' });
    await expect(early.kite.modifyOrder('regular', first, { quantity: 5 })).rejects.toMatchObject({
      message: 'Market orders cannot be changed in this phase of the session.',
    });
    early.paper.exchange.advanceTo(istInstant(date, '09:13'));
    expect(await early.row(first)).toMatchObject({ status: 'COMPLETE', average_price: 10 });
    await early.paper.close();
  });

  test('the auctions close at a random second of their last two minutes, by seed', () => {
    const [infy] = bench.paper.exchange.source.listings;
    const closes = Array.from({ length: 40 }, (_, seed) =>
      ['09:08', '15:28'].map((from) => {
        const at = (second: number) => epochMs(istInstant(date, from) + second * 1_000);
        const phase = (second: number) =>
          infy && phaseAt({ date, hours: null }, infy, at(second), seed);
        const second = Array.from({ length: 121 }, (__, index) => index).find((index) =>
          phase(index)?.endsWith('match'),
        );
        return second ?? 999;
      }),
    ).flat();
    expect(Math.min(...closes)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...closes)).toBeLessThanOrEqual(120);
    expect(new Set(closes).size).toBeGreaterThan(20);
  });

  test('at 15:15 the band narrows to 3 % of the reference, limits outside are cancelled, the rest match', async () => {
    const delivery = { product: 'CNC', quantity: 10 };
    const inside = await bench.place({ ...delivery, price: 9.75 });
    const outside = await bench.place({ ...delivery, price: 9.6 });
    goTo('15:16');
    expect(await bench.row(outside)).toMatchObject({ status: 'CANCELLED' });
    expect(await bench.row(inside)).toMatchObject({ status: 'OPEN' });
    const quote = (await bench.kite.getQuote(['NSE:INFY']))['NSE:INFY'];
    expect([quote?.lower_circuit_limit, quote?.upper_circuit_limit]).toEqual([9.7, 10.3]);
    goTo('15:21');
    const buying = await bench.place({ ...delivery, price: 10.1 });
    goTo('15:32');
    expect(await bench.row(buying)).toMatchObject({ status: 'COMPLETE', average_price: 10 });
    expect(await bench.row(inside)).toMatchObject({ status: 'OPEN' });
    goTo('15:36');
    expect(await bench.row(inside)).toMatchObject({ status: 'CANCELLED' });
  });

  test('square-off: 15:12 with derivatives, 15:25 without, after that no new intraday position', async () => {
    await bench.place({ price: 10.3 });
    await bench.kite.placeOrder(
      'regular',
      infyOrder({ tradingsymbol: 'VGUARD', quantity: 5, price: 351 }) as never,
    );
    goTo('15:11');
    expect(bench.paper.exchange.account.netQuantity(408_065, 'MIS')).toBe(100);
    goTo('15:13');
    expect(bench.paper.exchange.account.netQuantity(408_065, 'MIS')).toBe(0);
    const late = await bench.place({ price: 10 });
    bench.play(1_000);
    expect(await bench.row(late)).toMatchObject({ status: 'REJECTED' });
    const open = bench.paper.exchange.account
      .positions()
      .filter((one) => one.buyQuantity !== one.sellQuantity);
    expect(open.map(({ listing }) => listing.tradingsymbol)).toEqual(['VGUARD']);
    goTo('15:26');
    expect(bench.paper.exchange.account.books().fees).toBe(11_800);
  });

  test('on a date before August 2026 every stock trades to 15:30 and is squared off at 15:20', async () => {
    const old = await startBench({ date: '2021-04-15' });
    await old.place({ price: 10.3 });
    old.paper.exchange.advanceTo(istInstant('2021-04-15', '15:19'));
    expect(old.paper.exchange.account.netQuantity(408_065, 'MIS')).toBe(100);
    old.paper.exchange.advanceTo(istInstant('2021-04-15', '15:21'));
    expect(old.paper.exchange.account.netQuantity(408_065, 'MIS')).toBe(0);
    await old.paper.close();
  });
});

describe('paper exchange: matching', () => {
  test('a resting limit fills when the price trades through it, at its own price or better', async () => {
    const orderId = await bench.place({ price: 9.8 });
    bench.play(1_000);
    bench.paper.exchange.print('INFY', paise(970), 10_000);
    const row = await bench.row(orderId);
    expect(row['status']).toBe('COMPLETE');
    expect(Number(row['average_price'])).toBeLessThanOrEqual(9.8);
  });

  test('a short stop triggers on the last price and buys', async () => {
    await bench.place({ ...sell, price: 9.9 });
    const stop = await bench.place({ order_type: 'SL-M', trigger_price: 11, market_protection: 2 });
    bench.play(1_000);
    expect(await bench.row(stop)).toMatchObject({ status: 'TRIGGER PENDING', order_type: 'SL-M' });
    bench.paper.exchange.print('INFY', paise(1_100), 10_000);
    expect(await bench.row(stop)).toMatchObject({
      status: 'COMPLETE',
      order_type: 'LIMIT',
      price: 11.22,
    });
    expect(bench.paper.exchange.account.netQuantity(408_065, 'MIS')).toBe(0);
  });

  test('a stop whose limit the price jumped over stays OPEN at its limit', async () => {
    await bench.place({ price: 10.3 });
    const stop = await bench.place({ ...sell, order_type: 'SL', trigger_price: 9.5, price: 9.45 });
    bench.play(1_000);
    bench.paper.exchange.print('INFY', paise(900), 10_000);
    expect(await bench.row(stop)).toMatchObject({
      status: 'OPEN',
      price: 9.45,
      filled_quantity: 0,
    });
  });

  test('a market order that the price has left behind stays OPEN at its protection price', async () => {
    await bench.admin('POST', '/paper/faults', { kind: 'stuck-pending', times: 1, ms: 5_000 });
    const orderId = await bench.place({ order_type: 'MARKET', market_protection: 1 });
    bench.play(1_000);
    bench.paper.exchange.print('INFY', paise(1_100), 10_000);
    bench.play(60_000);
    const row = await bench.row(orderId);
    expect(row).toMatchObject({ status: 'OPEN', order_type: 'LIMIT', price: 10.1 });
    expect(row).toMatchObject({ filled_quantity: 0, market_protection: 0 });
    bench.paper.exchange.print('INFY', paise(1_000), 10_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'COMPLETE' });
  });

  test('a market stop that the price jumps over stays OPEN at its protection price', async () => {
    await bench.place({ price: 10.3 });
    const stop = await bench.place({
      ...sell,
      order_type: 'SL-M',
      trigger_price: 9.5,
      market_protection: 2,
    });
    bench.play(1_000);
    bench.paper.exchange.print('INFY', paise(900), 10_000);
    bench.play(60_000);
    expect(await bench.row(stop)).toMatchObject({
      status: 'OPEN',
      order_type: 'LIMIT',
      price: 9.31,
    });
    expect(bench.paper.exchange.account.netQuantity(408_065, 'MIS')).toBe(100);
  });

  test('a modification without the money leaves the order as it was, with the reason', async () => {
    const orderId = await bench.place({ price: 9 });
    bench.play(1_000);
    await bench.kite.modifyOrder('regular', orderId, { quantity: 90_000 });
    bench.play(1_000);
    const row = await bench.row(orderId);
    expect(row).toMatchObject({ status: 'OPEN', quantity: 100 });
    expect(row['status_message']).toMatch(/^Insufficient funds/);
  });

  test('an IOC order that finds nothing is cancelled', async () => {
    const orderId = await bench.place({ price: 9, validity: 'IOC' });
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({
      status: 'CANCELLED',
      cancelled_quantity: 100,
    });
  });

  test.each([
    [{ price: 10.005 }, 'Tick size for this script is 0.01'],
    [{ price: 16 }, 'higher than the current upper circuit limit of 15'],
    [
      { ...sell, order_type: 'SL', trigger_price: 10.5, price: 10.4 },
      'should be lower than the last traded price',
    ],
    [
      { order_type: 'SL', trigger_price: 9.5, price: 9.6 },
      'should be higher than the last traded price',
    ],
    [{ product: 'NRML', price: 9 }, 'Product NRML is not available'],
  ])('%j is refused before it gets an id', async (terms, message) => {
    await expect(bench.place(terms)).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`${message}|Invalid .price.`)) as string,
    });
    expect(await bench.kite.getOrders()).toEqual([]);
  });
});

describe('paper exchange: packets', () => {
  test('lengths and fields are those of the protocol', () => {
    bench.paper.exchange.print('INFY', paise(1_050), 500);
    const tape = bench.paper.exchange.tape('INFY');
    expect(packetOf(tape, 'ltp').toString('hex')).toBe('00063a010000041a');
    const quote = packetOf(tape, 'quote');
    expect(quote).toHaveLength(44);
    expect([28, 32, 36, 40].map((offset) => quote.readInt32BE(offset))).toEqual([
      1_000, 1_050, 1_000, 1_000,
    ]);
    const full = packetOf(tape, 'full');
    expect(full).toHaveLength(184);
    expect(full.readInt32BE(60)).toBe(Math.floor((tape.updatedAt ?? 0) / 1_000));
    const prices = Array.from({ length: 10 }, (_, level) => full.readInt32BE(64 + level * 12 + 4));
    expect(prices.slice(0, 5)).toEqual(prices.slice(0, 5).toSorted((left, right) => right - left));
    expect(prices[5]).toBeGreaterThan(prices[0] ?? 0);
  });
});
