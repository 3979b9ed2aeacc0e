// Goal: one bad print moves nothing, a real gap costs one tick, ordinary ticks pass unchanged and in order.
import fc from 'fast-check';
import { openSieve, sieveTerms, sift, type TickSieve } from '../../../domain/trailing';
import { paise, type Paise } from '../../../domain/units';

const band = { lower: paise(9_000), upper: paise(11_000) };
const terms = sieveTerms(band, 50, paise(10_000));

function believed(prices: readonly number[], from: TickSieve = openSieve(terms)): Paise[] {
  let sieve = from;
  return prices.flatMap((price) => {
    const sifted = sift(sieve, paise(price));
    sieve = sifted.sieve;
    return sifted.believed;
  });
}

test('the terms are four ATRs, and never less than two per cent of the price', () => {
  expect(terms.jumpMax).toBe(200);
  expect(sieveTerms(band, 200, paise(10_000)).jumpMax).toBe(800);
  expect(sieveTerms(band, 0, paise(10_000)).jumpMax).toBe(0);
});

test.each<readonly [string, readonly number[], readonly number[]]>([
  ['a single spike is dropped', [10_000, 10_900, 10_005], [10_000, 10_005]],
  ['a spike outside the band is dropped', [10_000, 12_000, 10_005], [10_000, 10_005]],
  [
    'a gap is believed with its second tick, both prices',
    [10_000, 9_300, 9_310],
    [10_000, 9_300, 9_310],
  ],
  ['two spikes that disagree are dropped', [10_000, 10_900, 9_100, 10_005], [10_000, 10_005]],
  [
    'a price outside the band counts once confirmed: the band has moved',
    [10_000, 11_100, 11_105],
    [10_000, 11_100, 11_105],
  ],
  ['the first price has nothing to differ from', [10_400], [10_400]],
  ['a first price outside the band waits', [11_500, 10_000], [10_000]],
])('%s', (_, prices, expected) => {
  expect(believed(prices)).toEqual(expected);
});

test('without an ATR only the band counts', () => {
  const open = openSieve(sieveTerms(band, 0, paise(10_000)));
  expect(believed([10_000, 10_900, 12_000, 10_005], open)).toEqual([10_000, 10_900, 10_005]);
});

const step = fc.integer({ min: -20, max: 20 });
const walk = fc.array(step, { minLength: 2, maxLength: 100 }).map((steps) => {
  let price = 10_000;
  return steps.map((ticks) => (price = Math.min(10_900, Math.max(9_100, price + ticks * 5))));
});

test('ordinary prices all pass, in order', () => {
  fc.assert(
    fc.property(walk, (prices) => {
      expect(believed(prices)).toEqual(prices);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('single spikes anywhere in an ordinary path change nothing of what is believed', () => {
  const spiked = fc.tuple(walk, fc.array(fc.nat(99), { maxLength: 5 }));
  fc.assert(
    fc.property(spiked, ([prices, places]) => {
      const at = new Set(places.filter((place) => place > 0 && place < prices.length));
      const path = prices.flatMap((price, index) =>
        at.has(index) ? [price * 1.2, price] : [price],
      );
      expect(believed(path.map((price) => Math.round(price / 5) * 5))).toEqual(prices);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});
