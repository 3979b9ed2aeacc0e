// Two thousand requests that are wrong in some way: Kite's error shape every time, nothing in the books
// has moved, and the exchange goes on.
import * as fc from 'fast-check';
import { infyOrder, startBench, type Bench } from './support';

let bench: Bench;

beforeAll(async () => {
  bench = await startBench();
});

afterAll(() => bench.paper.close());

interface Broken {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly authorization?: string;
}

const form = 'application/x-www-form-urlencoded';
const json = 'application/json';
const good = { ...infyOrder({ price: '9' }), quantity: '100' } as Record<string, string>;
const nonsense = fc.constantFrom(
  'NaN',
  'Infinity',
  '-1',
  '1e9',
  '0x10',
  '99999999999999999999',
  'null',
  '[]',
  '{}',
  '१२',
  '9.123',
  ' ',
  '\u0000',
  'true',
  "';--",
  '%',
  '1,000',
);

const encode = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();

const placeWith = (fields: Record<string, string>): Broken => ({
  method: 'POST',
  path: '/orders/regular',
  body: encode(fields),
  contentType: form,
});

const required = [
  'exchange',
  'tradingsymbol',
  'transaction_type',
  'order_type',
  'quantity',
  'product',
  'price',
];

const conversion = {
  exchange: 'NSE',
  tradingsymbol: 'INFY',
  transaction_type: 'BUY',
  position_type: 'day',
  quantity: '1',
  old_product: 'MIS',
  new_product: 'CNC',
};

/** A form of which one field is nonsense or gone. */
const brokenForm = (
  method: string,
  path: string,
  fields: Record<string, string>,
): fc.Arbitrary<Broken> =>
  fc.tuple(fc.constantFrom(...Object.keys(fields)), fc.option(nonsense)).map(([name, value]) => ({
    method,
    path,
    body: encode(
      Object.fromEntries(
        Object.entries({ ...fields, ...(value === null ? {} : { [name]: value }) }).filter(
          ([key]) => value !== null || key !== name,
        ),
      ),
    ),
    contentType: form,
  }));

const anyBroken: fc.Arbitrary<Broken> = fc.oneof(
  brokenForm('PUT', '/portfolio/positions', conversion),
  brokenForm('POST', '/session/token', { api_key: 'k', request_token: 'r', checksum: 'c' }),
  brokenForm('POST', '/session/refresh_token', { api_key: 'k', refresh_token: 'r', checksum: 'c' }),
  brokenForm('POST', '/orders/iceberg', { ...good, iceberg_legs: '2', quantity: '20000' }).filter(
    ({ body = '' }) => !body.includes('iceberg_legs=2') || !body.includes('quantity=20000'),
  ),
  fc
    .constantFrom('0', '376', '-1', 'NaN', '1e3', ' ')
    .map((validity_ttl) => placeWith({ ...good, validity: 'TTL', validity_ttl })),
  fc
    .constantFrom('amo', 'co', 'auction', 'bo', 'test', '%00', 'REGULAR')
    .map((variety) => ({ ...placeWith(good), path: `/orders/${variety}` })),
  fc.constantFrom('/margins/orders', '/charges/orders').map((path) => ({
    method: 'POST',
    path,
    body: '[{"exchange":"NSE","tradingsymbol":"INFY","quantity":1,"quantity":"x"}]',
    contentType: json,
  })),
  fc.constantFrom(...required).map((name) => {
    return placeWith(Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)));
  }),
  fc
    .tuple(fc.constantFrom(...required), nonsense)
    .map(([name, value]) => placeWith({ ...good, [name]: value })),
  fc
    .constantFrom('market_protection', 'disclosed_quantity')
    .chain((name) =>
      fc
        .constantFrom('NaN', '-7', '1e9', 'x')
        .map((value) => placeWith({ ...good, [name]: value })),
    ),
  fc.string({ minLength: 21, maxLength: 200 }).map((tag) => placeWith({ ...good, tag })),
  fc
    .string({ minLength: 1, maxLength: 12 })
    .map((symbol) => placeWith({ ...good, tradingsymbol: `?${symbol}` })),
  nonsense.map((value) => ({
    ...placeWith(good),
    body: `${encode(good)}&${encode({ quantity: value })}`,
  })),
  fc
    .integer({ min: 100_001, max: 2_000_000_000 })
    .map((quantity) => placeWith({ ...good, quantity: String(quantity) })),
  fc.string({ maxLength: 30 }).map((text) => ({
    method: 'POST',
    path: '/margins/orders',
    body: `{${text}`,
    contentType: json,
  })),
  fc
    .constantFrom<unknown>({}, [], [1], [null], [[]], [{ exchange: {} }], 'x', 7, [
      { ...good, quantity: {} },
    ])
    .chain((value) =>
      fc.constantFrom('/margins/orders', '/margins/basket', '/charges/orders').map((path) => ({
        method: 'POST',
        path,
        body: JSON.stringify(value),
        contentType: json,
      })),
    ),
  fc
    .tuple(fc.constantFrom('PUT', 'DELETE'), fc.string({ minLength: 1, maxLength: 20 }))
    .map(([method, id]) => ({
      method,
      path: `/orders/regular/${encodeURIComponent(id)}x`,
      body: 'price=9',
      contentType: form,
    })),
  nonsense.map((value) => ({
    method: 'POST',
    path: '/gtt/triggers',
    body: encode({ type: 'single', condition: value, orders: value }),
    contentType: form,
  })),
  fc.tuple(nonsense, nonsense).map(([token, interval]) => ({
    method: 'GET',
    path: `/instruments/historical/${encodeURIComponent(token)}/${encodeURIComponent(interval)}?from=x&to=y`,
  })),
  nonsense.map((value) => ({
    method: 'GET',
    path: `/instruments/historical/408065/minute?from=${encodeURIComponent(value)}&to=2026-11-20`,
  })),
  fc
    .constantFrom(
      '/nosuch',
      '/orders/regular/1/2/3',
      '/%ff',
      '/user/margins/bonds',
      '/paper/nosuch',
    )
    .map((path) => ({ method: 'GET', path })),
  fc
    .constantFrom('PATCH', 'POST', 'PUT')
    .map((method) => ({ method, path: '/user/profile', body: '', contentType: form })),
  fc
    .constantFrom('', 'token', 'token x:y', 'Bearer x')
    .map((authorization) => ({ method: 'GET', path: '/orders', authorization })),
  fc.constant({ ...placeWith(good), body: `${encode(good)}&x=${'y'.repeat(1_100_000)}` }),
);

async function send(
  broken: Broken,
): Promise<{ status: number; body: Record<string, unknown>; type: string }> {
  const { apiKey, accessToken, rest } = bench.paper;
  const response = await fetch(`${rest}${broken.path}`, {
    method: broken.method,
    headers: {
      authorization: broken.authorization ?? `token ${apiKey}:${accessToken}`,
      ...(broken.contentType === undefined ? {} : { 'content-type': broken.contentType }),
    },
    ...(broken.body === undefined || broken.method === 'GET' ? {} : { body: broken.body }),
  });
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    type: response.headers.get('content-type') ?? '',
  };
}

const books = async (): Promise<string> =>
  JSON.stringify((await bench.admin('GET', '/paper/books')).body.data);

test('paper exchange: 2,000 broken requests get an error of Kite’s shape and change nothing', async () => {
  const orderId = await bench.place({ price: 9 });
  bench.play(1_000);
  const before = await books();
  const requests = fc.sample(anyBroken, { numRuns: 2_000, seed: 4 });
  for (const request of requests) {
    const { status, body, type } = await send(request);
    const shown = JSON.stringify({ ...request, body: request.body?.slice(0, 300), answer: body });
    expect([status >= 400 && status < 500, shown]).toEqual([true, shown]);
    expect(body).toMatchObject({ status: 'error', data: null });
    expect(typeof body['message']).toBe('string');
    expect(String(body['error_type'])).toMatch(/^(Input|Order|Token|Permission|General)Exception$/);
    expect(type).toBe('application/json');
  }
  expect(requests).toHaveLength(2_000);
  expect(await books()).toBe(before);
  expect(await bench.row(orderId)).toMatchObject({ status: 'OPEN', quantity: 100 });
});
