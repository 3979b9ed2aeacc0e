// What the account may trade: its segments, products and consent, stocks in trade-to-trade series, and the
// alphabet of tags.
import { startBench, type Bench } from './support';
import type { Profile } from '../../exchange/rest/profile';

const withBench = async (
  profile: Partial<Profile>,
  act: (bench: Bench) => Promise<void>,
): Promise<void> => {
  const bench = await startBench({ profile });
  try {
    await act(bench);
  } finally {
    await bench.paper.close();
  }
};

test('the profile and the login say what was set', () =>
  withBench(
    { userId: 'ZX1234', segments: ['NSE', 'NFO'], products: ['CNC'], dematConsent: 'physical' },
    async ({ kite, place, row }) => {
      expect(await kite.getProfile()).toMatchObject({
        user_id: 'ZX1234',
        exchanges: ['NSE', 'NFO'],
        products: ['CNC'],
        meta: { demat_consent: 'physical' },
      });
      expect(await row(await place({ price: 9, product: 'CNC' }))).toMatchObject({
        placed_by: 'ZX1234',
      });
    },
  ));

test('without consent the field is empty, as at Kite', () =>
  withBench({ dematConsent: 'none' }, async ({ kite }) => {
    expect((await kite.getProfile()).meta).toEqual({ demat_consent: '' });
  }));

describe('what is off is refused in Kite’s form and leaves no order', () => {
  const off = 'Product MIS is not available for equity orders on this account.';
  const permission = { error_type: 'PermissionException' };
  test.each<[Partial<Profile>, object, object]>([
    [{ products: ['CNC'] }, {}, { error_type: 'InputException', message: off }],
    [{ segments: ['NFO'] }, {}, { ...permission, message: 'The account is not enabled for NSE.' }],
    [{}, { exchange: 'NFO' }, { ...permission, message: 'The account is not enabled for NFO.' }],
    [
      { segments: ['NSE', 'NFO'] },
      { exchange: 'NFO' },
      { error_type: 'InputException', message: expect.stringMatching(/does not exist/) as string },
    ],
  ])('with %j, %j', (profile, terms, refusal) =>
    withBench(profile, async ({ kite, place }) => {
      await expect(place({ price: 9, ...terms })).rejects.toMatchObject(refusal);
      expect(await kite.getOrders()).toEqual([]);
    }),
  );

  test('a position is not converted to a product that is off', () =>
    withBench({ products: ['MIS'] }, async ({ kite, place, play }) => {
      await place({ price: 10.3 });
      play(1_000);
      const conversion = kite.convertPosition({
        ...{ exchange: 'NSE', tradingsymbol: 'INFY', transaction_type: 'BUY', quantity: 100 },
        ...{ position_type: 'day', old_product: 'MIS', new_product: 'CNC' },
      } as never);
      await expect(conversion).rejects.toMatchObject({ error_type: 'InputException' });
    }));
});

test.each([
  ['TRADED-BE', false],
  ['TRADED-BZ', false],
  ['TRADED-BT', false],
  ['BAJAJ-AUTO', true],
])('%s is traded intraday: %s', async (tradingsymbol, isTraded) => {
  const bench = await startBench({
    source: { kind: 'scripted', instruments: [{ tradingsymbol, price: 10 }] },
  });
  const intraday = bench.place({ tradingsymbol, price: 9 });
  if (isTraded) expect(await intraday).toMatch(/^\d+$/);
  else {
    await expect(intraday).rejects.toMatchObject({
      error_type: 'InputException',
      message: `MIS orders are blocked for ${tradingsymbol}. Place a CNC order instead.`,
    });
  }
  expect(await bench.place({ tradingsymbol, price: 9, product: 'CNC' })).toMatch(/^\d+$/);
  await bench.paper.close();
});

test('a tag has at most 20 letters and digits', () =>
  withBench({}, async ({ kite, place, row }) => {
    const refusal = {
      error_type: 'InputException',
      message: 'Invalid `tag`: at most 20 letters and digits are allowed.',
    };
    for (const tag of ['a-b', 'a b', 'é', 'x'.repeat(21)]) {
      await expect(place({ price: 9, tag })).rejects.toMatchObject(refusal);
    }
    expect(await kite.getOrders()).toEqual([]);
    const tag = 'abcXYZ01234567890123';
    expect(await row(await place({ price: 9, tag }))).toMatchObject({ tag, tags: [tag] });
  }));
