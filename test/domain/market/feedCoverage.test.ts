// Goal: a promised minute is whole or a hole, whatever the feed does; nothing else is asked for, and a hole is
// filled once it can be.
import fc from 'fast-check';
import { Refused } from '../../../domain/errors';
import { requireWholeBars } from '../../../domain/decision';
import {
  filled,
  heard,
  holeBefore,
  interrupted,
  isMissing,
  nextFill,
  openCoverage,
  promise,
  reaches,
  restoredCoverage,
  watching,
  type Covered,
  type FeedCoverage,
} from '../../../domain/market/feedCoverage';
import { istInstant, istTime, sessionClock } from '../../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../../domain/units';

const date = '2026-11-20';
const at = (time: string): EpochMs => istInstant(date, time);
const day = sessionClock({ date, hours: null }, true);
const fresh = openCoverage(day.sessions);
const spans = ({ holes }: FeedCoverage, stock = 'A'): string[] =>
  (holes.get(stock) ?? []).map(
    ({ from, until }) => `${istTime(from).slice(0, 5)}-${istTime(until).slice(0, 5)}`,
  );
/** Watched and connected at an instant, then a tick a second until another. */
const listening = (from: string, until: string): FeedCoverage => {
  let coverage = interrupted(watching(fresh, ['A', 'B'], at(from)).coverage, at(from)).coverage;
  for (let now = at(from); now <= at(until); now = epochMs(now + 1_000))
    coverage = promise(heard(coverage, now).coverage);
  return coverage;
};

describe('what is a gap', () => {
  test('none when the feed was there from before the open', () => {
    const coverage = listening('09:08', '09:20:02');
    expect(spans(coverage)).toEqual([]);
    expect(istTime(coverage.promised)).toBe('09:20:00');
  });

  test('the day so far when it came late', () => {
    const { gap, coverage } = watching(fresh, ['A', 'B'], at('09:44:34'));
    expect(spans(coverage)).toEqual(['09:15-09:45']);
    expect(gap).toEqual({ from: at('09:15'), until: at('09:45'), stocks: 2 });
  });

  test('none when the line is made anew after the close; what was missing before it is still missing', () => {
    const heardToTheEnd = listening('15:10', istTime(day.sessions.at(-1)?.until ?? at('15:30')));
    const before = spans(heardToTheEnd);
    const { gap, coverage } = interrupted(heardToTheEnd, at('15:45'));
    expect(gap).toBeNull();
    expect(spans(coverage)).toEqual(before);
    expect(interrupted(listening('09:08', '15:12:00'), at('15:45')).gap).toMatchObject({
      from: at('15:11'),
    });
  });

  test('the minutes not promised before a reconnection, told once', () => {
    const { gap, coverage } = interrupted(listening('09:08', '09:51:17'), at('09:52:50'));
    expect(spans(coverage)).toEqual(['09:51-09:53']);
    expect(gap?.stocks).toBe(2);
    expect(interrupted(coverage, at('09:52:55')).gap).toBeNull();
    expect(heard(coverage, at('09:52:50')).gap).toBeNull();
  });

  test('a minute that was over, but not promised yet', () => {
    expect(spans(interrupted(listening('09:08', '09:52:01'), at('09:52:03')).coverage)).toEqual([
      '09:51-09:53',
    ]);
  });

  test('a silence of all stocks, but not of one', () => {
    const before = listening('09:08', '09:51:17');
    expect(spans(heard(before, at('09:52:16')).coverage)).toEqual([]);
    expect(spans(heard(before, at('09:52:50')).coverage)).toEqual(['09:51-09:53']);
    // B had no tick in `listening` either way: one stock's ticks keep the feed heard.
    expect(spans(before, 'B')).toEqual([]);
  });

  test('no silence while the exchange is closed', () => {
    const evening = sessionClock({ date, hours: ['09:15-10:00', '11:30-12:30'] }, true);
    const paused = promise(
      heard(watching(openCoverage(evening.sessions), ['A'], at('09:00')).coverage, at('09:14:59'))
        .coverage,
    );
    const morning = heard({ ...paused, heardUntil: at('09:59:59') }, at('11:30:01'));
    expect(morning.gap).toBeNull();
  });

  test('a gateway that starts again: what was promised stays, what was watched is known', () => {
    const restored = restoredCoverage(fresh, at('09:51'), new Map([['A', []]]));
    const watched = watching(restored, ['A', 'B'], at('09:52:50')).coverage;
    const { coverage } = interrupted(watched, at('09:52:50'));
    expect(spans(coverage)).toEqual(['09:51-09:53']);
    expect(spans(coverage, 'B')).toEqual(['09:15-09:53']);
  });

  test('a stock that is no longer watched is forgotten', () => {
    const only = watching(listening('09:08', '09:30'), ['B'], at('09:30')).coverage;
    expect([...only.holes.keys()]).toEqual(['B']);
  });
});

describe('what to ask for', () => {
  const late = watching(fresh, ['A', 'B'], at('09:44:34')).coverage;

  test('the day until now, when the last missing minute is final', () => {
    expect(nextFill(late, ['B', 'A'], at('09:45:02'))).toBeNull();
    expect(nextFill(late, ['B', 'A'], at('09:45:03'))).toEqual({
      tradingsymbol: 'B',
      from: at('09:15'),
      to: at('09:45:03'),
      until: at('09:45'),
    });
    const one = filled(late, 'B', at('09:45'));
    expect(nextFill(one, ['B', 'A'], at('09:45:03'))?.tradingsymbol).toBe('A');
    expect(nextFill(filled(one, 'A', at('09:45')), ['B', 'A'], at('10:00'))).toBeNull();
  });

  test('an answer that ends before the hole is not believed at once', () => {
    const request = nextFill(late, ['A'], at('09:45:03'));
    if (request === null) throw new Error('there is a hole');
    expect(reaches(request, [{ at: at('09:40') }])).toBe(false);
    expect(reaches(request, [{ at: at('09:44') }])).toBe(true);
    expect(reaches({ ...request, to: at('09:46') }, [])).toBe(true);
  });
});

test('a stock with a hole before the bar’s end is not judged, and says why', () => {
  const holes = [{ from: at('09:51'), until: at('09:53') }];
  const ask =
    (end: string, given: typeof holes | undefined = holes) =>
    (): void =>
      requireWholeBars('INFY', given, at(end));
  expect(ask('09:51')).not.toThrow();
  expect(ask('09:52')).toThrow('feed gap: INFY: its minutes from 09:51 to 09:52 are missing');
  expect(ask('11:00')).toThrow('feed gap: INFY: its minutes from 09:51 to 09:53 are missing');
  expect(ask('11:00')).toThrow(Refused);
  expect(ask('11:00', [])).not.toThrow();
  expect(() => requireWholeBars('INFY', undefined, at('11:00'))).toThrow(
    'feed gap: INFY: the feed has not taken it up yet',
  );
});

type Event =
  | { readonly kind: 'listen' | 'reconnect' | 'deaf'; readonly seconds: number }
  | { readonly kind: 'fill'; readonly stock: string };

const events = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constantFrom<'listen' | 'reconnect' | 'deaf'>('listen', 'reconnect', 'deaf'),
      seconds: fc.integer({ min: 1, max: 400 }),
    }),
    fc.record({ kind: fc.constant('fill' as const), stock: fc.constantFrom('A', 'B') }),
  ),
  { maxLength: 30 },
);

/** The feed as it was: plays events and remembers, second by second, what was heard. */
function played(
  start: number,
  given: readonly Event[],
): {
  readonly coverage: FeedCoverage;
  readonly heardAt: ReadonlySet<number>;
  /** Seconds in which the line was down. */
  readonly down: readonly number[];
  readonly filledBefore: ReadonlyMap<string, number>;
} {
  const heardAt = new Set<number>();
  const down: number[] = [];
  const filledBefore = new Map<string, number>();
  let now = start;
  let coverage = interrupted(
    watching(fresh, ['A', 'B'], epochMs(now)).coverage,
    epochMs(now),
  ).coverage;
  const take = (covered: Covered): void => void (coverage = covered.coverage);
  for (const event of given) {
    if (event.kind === 'fill') {
      const request = nextFill(coverage, [event.stock], epochMs(now));
      if (request === null) continue;
      coverage = filled(coverage, event.stock, request.until);
      filledBefore.set(event.stock, request.until);
      continue;
    }
    for (let second = 0; second < event.seconds; second += 1) {
      now += 1_000;
      if (event.kind === 'reconnect') down.push(now - 1_000);
      if (event.kind !== 'listen') continue;
      take(heard(coverage, epochMs(now)));
      heardAt.add(now);
      coverage = promise(coverage);
    }
    if (event.kind === 'reconnect') take(interrupted(coverage, epochMs(now)));
  }
  return { coverage, heardAt, down, filledBefore };
}

test('whatever the feed does, a promised minute was heard to its last second, is a hole, or was filled', () => {
  const open = at('09:15');
  fc.assert(
    fc.property(fc.integer({ min: -120, max: 600 }), events, (offset, given) => {
      const start = open + offset * 1_000;
      const { coverage, heardAt, down, filledBefore } = played(start, given);
      for (const stock of ['A', 'B']) {
        const holes = coverage.holes.get(stock) ?? [];
        for (let minute = open; minute < coverage.promised; minute = epochMs(minute + 60_000)) {
          const isFilled = minute < (filledBefore.get(stock) ?? 0);
          if (isFilled || isMissing(holes, minute)) continue;
          // A silence below a minute is no gap: some second of the minute and of the next was heard.
          const heardIn = (from: number): boolean =>
            Array.from({ length: 60 }, (_, second) => from + second * 1_000).some((one) =>
              heardAt.has(one),
            );
          expect([
            istTime(minute),
            start <= minute,
            heardIn(minute) || heardIn(minute + 60_000),
          ]).toEqual([istTime(minute), true, true]);
        }
        const told = down.filter(
          (second) =>
            second < open ||
            second < (filledBefore.get(stock) ?? 0) ||
            isMissing(holes, epochMs(second)),
        );
        expect(told).toEqual(down);
        for (const [index, span] of holes.entries()) {
          expect(span.from % 60_000).toBe(0);
          expect(span.until).toBeGreaterThan(span.from);
          expect(span.from).toBeGreaterThan(holes[index - 1]?.until ?? 0);
        }
      }
    }),
    { numRuns: 300, endOnFailure: true },
  );
});

test('every hole can be filled: after enough time and answers nothing is missing', () => {
  fc.assert(
    fc.property(fc.integer({ min: -120, max: 600 }), events, (offset, given) => {
      let { coverage } = played(at('09:15') + offset * 1_000, given);
      const later = at('15:00');
      for (let left = 10; left > 0; left -= 1) {
        const request = nextFill(coverage, ['A', 'B'], later);
        if (request === null) break;
        coverage = filled(coverage, request.tradingsymbol, request.until);
      }
      expect([...coverage.holes.values()].map((holes) => holeBefore(holes, later))).toEqual([
        null,
        null,
      ]);
    }),
    { numRuns: 200, endOnFailure: true },
  );
});
