// Goal: the exchange on a broker's prices. They follow the broker's, an order is filled out of the broker's depth,
// what is asked of the broker is only read, and the broker's failures are not taken for our own.
import { KiteConnect } from 'kiteconnect';
import { fixedCredentials, openBrokerReader, openFeed } from '../../broker';
import type { BrokerReader } from '../../broker/port';
import { istInstant } from '../../domain/session/sessionClock';
import { epochMs, paise } from '../../domain/units';
import { startPaperExchange, type PaperExchange } from '../../exchange/start';
import { noLimits } from '../../exchange/rest/rateLimits';
import { CountedLine } from '../support/countedLine';
import { date, infyOrder, listen, startBench, until, type Bench } from './support';

let broker: Bench;
let line: CountedLine;
let shadow: PaperExchange;
let kite: InstanceType<typeof KiteConnect>;
let ours: BrokerReader;

beforeEach(async () => {
  broker = await startBench();
  line = new CountedLine(broker.paper.rest);
  const credentials = fixedCredentials(broker.paper);
  const reader = openBrokerReader(credentials, { rest: await line.open() });
  const ahead = istInstant(date, '10:00') - Date.now();
  const marketNow = (): ReturnType<typeof epochMs> => epochMs(Date.now() + ahead);
  const [stocks, underlyings] = [await reader.listing(), await reader.underlyings()];
  shadow = await startPaperExchange({
    date,
    source: {
      kind: 'feed',
      parts: {
        stocks,
        underlyings,
        reader,
        marketNow,
        openFeed: (listener) =>
          openFeed(credentials, { feed: broker.paper.ticker }, listener, { detail: true }),
      },
    },
    clockAheadMs: ahead,
    speed: 1,
    held: false,
    openingCash: paise(10_000_000),
    limits: noLimits,
  });
  await untilUp();
  ours = openBrokerReader(fixedCredentials(shadow), { rest: shadow.rest });
  kite = new KiteConnect({ api_key: shadow.apiKey, root: shadow.rest, timeout: 5_000 });
  kite.setAccessToken(shadow.accessToken);
});

afterEach(async () => {
  await shadow.close();
  line.close();
  await broker.paper.close();
});

const isDown = (): boolean => shadow.exchange.source.distant?.isDown !== false;
const untilUp = (): Promise<void> => until(() => !isDown());

const tokenOf = (bench: PaperExchange, name: string): number =>
  bench.exchange.tape(name).listing.instrumentToken;

/** Watches the stock at the shadow until the broker's last price has come. */
async function watch(name: string): Promise<void> {
  await ours.quotes([name]);
  const listener = await listen({ ...broker, paper: shadow }, [tokenOf(shadow, name)]);
  const wanted = broker.paper.exchange.tape(name);
  await until(() => {
    broker.paper.exchange.print(name, wanted.lastPrice, 1);
    return shadow.exchange.tape(name).ticks > 2;
  });
  listener.socket.close();
}

const place = async (more: object): Promise<string> =>
  (await kite.placeOrder('regular', infyOrder(more) as never)).order_id;

const statusOf = (orderId: string): string => shadow.exchange.knownOrder(orderId).status;

test('list, quotes and history are the broker’s', async () => {
  const theirs = openBrokerReader(fixedCredentials(broker.paper), { rest: broker.paper.rest });
  expect(await ours.listing()).toEqual(await theirs.listing());
  expect(await ours.underlyings()).toEqual(await theirs.underlyings());
  expect(await ours.quotes(['INFY', 'VGUARD'])).toEqual(await theirs.quotes(['INFY', 'VGUARD']));
  const span = {
    instrumentToken: tokenOf(shadow, 'INFY'),
    from: istInstant('2026-11-19', '09:15'),
    to: istInstant(date, '15:30'),
  };
  expect(await ours.history(span)).toEqual(await theirs.history(span));
});

test('prices of a stock somebody watches follow the broker’s', async () => {
  await watch('INFY');
  for (const price of [1_005, 990, 1_010]) {
    broker.paper.exchange.print('INFY', paise(price), 40);
    await until(() => shadow.exchange.tape('INFY').lastPrice === price);
  }
  const [ourTape, theirTape] = [shadow, broker.paper].map(({ exchange }) => exchange.tape('INFY'));
  expect(ourTape?.volume).toBe(theirTape?.volume);
  expect([ourTape?.high, ourTape?.low]).toEqual([theirTape?.high, theirTape?.low]);
  expect(ourTape?.ladder()).toEqual(theirTape?.ladder());
});

test('an order takes the broker’s depth, level by level, and the broker hears of none', async () => {
  await watch('INFY');
  const { asks } = broker.paper.exchange.tape('INFY').ladder();
  await until(() => shadow.exchange.tape('INFY').ladder().asks[0]?.price === asks[0]?.price);
  const [first, second] = asks;
  if (first === undefined || second === undefined) throw new Error('the stand-in offers nothing');
  const quantity = first.quantity + 10;
  const orderId = await place({ quantity, price: second.price / 100 });
  await until(() => statusOf(orderId) === 'COMPLETE');
  const fills = shadow.exchange.account.fills.map((fill) => [fill.price, fill.quantity]);
  expect(fills).toEqual([
    [first.price, first.quantity],
    [second.price, 10],
  ]);
  const stop = await place({
    ...{ transaction_type: 'SELL', quantity, order_type: 'SL', trigger_price: 9.5, price: 9.4 },
  });
  await until(() => statusOf(stop) === 'TRIGGER PENDING');
  broker.paper.exchange.print('INFY', paise(948), 500);
  await until(() => statusOf(stop) === 'COMPLETE');
  expect(line.asked.some((one) => one.includes('/quote'))).toBe(true);
  expect(line.writes).toEqual([]);
  expect(broker.paper.exchange.desk.all()).toEqual([]);
});

test('a stock nobody has asked for takes an order once its price is known', async () => {
  await expect(place({ tradingsymbol: 'VGUARD', price: 350 })).rejects.toMatchObject({
    error_type: 'OrderException',
    message: 'No price of VGUARD is known yet. Please try again in a moment.',
  });
  await ours.quotes(['VGUARD']);
  const orderId = await place({ tradingsymbol: 'VGUARD', price: 350, quantity: 1 });
  await until(() => ['OPEN', 'COMPLETE'].includes(statusOf(orderId)));
});

test('the broker’s ended session is no end of ours, and says so', async () => {
  await broker.admin('POST', '/paper/session/expire');
  await expect(ours.quotes(['INFY'])).rejects.toMatchObject({
    kind: 'unreachable',
    message: expect.stringContaining('The broker was asked in vain') as string,
  });
  expect((await ours.profile()).userId).toBe('PX0001');
});

test('a lost line to the broker is a lost line to whoever listens here', async () => {
  await watch('INFY');
  const listener = await listen({ ...broker, paper: shadow }, [tokenOf(shadow, 'INFY')]);
  let isClosed = false;
  listener.socket.once('close', () => (isClosed = true));
  await broker.admin('POST', '/paper/ticker/disconnect');
  await until(() => isClosed);
  if (isDown()) {
    const refused = listen({ ...broker, paper: shadow }, [tokenOf(shadow, 'INFY')]);
    await expect(refused).rejects.toThrow('503');
  }
  await untilUp();
  const again = await listen({ ...broker, paper: shadow }, [tokenOf(shadow, 'INFY')]);
  again.socket.close();
});
