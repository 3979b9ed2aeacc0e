// Goal: a quote or tick that cannot be is left out and never hides the others; a candle that cannot be makes its
// history unreadable.
import { BrokerFailure } from '../../../broker/failure';
import { candleShape, quoteRow } from '../../../broker/kite/rows/marketRows';
import { readableOf } from '../../../broker/kite/rows/sifted';
import { tickOf, type WireTick } from '../../../broker/kite/rows/tickRow';

const quote = {
  last_price: 1_500.05,
  volume: 7,
  lower_circuit_limit: 1_350,
  upper_circuit_limit: 1_650,
  depth: { buy: [{ price: 1_500, quantity: 5, orders: 1 }], sell: [] },
  ohlc: { open: 1_490, high: 1_510, low: 1_480, close: 1_495 },
};
const tick: WireTick = {
  instrument_token: 408_065,
  last_price: 1_500.05,
  volume_traded: 7,
  exchange_timestamp: new Date('2026-11-20T05:00:00Z'),
};

describe('quotes', () => {
  let told: jest.SpyInstance;
  beforeEach(() => (told = jest.spyOn(console, 'error').mockImplementation(() => undefined)));
  afterEach(() => told.mockRestore());

  test.each([
    ['a price below none', { last_price: -1 }, 'last_price was -1'],
    ['a price that is not a number', { last_price: Number.NaN }, 'last_price'],
    ['a price nothing costs', { last_price: 1e12 }, 'last_price was 1000000000000'],
    [
      'a band that ends before it begins',
      { upper_circuit_limit: 1 },
      'lower_circuit_limit was 1350',
    ],
    ['no band', { lower_circuit_limit: 0 }, 'lower_circuit_limit was 0'],
    ['fewer traded than none', { volume: -7 }, 'volume was -7'],
    [
      'a bid below none',
      { depth: { buy: [{ ...quote.depth.buy[0], price: -1 }], sell: [] } },
      'price was -1',
    ],
  ])('with %s are left out by name, and the others are read', (_, lie, named) => {
    const answer = { 'NSE:INFY': { ...quote, ...lie }, 'NSE:SBIN': quote };
    const quotes = readableOf('the quotes', quoteRow, answer);
    expect([...quotes.keys()]).toEqual(['NSE:SBIN']);
    expect(told).toHaveBeenCalledWith(expect.stringContaining(named));
    expect(told).toHaveBeenCalledWith(expect.stringContaining('NSE:INFY'));
  });

  test.each([[null], ['sorry'], [[quote]]])('%j is no list of quotes', (answer) => {
    expect(() => readableOf('the quotes', quoteRow, answer)).toThrow(BrokerFailure);
  });
});

test.each<readonly [string, Partial<WireTick>]>([
  ['a price that is not a number', { last_price: Number.NaN }],
  ['a price below none', { last_price: -1 }],
  ['a price nothing costs', { last_price: 1e300 }],
  ['no instant', { exchange_timestamp: null }],
  ['an instant that is none', { exchange_timestamp: new Date('x') }],
  ['a volume that is not a number', { volume_traded: Number.NaN }],
  ['fewer traded than none', { volume_traded: -1 }],
  ['no instrument', { instrument_token: Number.NaN }],
])('a tick with %s is none', (_, lie) => {
  expect(tickOf(tick, false)).toMatchObject({ price: 150_005, volume: 7 });
  expect(tickOf({ ...tick, ...lie }, false)).toBeNull();
});

test('a tick keeps its price when its depth cannot be read', () => {
  const { depth, ohlc } = quote;
  expect(tickOf({ ...tick, depth, ohlc }, true)?.detail?.depth.bids).toHaveLength(1);
  const odd = tickOf({ ...tick, depth: 'sorry', ohlc }, true);
  expect(odd).toMatchObject({ price: 150_005 });
  expect(odd).not.toHaveProperty('detail');
});

test('a candle whose high lies below its close is none', () => {
  const candle = { date: new Date(), open: 10, high: 12, low: 9, close: 11, volume: 3 };
  expect(candleShape.safeParse(candle).success).toBe(true);
  expect(candleShape.safeParse({ ...candle, high: 10.5 }).success).toBe(false);
  expect(candleShape.safeParse({ ...candle, low: 10.5 }).success).toBe(false);
});
