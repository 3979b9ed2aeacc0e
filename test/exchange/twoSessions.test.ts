// A day of two sessions: between them nothing trades, nothing triggers and no order is taken, and what rests
// goes on resting; candles lie inside the sessions, and the day ends with the second.
import { istInstant, istTime } from '../../domain/session/sessionClock';
import { generatedMarket } from '../../exchange/market/generated';
import { infyOrder, startBench, type Bench } from './support';

const date = '2024-03-02';
const sell = { transaction_type: 'SELL' };
const refusal = 'The exchange is not accepting orders in this phase of the session.';

let bench: Bench;

beforeEach(async () => {
  bench = await startBench({ date });
});

afterEach(() => bench.paper.close());

const goTo = (time: string): void => bench.paper.exchange.advanceTo(istInstant(date, time));
const openPositions = async (): Promise<unknown> =>
  (await bench.admin('GET', '/paper/books')).body.data['openPositions'];

test('a stop rests over the pause and fills when the second session crosses it', async () => {
  await bench.place({ price: 10.3 });
  bench.play(1_000);
  const stop = await bench.place({ ...sell, order_type: 'SL', trigger_price: 9.5, price: 9 });
  goTo('10:30');
  expect(await bench.row(stop)).toMatchObject({ status: 'TRIGGER PENDING' });
  goTo('11:31');
  await bench.admin('POST', '/paper/price', { tradingsymbol: 'INFY', price: 9.4 });
  bench.play(10_000);
  expect(await bench.row(stop)).toMatchObject({ status: 'COMPLETE' });
});

test('in the pause nothing ticks, and no order or change is taken', async () => {
  const resting = await bench.place({ price: 9.6 });
  goTo('10:00');
  const ticks = bench.paper.exchange.tape('INFY').ticks;
  const refused = await bench.place({ price: 10.3 });
  bench.play(10_000);
  expect(await bench.row(refused)).toMatchObject({ status: 'REJECTED', status_message: refusal });
  await bench.kite.modifyOrder('regular', resting, { price: 9.7 });
  bench.play(10_000);
  expect(await bench.row(resting)).toMatchObject({ status: 'OPEN', price: 9.6 });
  await expect(
    bench.kite.placeOrder('amo', infyOrder({ price: 9 }) as never),
  ).rejects.toMatchObject({
    message: 'After market orders are accepted only outside market hours.',
  });
  goTo('11:29:59');
  expect(bench.paper.exchange.tape('INFY').ticks).toBe(ticks);
  goTo('11:30:30');
  expect(bench.paper.exchange.tape('INFY').ticks).toBeGreaterThan(ticks);
});

test('intraday positions are squared off before the second session ends, orders end with it', async () => {
  await bench.place({ price: 10.3 });
  const resting = await bench.place({ price: 9.6, product: 'CNC', quantity: 10 });
  goTo('12:19');
  expect(await openPositions()).toHaveLength(1);
  goTo('12:21');
  expect(await openPositions()).toEqual([]);
  goTo('12:31');
  expect(await bench.row(resting)).toMatchObject({ status: 'CANCELLED' });
});

test('a generated day has its minutes in the two sessions alone', () => {
  const { feed } = generatedMarket(date, 3, { only: ['INFY'] });
  const minutes = new Set<string>();
  while (feed.nextAt() !== undefined) minutes.add(istTime(feed.take().at).slice(0, 5));
  const sorted = [...minutes].sort();
  expect(sorted).toHaveLength(45 + 60);
  expect([sorted[0], sorted[44], sorted[45], sorted.at(-1)]).toEqual([
    ...['09:15', '09:59', '11:30', '12:29'],
  ]);
});
