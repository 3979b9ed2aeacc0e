// Goal: the real client against the paper exchange's GTTs. A trigger for the night is placed, moved, met and
// deleted there, and is read back as the exit order it stands for, with its trades.
import type { BrokerActivities } from '../../../activities/broker';
import { fixedCredentials, openBroker } from '../../../broker';
import type { OrderRequest } from '../../../domain/orders/order';
import type { BooksQuestion, BooksReading } from '../../../domain/position';
import { epochMs, paise, shares } from '../../../domain/units';
import { date, startBench, type Bench } from '../../exchange/support';
import { orderActivities } from '../../support/orderActivities';

const tag = 'R261120A1TB2';
let bench: Bench;
let broker: BrokerActivities;
const recorded: string[] = [];

beforeEach(async () => {
  recorded.length = 0;
  bench = await startBench({ openingCash: paise(10_000_000_000) });
  const atExchange = openBroker(fixedCredentials(bench.paper), { rest: bench.paper.rest });
  broker = orderActivities(atExchange, {
    recordTrigger: (orderId, order) => {
      recorded.push(`${orderId} ${order.tag}`);
      return Promise.reject(new Error('the database is down'));
    },
    lastPrice: () => Promise.resolve({ ltp: paise(1000), at: epochMs(Date.now()) }),
  });
});

afterEach(() => bench.paper.close());

const order = (pricing: OrderRequest['pricing'], side: 'BUY' | 'SELL' = 'SELL'): OrderRequest => ({
  tag,
  tradingsymbol: 'INFY',
  side,
  product: 'CNC',
  quantity: shares(5),
  pricing,
});
const oco = (stop: number, target: number): OrderRequest =>
  order({
    kind: 'OCO',
    trigger: paise(stop),
    price: paise(stop - 10),
    ltp: paise(1000),
    target: { trigger: paise(target), price: paise(target) },
  });
const question = (orderIds: readonly string[] = []) => ({
  intentId: tag,
  tradingsymbol: 'INFY',
  product: 'CNC' as const,
  date,
  orderIds,
  sought: [],
  entry: { orderId: null, filled: 0, side: 'BUY' as const, limit: paise(1010) },
});

async function read(asked: BooksQuestion): Promise<BooksReading> {
  const answer = await broker.readBooks(asked);
  if (answer.kind !== 'whole') throw new Error(answer.kind);
  return answer.reading;
}

async function placed(): Promise<string> {
  await broker.placeExit(order({ kind: 'LIMIT', price: paise(1010) }, 'BUY'));
  bench.play(1_000);
  const outcome = await broker.placeExit(oco(900, 1200));
  if (outcome.kind !== 'accepted') throw new Error(outcome.kind);
  return outcome.orderId;
}

test('a trigger is recorded as ours, rests as our exit, moves, and goes', async () => {
  const orderId = await placed();
  expect(recorded).toEqual([`${orderId} ${tag}`]);
  const { orders } = await read(question([orderId]));
  expect(orders[1]).toMatchObject({
    orderId,
    tag,
    side: 'SELL',
    orderType: 'OCO',
    status: 'TRIGGER PENDING',
    quantity: 5,
    trigger: 900,
    price: 890,
    target: 1200,
  });
  expect(await broker.modifyExit(orderId, oco(950, 1250))).toEqual({ kind: 'accepted', orderId });
  const moved = await read(question([orderId]));
  expect(moved.orders[1]).toMatchObject({ trigger: 950, target: 1250 });
  expect(await broker.cancelOrder(orderId, tag)).toEqual({ kind: 'accepted', orderId });
  const gone = await read(question([orderId]));
  expect(gone.orders[1]).toMatchObject({ orderId, status: 'CANCELLED' });
  expect(await broker.cancelOrder(orderId, tag)).toMatchObject({ kind: 'rejected' });
});

test.each([
  ['stop', 899],
  ['target', 1200],
])('what its %s leg sells at %d is our exit and nobody else’s', async (leg, price) => {
  const orderId = await placed();
  bench.paper.exchange.print('INFY', paise(price), 10_000);
  bench.play(1_000);
  bench.paper.exchange.print('INFY', paise(price), 10_000);
  const { orders, fills, foreign } = await read(question([orderId]));
  expect(orders).toHaveLength(3);
  expect(orders[1]).toMatchObject({ tag, leg, side: 'SELL', filledQuantity: 5 });
  expect(orders[2]).toMatchObject({ orderId, status: 'CANCELLED', filledQuantity: 0 });
  expect(fills.map(({ side, quantity }) => [side, quantity])).toContainEqual(['SELL', 5]);
  expect(foreign).toEqual([]);
});

test('one whose answer was lost is found by its levels', async () => {
  const orderId = await placed();
  const sought = { quantity: shares(5), stop: paise(900), target: paise(1200) };
  const { orders } = await read({ ...question(), sought: [sought] });
  expect(orders[1]).toMatchObject({ orderId, tag });
  const other = { ...sought, stop: paise(901) };
  expect((await read({ ...question(), sought: [other] })).orders).toHaveLength(1);
});

test('triggers on one side of the price are refused in the broker’s words', async () => {
  expect(await broker.placeExit(oco(1100, 1200))).toMatchObject({
    kind: 'rejected',
    code: 'InputException',
  });
});
