// Goal: no window of a second, minute or day ever holds more writes than allowed, and trailing can never
// use up what exits and stops need.
import fc from 'fast-check';
import { waitForWrite, writePriority, type WriteKind } from '../../../domain/orders/limiter';
import { epochMs, type EpochMs } from '../../../domain/units';

const limits = { perSecond: 3, perMinute: 20, perDay: 60 };
const kinds = Object.keys(writePriority) as WriteKind[];
const asked = fc.array(
  fc.record({ pauseMs: fc.integer({ min: 0, max: 900 }), kind: fc.constantFrom(...kinds) }),
  { minLength: 1, maxLength: 120 },
);

interface Sent {
  readonly at: EpochMs;
  readonly kind: WriteKind;
}

/** Sends each write when the limiter lets it, in the order asked. */
function sendAll(
  writes: readonly { readonly pauseMs: number; readonly kind: WriteKind }[],
): Sent[] {
  let now = 1_000_000_000;
  const sent: Sent[] = [];
  for (const { pauseMs, kind } of writes) {
    now += pauseMs;
    const log = (): EpochMs[] => sent.map(({ at }) => at);
    const waitMs = waitForWrite(log(), epochMs(now), limits, kind);
    if (waitMs === Infinity) continue;
    now += waitMs;
    expect(waitForWrite(log(), epochMs(now), limits, kind)).toBe(0);
    sent.push({ at: epochMs(now), kind });
  }
  return sent;
}

/** The most writes any window of this length holds, wherever it starts. */
const most = (sent: readonly Sent[], windowMs: number): number =>
  Math.max(
    0,
    ...sent.map(({ at }) => sent.filter((one) => one.at >= at && one.at < at + windowMs).length),
  );

test('limiter: sending when told lets no window exceed its rate', () => {
  fc.assert(
    fc.property(asked, (writes) => {
      const sent = sendAll(writes);
      // One more than allowed in a whole second, at the very most: see the limiter's window.
      expect(most(sent, 930)).toBeLessThanOrEqual(limits.perSecond);
      expect(most(sent, 1_000)).toBeLessThanOrEqual(limits.perSecond + 1);
      expect(most(sent, 60_000)).toBeLessThanOrEqual(limits.perMinute);
      expect(sent.length).toBeLessThanOrEqual(limits.perDay);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('limiter: however much was trailed and entered, an exit and a stop still go out within seconds', () => {
  fc.assert(
    fc.property(asked, (writes) => {
      const trailed = sendAll(writes.filter(({ kind }) => kind === 'trail' || kind === 'entry'));
      const log = trailed.map(({ at }) => at);
      const now = epochMs(log.at(-1) ?? 0);
      expect(waitForWrite(log, now, limits, 'exit')).toBeLessThanOrEqual(1_000);
      expect(waitForWrite(log, now, limits, 'stop')).toBeLessThanOrEqual(1_000);
    }),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('limiter: trailing stops at 80 % of the day, entries at 60 %, exits only at the end', () => {
  const used = (count: number): EpochMs[] =>
    Array.from({ length: count }, (_, index) => epochMs(index * 60_000));
  const now = epochMs(10_000_000);
  const refused = (count: number): WriteKind[] =>
    kinds.filter((kind) => waitForWrite(used(count), now, limits, kind) === Infinity);
  expect(refused(35)).toEqual([]);
  expect(refused(36)).toEqual(['entry']);
  expect(refused(48)).toEqual(['trail', 'entry']);
  expect(refused(60)).toEqual(kinds);
});
