// Sticky assignment: a key never leaves the canary while its share grows, shares hold, salts are independent.
import fc from 'fast-check';
import { inCanary, placeOf } from '../../../domain/rollout/assignment';

test('a key in the canary stays there while the percentage grows', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (salt, key, one, other) => {
        const [small, large] = one < other ? [one, other] : [other, one];
        if (inCanary(salt, key, small)) expect(inCanary(salt, key, large)).toBe(true);
        expect(inCanary(salt, key, 0)).toBe(false);
        expect(inCanary(salt, key, 1)).toBe(true);
      },
    ),
  );
});

test.each([0.01, 0.05, 0.1, 0.25, 0.5])('a share of %d holds over 100,000 keys', (share) => {
  const count = 100_000;
  let chosen = 0;
  for (let index = 0; index < count; index += 1) {
    if (inCanary('rollout-1', `user-${index}`, share)) chosen += 1;
  }
  const deviation = Math.sqrt(count * share * (1 - share));
  expect(Math.abs(chosen - count * share)).toBeLessThan(5 * deviation);
});

test('two salts assign independently', () => {
  let both = 0;
  for (let index = 0; index < 20_000; index += 1) {
    const key = `user-${index}`;
    if (inCanary('first', key, 0.5) && inCanary('second', key, 0.5)) both += 1;
  }
  expect(both / 20_000).toBeCloseTo(0.25, 1);
});

test('places fill the whole interval evenly', () => {
  const bins = new Array<number>(10).fill(0);
  for (let index = 0; index < 50_000; index += 1) {
    const place = placeOf('salt', String(index));
    expect(place).toBeGreaterThanOrEqual(0);
    expect(place).toBeLessThan(1);
    const bin = Math.floor(place * 10);
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  for (const bin of bins) expect(Math.abs(bin - 5_000)).toBeLessThan(400);
});
