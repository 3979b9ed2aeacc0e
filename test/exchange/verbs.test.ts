// The less common verbs: GTT, iceberg, autoslice, refused varieties, margins, charges, conversion, and
// the limits of requests, modifications and connections.
import { epochMs, paise } from '../../domain/units';
import { RateLimiter, kiteLimits } from '../../exchange/rest/rateLimits';
import { date, infyOrder, listen, startBench, until, type Bench } from './support';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench({ openingCash: paise(10_000_000_000) });
});

afterEach(() => bench.paper.close());

const gtt = (more: object) => ({
  tradingsymbol: 'INFY',
  exchange: 'NSE',
  last_price: 10,
  ...more,
});
const leg = (side: string, price: number) => ({
  transaction_type: side,
  quantity: 5,
  product: 'CNC',
  order_type: 'LIMIT',
  price,
});

describe('paper exchange: GTT', () => {
  test('a single trigger places its limit order when the price gets there', async () => {
    const placed = await bench.kite.placeGTT(
      gtt({ trigger_type: 'single', trigger_values: [9], orders: [leg('BUY', 9.1)] }) as never,
    );
    bench.paper.exchange.print('INFY', paise(900), 10_000);
    bench.play(1_000);
    const row = await bench.kite.getGTT(placed.trigger_id);
    expect(row).toMatchObject({ status: 'triggered', type: 'single' });
    expect(row.orders[0]?.result).toMatchObject({ order_result: { status: 'success' } });
    expect((await bench.kite.getOrders())[0]).toMatchObject({ price: 9.1, order_type: 'LIMIT' });
  });

  test('of a two-leg one the first leg to trigger spends both', async () => {
    const { trigger_id: id } = await bench.kite.placeGTT(
      gtt({
        trigger_type: 'two-leg',
        trigger_values: [9, 11],
        orders: [leg('SELL', 8.9), leg('SELL', 11)],
      }) as never,
    );
    bench.paper.exchange.print('INFY', paise(1_100), 10_000);
    bench.paper.exchange.print('INFY', paise(900), 10_000);
    bench.play(1_000);
    const row = await bench.kite.getGTT(id);
    expect(row.orders.map((one) => one.result === null)).toEqual([true, false]);
    expect(await bench.kite.getOrders()).toHaveLength(1);
  });

  test('it can be modified and deleted while active, not after', async () => {
    const single = { trigger_type: 'single', orders: [leg('BUY', 9)] };
    const { trigger_id: id } = await bench.kite.placeGTT(
      gtt({ ...single, trigger_values: [9] }) as never,
    );
    await bench.kite.modifyGTT(id, gtt({ ...single, trigger_values: [8.5] }) as never);
    expect((await bench.kite.getGTT(id as never)).condition.trigger_values).toEqual([8.5]);
    await bench.kite.deleteGTT(id);
    expect((await bench.kite.getGTTs())[0]).toMatchObject({ status: 'deleted' });
    await expect(bench.kite.deleteGTT(id as never)).rejects.toMatchObject({ status: 'error' });
  });
});

describe('paper exchange: varieties', () => {
  test('an iceberg sends its legs one after the other', async () => {
    await bench.kite.placeOrder(
      'iceberg',
      infyOrder({
        quantity: 20_000,
        price: 10.2,
        iceberg_legs: 4,
        iceberg_quantity: 5_000,
      }) as never,
    );
    bench.play(120_000);
    const rows = await bench.kite.getOrders();
    expect(rows.map((row) => [row.status, row.quantity])).toEqual(
      Array.from({ length: 4 }, () => ['COMPLETE', 5_000]),
    );
    expect(rows[1]).toMatchObject({ parent_order_id: rows[0]?.order_id, variety: 'iceberg' });
    expect(rows[0]?.meta).toMatchObject({
      iceberg: { leg: 1, legs: 4, remaining_quantity: 15_000 },
    });
  });

  test('an iceberg whose next leg is refused ends there, and the exchange goes on', async () => {
    await bench.kite.placeOrder(
      'iceberg',
      infyOrder({ quantity: 12_000, price: 10.2, iceberg_legs: 2 }) as never,
    );
    const first = async () => (await bench.kite.getOrders())[0]?.status;
    for (let ms = 0; ms < 60_000 && (await first()) !== 'COMPLETE'; ms += 1) bench.play(1);
    bench.paper.exchange.circuits.slide('INFY', { lower: paise(500), upper: paise(1_010) });
    bench.play(60_000);
    const rows = await bench.kite.getOrders();
    expect(rows.map((row) => [row.status, row.quantity])).toEqual([['COMPLETE', 6_000]]);
  });

  test('autoslice answers with the first order and its children', async () => {
    const answer = await bench.kite.placeOrder(
      'regular',
      infyOrder({
        quantity: 250_000,
        price: 9,
        autoslice: true,
      }) as never,
    );
    expect((answer as unknown as { children: unknown[] }).children).toHaveLength(2);
    const quantities = (await bench.kite.getOrders()).map((row) => row.quantity);
    expect(quantities.reduce((sum, one) => sum + one, 0)).toBe(250_000);
    await expect(bench.place({ quantity: 250_000, price: 9 })).rejects.toMatchObject({
      message: 'Maximum quantity per order for Equity is 1,00,000',
    });
  });

  test.each([
    ['amo', /After market orders/],
    ['co', /Cover orders are blocked/],
    ['auction', /No auction/],
  ])('%s is refused with its reason', async (variety, reason) => {
    await expect(
      bench.kite.placeOrder(variety as never, infyOrder({ price: 9 }) as never),
    ).rejects.toMatchObject({ message: expect.stringMatching(reason) as string });
  });
});

describe('paper exchange: margins, charges and conversion', () => {
  test('an intraday order blocks a fifth; a basket of opposite orders blocks one side', async () => {
    const one = { ...infyOrder({ price: 10 }), variety: 'regular', trigger_price: 0 };
    const [margin] = await bench.kite.orderMargins([one] as never);
    expect(margin).toMatchObject({ total: 200, leverage: 5 });
    const both = [one, { ...one, transaction_type: 'SELL' }];
    const basket = await bench.kite.orderBasketMargins(both as never);
    expect(basket).toMatchObject({ initial: { total: 400 }, final: { total: 200 } });
  });

  test('the virtual contract note charges the worked example to the paisa', async () => {
    const note = (side: string) => ({
      ...infyOrder({ transaction_type: side, quantity: 10_000 }),
      order_id: '1',
      variety: 'regular',
      average_price: 10,
    });
    const rows = await bench.kite.getvirtualContractNote([note('BUY'), note('SELL')] as never);
    const totals = rows.map((row) => row.charges.total);
    expect(Math.round(totals.reduce((sum, one) => sum + one, 0) * 100)).toBe(8_268);
  });

  test('a conversion moves the open quantity to the other product', async () => {
    await bench.place({ price: 10.2 });
    bench.play(1_000);
    await bench.kite.convertPosition({
      exchange: 'NSE',
      tradingsymbol: 'INFY',
      transaction_type: 'BUY',
      position_type: 'day',
      quantity: 40,
      old_product: 'MIS',
      new_product: 'CNC',
    } as never);
    const { net } = await bench.kite.getPositions();
    expect(net.map((row) => [row.product, row.quantity])).toEqual([
      ['MIS', 60],
      ['CNC', 40],
    ]);
  });

  test('funds: what a position blocks is what is missing from net', async () => {
    await bench.place({ price: 10.2, quantity: 1_000 });
    bench.play(1_000);
    const funds = (await bench.kite.getMargins('equity')) as unknown as {
      net: number;
      available: { cash: number };
      utilised: { debits: number };
    };
    expect(funds.utilised.debits).toBeGreaterThan(1_990);
    expect(funds.net).toBeCloseTo(funds.available.cash - funds.utilised.debits, 2);
  });
});

describe('paper exchange: limits', () => {
  test('the 26th modification is refused', async () => {
    const orderId = await bench.place({ price: 9 });
    bench.play(1_000);
    for (let count = 1; count <= 25; count += 1) {
      await bench.kite.modifyOrder('regular', orderId, { price: 9 + count / 100 });
      bench.play(1_000);
    }
    await expect(bench.kite.modifyOrder('regular', orderId, { price: 8 })).rejects.toMatchObject({
      message: 'Maximum allowed order modifications exceeded.',
    });
  });

  test('requests are counted per calendar second, orders per minute and per day too', () => {
    const limiter = new RateLimiter(kiteLimits);
    const admit = (second: number, times: number): number => {
      let admitted = 0;
      for (let count = 0; count < times; count += 1) {
        try {
          limiter.admit('order', second * 1_000);
          admitted += 1;
        } catch (error) {
          expect(error).toMatchObject({ status: 429, message: 'Too many requests' });
        }
      }
      return admitted;
    };
    expect(admit(60, 15)).toBe(10);
    expect(
      Array.from({ length: 59 }, (_, index) => admit(61 + index, 10)).reduce((a, b) => a + b),
    ).toBe(390);
    let total = 400;
    for (let second = 120; total < 5_000; second += 1) total += admit(second, 10);
    expect(admit(1_000_000, 1)).toBe(0);
  });

  test('the real limits answer 429 through the client', async () => {
    const strict = await startBench({ limits: kiteLimits });
    const calls = Array.from({ length: 30 }, () =>
      strict.kite.getQuote(['NSE:INFY']).catch((error: unknown) => error),
    );
    const refused = (await Promise.all(calls)).filter(
      (one) => (one as { message?: string }).message === 'Too many requests',
    );
    await strict.paper.close();
    expect(refused.length).toBeGreaterThanOrEqual(20);
  });

  test('the fourth socket is refused with 429, and a closed one makes room', async () => {
    const sockets = [await listen(bench), await listen(bench), await listen(bench)];
    await expect(listen(bench)).rejects.toThrow(/429/);
    sockets[0]?.socket.close();
    await until(async () =>
      listen(bench).then(
        (one) => {
          one.socket.terminate();
          return true;
        },
        () => false,
      ),
    );
    for (const one of sockets) one.socket.terminate();
  });

  test('an unreadable ticker request is answered by an error frame, the socket lives', async () => {
    const listener = await listen(bench);
    for (const text of ['', '{', '{"a":"mode","v":[1]}', '{"a":"subscribe","v":["x"]}', '[]']) {
      listener.socket.send(text);
    }
    await until(() => listener.texts.length === 5);
    expect(listener.texts.every(({ type }) => type === 'error')).toBe(true);
    listener.socket.terminate();
  });

  test('the access token dies at 06:00 of the next day', async () => {
    bench.paper.exchange.advanceTo(epochMs(Date.parse(`${date}T06:00:00+05:30`) + 86_400_000));
    await expect(bench.kite.getProfile()).rejects.toMatchObject({ error_type: 'TokenException' });
  });
});
