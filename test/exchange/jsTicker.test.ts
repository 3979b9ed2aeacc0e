// The unmodified npm ticker on the exchange: all modes with golden values, order updates, refusals. The
// ticker's state is global to its module, so there is one at a time. It must not reconnect, since giving up
// would end the process.
import { KiteTicker } from 'kiteconnect';
import { istInstant } from '../../domain/session/sessionClock';
import { paise } from '../../domain/units';
import { date, startBench, until, type Bench } from './support';

const [infy, nifty] = [408_065, 256_265];
type Tick = Record<string, unknown> & { readonly mode: string; readonly instrument_token: number };

let bench: Bench;
let ticker: InstanceType<typeof KiteTicker>;
const ticks: Tick[] = [];
const updates: Record<string, unknown>[] = [];

/** The client forgets to stop its watchdog when it is told to disconnect. */
const timers = jest.spyOn(globalThis, 'setInterval');

beforeAll(async () => {
  bench = await startBench({
    source: {
      kind: 'scripted',
      instruments: [
        { tradingsymbol: 'INFY', price: 10 },
        { tradingsymbol: 'NIFTY 50', price: 24_000, isIndex: true },
      ],
    },
  });
  const { apiKey: api_key, accessToken: access_token, ticker: root, exchange } = bench.paper;
  exchange.print('INFY', paise(1_050), 500);
  exchange.print('INFY', paise(980), 300);
  exchange.print('INFY', paise(1_020), 200);
  exchange.print('NIFTY 50', paise(2_412_050), 0);
  ticker = new KiteTicker({ api_key, access_token, root, reconnect: false } as never);
  ticker.on('ticks' as never, ((some: Tick[]) => ticks.push(...some)) as never);
  ticker.on('order_update', (one: Record<string, unknown>) => updates.push(one));
  ticker.connect();
  await until(() => ticker.connected());
});

afterAll(async () => {
  ticker.disconnect();
  await bench.paper.close();
  for (const { value } of timers.mock.results) clearInterval(value as NodeJS.Timeout);
});

async function tickOf(token: number, mode: 'ltp' | 'quote' | 'full'): Promise<Tick> {
  const find = () => ticks.findLast((one) => one.instrument_token === token && one.mode === mode);
  ticker.subscribe([token]);
  ticker.setMode(mode, [token]);
  await until(() => find() !== undefined);
  return find() ?? fail(`no tick of ${token} in ${mode} mode`);
}

function fail(reason: string): never {
  throw new Error(reason);
}

const at = new Date(istInstant(date, '09:30:10'));
const quote = {
  tradable: true,
  instrument_token: infy,
  last_price: 10.2,
  last_traded_quantity: 200,
  average_traded_price: 10,
  volume_traded: 916_000,
  ohlc: { open: 10, high: 10.5, low: 9.8, close: 10 },
};
const index = {
  tradable: false,
  instrument_token: nifty,
  last_price: 24_120.5,
  ohlc: { open: 24_000, high: 24_120.5, low: 24_000, close: 24_000 },
};

test.each([
  [infy, 'ltp', { tradable: true, mode: 'ltp', instrument_token: infy, last_price: 10.2 }],
  [infy, 'quote', quote],
  [infy, 'full', { ...quote, last_trade_time: at, exchange_timestamp: at, oi: 0 }],
  [nifty, 'ltp', { tradable: false, mode: 'ltp', instrument_token: nifty, last_price: 24_120.5 }],
  [nifty, 'quote', index],
  [nifty, 'full', { ...index, exchange_timestamp: at }],
] as const)('%d in %s mode', async (token, mode, golden) => {
  const tick = await tickOf(token, mode);
  expect(tick).toMatchObject(golden);
  if (mode === 'ltp') expect(Object.keys(tick)).toHaveLength(4);
});

test('the depth of a full tick is that of the quote', async () => {
  const tick = await tickOf(infy, 'full');
  const rest = (await bench.kite.getQuote(['NSE:INFY']))['NSE:INFY'];
  expect(tick['depth']).toEqual(rest?.depth);
  expect(tick['total_buy_quantity']).toBe(rest?.buy_quantity);
});

test('updates of an order that fills in parts, is changed and cancelled; none for its placement', async () => {
  bench.paper.exchange.floor.fillQuantityMax = 40;
  const orderId = await bench.place({ price: 10.4 });
  bench.play(1_000);
  await bench.kite.modifyOrder('regular', orderId, { price: 9 });
  bench.play(1_000);
  await bench.kite.cancelOrder('regular', orderId);
  bench.play(1_000);
  await until(() => updates.length >= 3);
  const seen = ['order_id', 'status', 'filled_quantity', 'cancelled_quantity', 'price'] as const;
  expect(updates.map((update) => seen.map((field) => update[field]))).toEqual([
    [orderId, 'UPDATE', 40, 0, 10.4],
    [orderId, 'UPDATE', 40, 0, 9],
    [orderId, 'CANCELLED', 40, 60, 9],
  ]);
});
