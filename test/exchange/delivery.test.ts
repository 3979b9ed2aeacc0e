// Delivery: holdings and their sale, authorisation at the depository, conversion, and orders given while
// the market is closed.
import { istInstant } from '../../domain/session/sessionClock';
import { paise } from '../../domain/units';
import { date, infyOrder, startBench, type Bench } from './support';

const holdings = [
  { tradingsymbol: 'INFY', quantity: 100, t1Quantity: 20, averagePrice: paise(800) },
  { tradingsymbol: 'VGUARD', quantity: 50, averagePrice: paise(30_000), authorisedQuantity: 0 },
];
const sell = { transaction_type: 'SELL', product: 'CNC', price: 9.9 };

let bench: Bench;

beforeEach(async () => {
  bench = await startBench({ holdings });
});

afterEach(() => bench.paper.close());

const holding = async (symbol: string) =>
  (await bench.kite.getHoldings()).find((one) => one.tradingsymbol === symbol);

describe('paper exchange: holdings', () => {
  test('a holding shows its quantities, its cost and the day so far', async () => {
    bench.paper.exchange.print('INFY', paise(1_050), 100);
    expect(await holding('INFY')).toMatchObject({
      quantity: 100,
      t1_quantity: 20,
      realised_quantity: 100,
      opening_quantity: 120,
      used_quantity: 0,
      authorised_quantity: 100,
      average_price: 8,
      last_price: 10.5,
      close_price: 10,
      pnl: 300,
      day_change: 0.5,
      day_change_percentage: 5,
    });
  });

  test('selling it uses it up, shows as a negative delivery position and frees 80 % of the proceeds', async () => {
    const before = (await funds()).net;
    await bench.place({ ...sell, quantity: 30 });
    bench.play(10_000);
    expect(await holding('INFY')).toMatchObject({ quantity: 70, used_quantity: 30 });
    const [position] = (await bench.kite.getPositions()).net;
    expect(position).toMatchObject({ product: 'CNC', quantity: -30 });
    const { net, utilised } = await funds();
    const sold = utilised['holding_sales'] ?? 0;
    expect(sold).toBeGreaterThanOrEqual(30 * 9.9);
    expect(net - before).toBeCloseTo(sold * 0.8, 1);
  });

  test('more than is held is rejected later, and orders that wait are counted', async () => {
    await bench.place({ ...sell, quantity: 100, price: 11 });
    bench.play(1_000);
    const second = await bench.place({ ...sell, quantity: 21, price: 11 });
    bench.play(1_000);
    expect(await bench.row(second)).toMatchObject({
      status: 'REJECTED',
      status_message:
        'Insufficient stock holding. Required quantity is 21 but available quantity is 20.',
    });
  });

  test('unauthorised shares answer 428 and the order never is in the book', async () => {
    const { rest, apiKey, accessToken } = bench.paper;
    const form = infyOrder({ ...sell, tradingsymbol: 'VGUARD', quantity: 5, price: 349 });
    const response = await fetch(`${rest}/orders/regular`, {
      method: 'POST',
      headers: { authorization: `token ${apiKey}:${accessToken}` },
      body: new URLSearchParams(form as Record<string, string>),
    });
    expect([response.status, await response.json()]).toEqual([
      428,
      {
        status: 'error',
        message: '5 quantity needs authorisation at depository.',
        data: null,
        error_type: 'HoldingException',
      },
    ]);
    expect(await bench.kite.getOrders()).toEqual([]);
  });

  test('once authorised, they can be sold', async () => {
    const { rest, apiKey, accessToken } = bench.paper;
    const asked = await fetch(`${rest}/portfolio/holdings/authorise`, {
      method: 'POST',
      headers: { authorization: `token ${apiKey}:${accessToken}` },
    });
    expect(((await asked.json()) as { data: object }).data).toHaveProperty('request_id');
    expect(await holding('VGUARD')).toMatchObject({ authorised_quantity: 0 });
    await bench.admin('POST', '/paper/authorise', { tradingsymbol: 'VGUARD' });
    expect(await holding('VGUARD')).toMatchObject({ authorised_quantity: 50 });
    const orderId = await bench.place({
      ...sell,
      tradingsymbol: 'VGUARD',
      quantity: 5,
      price: 349,
    });
    bench.play(1_000);
    expect(await bench.row(orderId)).toMatchObject({ status: 'COMPLETE' });
  });

  test('the summary and the compact list are those of the rows', async () => {
    const { rest, apiKey, accessToken } = bench.paper;
    const read = async (path: string) => {
      const headers = { authorization: `token ${apiKey}:${accessToken}` };
      const response = await fetch(`${rest}/portfolio/holdings/${path}`, { headers });
      return ((await response.json()) as { data: unknown }).data;
    };
    bench.paper.exchange.print('INFY', paise(1_100), 100);
    expect(await read('summary')).toEqual({
      total_pnl: 2_860,
      total_pnl_percent: (2_860 / 15_960) * 100,
      today_pnl: 120,
      today_pnl_percent: (120 / 18_700) * 100,
      invested_amount: 15_960,
      current_value: 18_820,
    });
    expect(await read('compact')).toEqual([
      {
        exchange: 'NSE',
        tradingsymbol: 'INFY',
        instrument_token: 408_065,
        t1_quantity: 20,
        quantity: 100,
      },
      expect.objectContaining({ tradingsymbol: 'VGUARD', quantity: 50 }),
    ]);
  });

  test('a delivery sale of what is held needs no margin, one of more does', async () => {
    const order = (quantity: number) => infyOrder({ ...sell, variety: 'regular', quantity });
    const rows = await bench.kite.orderMargins([order(100), order(1_000)] as never);
    expect(rows.map((row) => row.total)).toEqual([0, 9_900]);
  });

  async function funds(): Promise<{ net: number; utilised: Record<string, number> }> {
    return (await bench.kite.getMargins('equity')) as never;
  }
});

describe('paper exchange: conversion', () => {
  const convert = (more: object) =>
    bench.kite.convertPosition({
      exchange: 'NSE',
      tradingsymbol: 'INFY',
      transaction_type: 'BUY',
      position_type: 'day',
      quantity: 100,
      old_product: 'MIS',
      new_product: 'CNC',
      ...more,
    } as never);

  test.each([
    [{ quantity: 101 }, 'Invalid `quantity` for the conversion.'],
    [{ new_product: 'MIS' }, '`old_product` and `new_product` must differ.'],
    [{ position_type: 'overnight' }, 'There is no overnight position to convert.'],
  ])('%j is refused and moves nothing', async (more, message) => {
    await bench.place({ price: 10.2 });
    bench.play(1_000);
    await expect(convert(more)).rejects.toMatchObject({ message });
    expect((await bench.kite.getPositions()).net).toHaveLength(1);
  });

  test('a short cannot become delivery', async () => {
    await bench.place({ price: 9.9, transaction_type: 'SELL' });
    bench.play(1_000);
    await expect(convert({ transaction_type: 'SELL' })).rejects.toMatchObject({
      message: 'Short positions cannot be converted to delivery.',
    });
  });

  test('delivery must be paid in full', async () => {
    await bench.place({ price: 10.2, quantity: 30_000 });
    bench.play(20_000);
    await expect(convert({ quantity: 20_000 })).rejects.toMatchObject({
      error_type: 'MarginException',
      message: expect.stringMatching(/^Insufficient funds. Required margin is 1,/) as string,
    });
    await convert({ quantity: 1_000 });
    expect((await bench.kite.getPositions()).net.map((row) => row.quantity)).toEqual([
      29_000, 1_000,
    ]);
  });

  test('after the square-off nothing becomes intraday', async () => {
    await bench.place({ price: 10.2, product: 'CNC' });
    bench.paper.exchange.advanceTo(istInstant(date, '15:13'));
    await expect(convert({ old_product: 'CNC', new_product: 'MIS' })).rejects.toMatchObject({
      message: 'Conversion to MIS is not allowed for INFY now.',
    });
  });
});

describe('paper exchange: after-market orders', () => {
  let night: Bench;
  const placeAmo = async (more: object): Promise<string> =>
    (await night.kite.placeOrder('amo', infyOrder(more) as never)).order_id;

  beforeEach(async () => {
    night = await startBench({ startAt: '08:00' });
  });

  afterEach(() => night.paper.close());

  test('a limit waits for the pre-open and trades at the opening price', async () => {
    const orderId = await placeAmo({ price: 10.3 });
    night.play(1_000);
    expect(await night.row(orderId)).toMatchObject({ status: 'AMO REQ RECEIVED', variety: 'amo' });
    night.paper.exchange.advanceTo(istInstant(date, '09:01'));
    expect(await night.row(orderId)).toMatchObject({ status: 'OPEN' });
    night.paper.exchange.advanceTo(istInstant(date, '09:13'));
    expect(await night.row(orderId)).toMatchObject({ status: 'COMPLETE', average_price: 10 });
    const history = await night.kite.getOrderHistory(orderId);
    expect(history.slice(0, 2).map((row) => row.status)).toEqual([
      'PUT ORDER REQ RECEIVED',
      'AMO REQ RECEIVED',
    ]);
  });

  test('a stop goes in with the continuous session', async () => {
    const stop = { order_type: 'SL', transaction_type: 'SELL', trigger_price: 9.5, price: 9.4 };
    const orderId = await placeAmo(stop);
    night.paper.exchange.advanceTo(istInstant(date, '09:14'));
    expect(await night.row(orderId)).toMatchObject({ status: 'AMO REQ RECEIVED' });
    night.paper.exchange.advanceTo(istInstant(date, '09:16'));
    expect(await night.row(orderId)).toMatchObject({ status: 'TRIGGER PENDING' });
  });

  test('a market order becomes a limit at the price of its session', async () => {
    const orderId = await placeAmo({ order_type: 'MARKET', market_protection: 2 });
    night.play(1_000);
    expect(await night.row(orderId)).toMatchObject({ order_type: 'MARKET' });
    night.paper.exchange.advanceTo(istInstant(date, '09:01'));
    expect(await night.row(orderId)).toMatchObject({ order_type: 'LIMIT', price: 10.2 });
  });

  test('it can be changed and cancelled while it waits', async () => {
    const orderId = await placeAmo({ price: 9 });
    night.play(1_000);
    await night.kite.modifyOrder('amo', orderId, { price: 9.5, quantity: 7 });
    expect(await night.row(orderId)).toMatchObject({
      status: 'AMO REQ RECEIVED',
      price: 9.5,
      quantity: 7,
    });
    await night.kite.cancelOrder('amo', orderId);
    night.paper.exchange.advanceTo(istInstant(date, '09:20'));
    expect(await night.row(orderId)).toMatchObject({ status: 'CANCELLED', cancelled_quantity: 7 });
  });

  test('a wrong one is refused at once, like every order', async () => {
    await expect(placeAmo({ price: 16 })).rejects.toMatchObject({
      message: expect.stringContaining('upper circuit limit of 15') as string,
    });
  });
});
