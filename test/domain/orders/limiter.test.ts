// Goal: no calendar second, minute or day ever holds more writes than allowed.
import fc from 'fast-check';
import { defaultWriteLimits, waitForWrite } from '../../../domain/orders/limiter';
import { epochMs, type EpochMs } from '../../../domain/units';

test('limiter: sending when told lets no window exceed its rate', () => {
  const limits = { perSecond: 3, perMinute: 20, perDay: 60 };
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 100 }),
      (pauses) => {
        let now = 1_000_000_000;
        const sent: EpochMs[] = [];
        for (const pause of pauses) {
          now += pause;
          const waitMs = waitForWrite(sent, epochMs(now), limits);
          if (waitMs === Infinity) continue;
          now += waitMs;
          expect(waitForWrite(sent, epochMs(now), limits)).toBe(0);
          sent.push(epochMs(now));
        }
        const most = (windowMs: number): number => {
          const counts = new Map<number, number>();
          for (const at of sent)
            counts.set(Math.floor(at / windowMs), (counts.get(Math.floor(at / windowMs)) ?? 0) + 1);
          return Math.max(0, ...counts.values());
        };
        expect(most(1000)).toBeLessThanOrEqual(limits.perSecond);
        expect(most(60_000)).toBeLessThanOrEqual(limits.perMinute);
        expect(sent.length).toBeLessThanOrEqual(limits.perDay);
      },
    ),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('limiter: our limits lie below the broker’s 10, 400 and 5000', () => {
  expect(defaultWriteLimits.perSecond).toBeLessThan(10);
  expect(defaultWriteLimits.perMinute).toBeLessThan(400);
  expect(defaultWriteLimits.perDay).toBeLessThan(5000);
});
