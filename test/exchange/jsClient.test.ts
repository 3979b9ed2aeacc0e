// The unmodified npm client trades on the exchange. The market clock is driven by hand where time
// matters, so nothing here depends on how fast the machine is.
import { istInstant } from '../../domain/session/sessionClock';
import { paise } from '../../domain/units';
import { date, infyOrder as order, startBench, type Bench } from './support';

let bench: Bench;
let kite: Bench['kite'];
let paper: Bench['paper'];
const play = (ms: number): void => bench.play(ms);
const rowOf = (orderId: string) => bench.row(orderId);

beforeEach(async () => {
  bench = await startBench();
  ({ kite, paper } = bench);
});

afterEach(() => paper.close());

describe('paper exchange: the JS client', () => {
  test('buys at market: the order shows as LIMIT at its protection price and completes', async () => {
    play(10_000);
    const { order_id } = await kite.placeOrder(
      'regular',
      order({
        transaction_type: 'BUY',
        order_type: 'MARKET',
        market_protection: -1,
        tag: 'intent1',
      }) as never,
    );
    expect((await rowOf(order_id))['status']).toBe('PUT ORDER REQ RECEIVED');
    play(1_000);
    const row = await rowOf(order_id);
    expect(row).toMatchObject({
      status: 'COMPLETE',
      order_type: 'LIMIT',
      price: 10.2,
      tag: 'intent1',
    });
    const history = await kite.getOrderHistory(order_id);
    expect(history.map((one) => one.status)).toEqual([
      'PUT ORDER REQ RECEIVED',
      'VALIDATION PENDING',
      'OPEN PENDING',
      'OPEN',
      'COMPLETE',
    ]);
    const [position] = (await kite.getPositions()).net;
    expect(position).toMatchObject({ tradingsymbol: 'INFY', quantity: 100 });
    expect(await kite.getOrderTrades(order_id)).toHaveLength(1);
  });

  test('a stop trails from 9 to 10 when the price goes from 10 to 11, seen in its history', async () => {
    play(10_000);
    const { order_id } = await kite.placeOrder(
      'regular',
      order({
        transaction_type: 'SELL',
        order_type: 'SL',
        trigger_price: 9,
        price: 8.95,
      }) as never,
    );
    play(1_000);
    expect((await rowOf(order_id))['status']).toBe('TRIGGER PENDING');
    paper.exchange.print('INFY', paise(1_100), 5_000);
    await kite.modifyOrder('regular', order_id, {
      trigger_price: 10,
      price: 9.95,
      order_type: 'SL',
    });
    play(1_000);
    expect(await rowOf(order_id)).toMatchObject({ trigger_price: 10, status: 'TRIGGER PENDING' });
    const steps = (await kite.getOrderHistory(order_id)).map(
      (one) => `${one.status} ${one.trigger_price}`,
    );
    expect(steps.slice(-4)).toEqual([
      'MODIFY VALIDATION PENDING 9',
      'MODIFY PENDING 9',
      'MODIFIED 10',
      'TRIGGER PENDING 10',
    ]);
    paper.exchange.print('INFY', paise(1_000), 50_000);
    expect((await rowOf(order_id))['status']).toBe('COMPLETE');
  });

  test('a wrong token is a TokenException', async () => {
    kite.setAccessToken('wrong');
    await expect(kite.getProfile()).rejects.toMatchObject({
      error_type: 'TokenException',
      message: 'Incorrect `api_key` or `access_token`.',
    });
  });

  test('a market order without protection is refused and never in the book', async () => {
    await expect(
      kite.placeOrder('regular', order({ transaction_type: 'BUY', order_type: 'MARKET' }) as never),
    ).rejects.toMatchObject({ error_type: 'InputException' });
    expect(await kite.getOrders()).toEqual([]);
  });

  test('an order without the money is rejected later, in the book', async () => {
    play(10_000);
    const { order_id } = await kite.placeOrder(
      'regular',
      order({
        transaction_type: 'BUY',
        order_type: 'LIMIT',
        price: 10,
        quantity: 90_000,
      }) as never,
    );
    play(1_000);
    const row = await rowOf(order_id);
    expect(row['status']).toBe('REJECTED');
    expect(row['status_message']).toMatch(/^Insufficient funds. Required margin is 1,80,000.00/);
  });

  test('quotes, historical candles and instruments arrive parsed', async () => {
    play(60_000);
    const quote = await kite.getQuote(['NSE:INFY', 'NSE:NOSUCH']);
    expect(Object.keys(quote)).toEqual(['NSE:INFY']);
    expect(quote['NSE:INFY']?.depth.buy).toHaveLength(5);
    const instruments = await kite.getInstruments('NSE');
    expect(instruments[0]).toMatchObject({ tradingsymbol: 'INFY', instrument_token: '408065' });
    const candles = await kite.getHistoricalData(
      408_065,
      'minute',
      `${date} 09:30:00`,
      `${date} 09:31:00`,
    );
    expect(candles[0]).toMatchObject({ open: 10, close: 10 });
  });

  test('the broker squares off at 15:12 with its fee and the books stay whole', async () => {
    play(10_000);
    await kite.placeOrder(
      'regular',
      order({
        transaction_type: 'SELL',
        order_type: 'MARKET',
        market_protection: 1,
      }) as never,
    );
    paper.exchange.advanceTo(istInstant(date, '15:14'));
    const [position] = (await kite.getPositions()).net;
    expect(position?.quantity).toBe(0);
    const { cash, openingCash, realisedPnl, charges, fees } = paper.exchange.account.books();
    expect(fees).toBe(5_900);
    expect(cash).toBe(openingCash + realisedPnl - charges - fees);
  });
});
