// Goal: an address has so many wrong tries and then one more each interval, whatever the clock does. Method: a
// property over instants.
import * as fc from 'fast-check';
import { takeTry, type Bucket } from '../../../domain/web/failedLogins';

const terms = { tries: 5, everyMs: 1_000 };

test('the first tries are free, the next comes with time', () => {
  let bucket: Bucket | undefined;
  const tryAt = (now: number): boolean => {
    const taken = takeTry(bucket, terms, now);
    bucket = taken.bucket;
    return taken.allowed;
  };
  expect([1, 2, 3, 4, 5, 6].map(() => tryAt(0))).toEqual([true, true, true, true, true, false]);
  expect([999, 1_000, 1_001].map(tryAt)).toEqual([false, true, false]);
});

test('never more than the bucket and what time has added', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -2_000, max: 5_000 }), { maxLength: 200 }), (steps) => {
      let bucket: Bucket | undefined;
      let [now, allowed, waited] = [0, 0, 0];
      for (const step of steps) {
        now += step;
        waited += Math.max(0, step);
        const taken = takeTry(bucket, terms, now);
        bucket = taken.bucket;
        allowed += taken.allowed ? 1 : 0;
      }
      expect(allowed).toBeLessThanOrEqual(terms.tries + waited / terms.everyMs);
    }),
  );
});
