// Goal: the trailing rules of docs/trailing.md. Method: the worked example and its mirror by number,
// then properties over random policies, entries and price paths, both directions.
import fc from 'fast-check';
import {
  drained,
  levelsAt,
  offer,
  openGate,
  ratchet,
  standardPolicy,
  trailingSchema,
  startTrail,
  touchedBy,
  triggerBand,
  validatePolicy,
  type TrailingPolicy,
  type TrailingTerms,
  type Trail,
} from '../../../domain/trailing';
import { paise, type Paise } from '../../../domain/units';
import { rupeeForRupee } from '../../support/rupeeForRupee';

const band = { lower: paise(100), upper: paise(10_000) };
const worked: TrailingTerms = {
  direction: 'LONG',
  entry: paise(1000),
  initialStop: paise(900),
  initialTarget: paise(1200),
  tickSize: paise(5),
  band,
  atrAtEntry: 0,
  policy: rupeeForRupee,
};
const mirrored: TrailingTerms = {
  ...worked,
  direction: 'SHORT',
  initialStop: paise(1100),
  initialTarget: paise(800),
};

const rule = fc.oneof(
  fc.record({
    kind: fc.constant('fixed' as const),
    stepMove: fc.integer({ min: 5, max: 200 }).map(paise),
    stepStop: fc.integer({ min: 5, max: 200 }).map(paise),
  }),
  fc.record({
    kind: fc.constant('percentage' as const),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('atr' as const),
    multiple: fc.double({ min: 0.1, max: 5, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant('hybrid' as const),
    share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    minDistance: fc.integer({ min: 5, max: 200 }).map(paise),
  }),
);
const policy: fc.Arbitrary<TrailingPolicy> = fc.record(
  {
    rule,
    minProfitLock: fc.integer({ min: 0, max: 300 }).map(paise),
    targetShare: fc.double({ min: 0, max: 1, noNaN: true }),
    minStep: fc.integer({ min: 1, max: 100 }).map(paise),
    minIntervalMs: fc.constant(0),
    maxTrailDistance: fc.integer({ min: 10, max: 500 }).map(paise),
    volatilityAdjustment: fc.record({
      min: fc.double({ min: 0.1, max: 1, noNaN: true }),
      max: fc.double({ min: 1, max: 10, noNaN: true }),
    }),
  },
  { requiredKeys: ['rule', 'minProfitLock', 'targetShare', 'minStep', 'minIntervalMs'] },
);
const terms: fc.Arbitrary<TrailingTerms> = fc
  .record({
    direction: fc.constantFrom('LONG' as const, 'SHORT' as const),
    policy,
    stop: fc.integer({ min: 1, max: 60 }),
    target: fc.integer({ min: 1, max: 90 }),
    atrAtEntry: fc.constantFrom(0, 10, 40, 160),
  })
  .map(({ direction, policy: chosen, stop, target, atrAtEntry }) => {
    const d = direction === 'LONG' ? 1 : -1;
    return {
      ...worked,
      direction,
      policy: chosen,
      entry: paise(5000),
      initialStop: paise(5000 - d * stop * 5),
      initialTarget: paise(5000 + d * target * 5),
      atrAtEntry,
    };
  });
/** Prices on the tick, wandering around the entry. */
const path = fc
  .array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 80 })
  .map((steps) => {
    let price = 5000;
    return steps.map((step) => paise((price = Math.max(200, Math.min(9900, price + step * 5)))));
  });
const atr = 40;

/** Every tick looked at, until the stop or target is touched. */
function everyTick(
  position: TrailingTerms,
  prices: readonly Paise[],
): { trail: Trail; exit: string } {
  let trail = startTrail(position);
  for (const price of prices) {
    const touch = touchedBy(position, trail, price);
    if (touch !== 'none') return { trail, exit: touch };
    trail = ratchet(position, trail, price, atr);
  }
  return { trail, exit: 'none' };
}

/** Only crossings looked at; the position is told late, after `delay` further ticks. */
function crossingsOnly(
  position: TrailingTerms,
  prices: readonly Paise[],
  delay: number,
): { trail: Trail; exit: string } {
  let trail = startTrail(position);
  let gate = openGate(triggerBand(position, trail, atr));
  for (let tick = 0; tick < prices.length; tick += 1) {
    gate = offer(gate, prices[tick] ?? paise(0));
    if (gate.path.length === 0 || (tick + 1) % (delay + 1) !== 0) {
      if (tick < prices.length - 1) continue;
    }
    for (const price of gate.path) {
      const touch = touchedBy(position, trail, price);
      if (touch !== 'none') return { trail, exit: touch };
      trail = ratchet(position, trail, price, atr);
    }
    gate = openGate(triggerBand(position, trail, atr), drained(gate).path);
  }
  return { trail, exit: 'none' };
}

describe('trailing: the worked example', () => {
  test('long: price 10 → 11 moves target 12 → 13 and stop 9 → 10', () => {
    const trail = ratchet(worked, startTrail(worked), paise(1100), 0);
    expect(trail).toEqual({ best: 1100, stop: 1000, target: 1300 });
  });

  test('short: price 10 → 9 moves target 8 → 7 and stop 11 → 10', () => {
    const trail = ratchet(mirrored, startTrail(mirrored), paise(900), 0);
    expect(trail).toEqual({ best: 900, stop: 1000, target: 700 });
  });

  test('below one whole step nothing moves, and the band ends where it would', () => {
    const trail = ratchet(worked, startTrail(worked), paise(1095), 0);
    expect(trail).toEqual({ best: 1095, stop: 900, target: 1200 });
    expect(triggerBand(worked, startTrail(worked), 0)).toEqual({ above: 1100, below: 900 });
  });

  test('activation by minProfitLock is inclusive', () => {
    const locked = { ...worked, policy: { ...rupeeForRupee, minProfitLock: paise(200) } };
    expect(levelsAt(locked, paise(1195), 0).stop).toBe(900);
    expect(levelsAt(locked, paise(1200), 0).stop).toBe(1100);
  });
});

describe('trailing: each rule by number', () => {
  const stopOf = (
    chosen: TrailingPolicy['rule'],
    best: number,
    more: Partial<TrailingPolicy> = {},
  ): number =>
    levelsAt(
      { ...worked, atrAtEntry: 40, policy: { ...rupeeForRupee, rule: chosen, ...more } },
      paise(best),
      40,
    ).stop;

  test.each([
    ['percentage: half of a ₹2 move', { kind: 'percentage', share: 0.5 }, 1200, {}, 1000],
    ['atr: twice ₹0.40 below the best', { kind: 'atr', multiple: 2 }, 1200, {}, 1120],
    ['hybrid: the share', { kind: 'hybrid', share: 0.5, minDistance: paise(100) }, 1200, {}, 1000],
    [
      'hybrid: held off by the distance',
      { kind: 'hybrid', share: 1, minDistance: paise(400) },
      1200,
      {},
      900,
    ],
    [
      'maxTrailDistance pulls the stop up',
      { kind: 'percentage', share: 0.1 },
      1400,
      { maxTrailDistance: paise(100) },
      1300,
    ],
    [
      'rounded to the tighter side of the tick',
      { kind: 'percentage', share: 0.333 },
      1200,
      {},
      970,
    ],
  ] as const)('%s', (_, chosen, best, more, stop) => {
    expect(stopOf(chosen, best, more)).toBe(stop);
  });

  test('a calmer market narrows the distance, inside its bounds', () => {
    const adjusted = {
      ...worked,
      atrAtEntry: 40,
      policy: { ...rupeeForRupee, volatilityAdjustment: { min: 0.5, max: 2 } },
    };
    expect(levelsAt(adjusted, paise(1100), 20).stop).toBe(1050);
    expect(levelsAt(adjusted, paise(1100), 4).stop).toBe(1050);
  });
});

describe('trailing: properties', () => {
  test('the stop never loosens, lies on the grid and inside the band; the target never comes nearer by rounding', () => {
    fc.assert(
      fc.property(terms, path, (position, prices) => {
        const d = position.direction === 'LONG' ? 1 : -1;
        let trail = startTrail(position);
        for (const price of prices) {
          const next = ratchet(position, trail, price, atr);
          expect(d * (next.stop - trail.stop)).toBeGreaterThanOrEqual(0);
          expect(d * (next.target - trail.target)).toBeGreaterThanOrEqual(0);
          expect(next.stop % position.tickSize).toBe(0);
          expect(next.stop).toBeGreaterThanOrEqual(position.band.lower);
          expect(next.stop).toBeLessThanOrEqual(position.band.upper);
          trail = next;
        }
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });

  test('the stop only grows with the best price, from each tick of the band to the next', () => {
    fc.assert(
      fc.property(terms, (position) => {
        const d = position.direction === 'LONG' ? 1 : -1;
        const stops = Array.from(
          { length: 200 },
          (_, ticks) => d * levelsAt(position, paise(5000 + d * ticks * 5), atr).stop,
        );
        expect(stops).toEqual([...stops].sort((one, other) => one - other));
      }),
      { numRuns: 2000, endOnFailure: true },
    );
  });

  test('the stop and exit from band crossings equal those from every tick, for every rule and delay', () => {
    fc.assert(
      fc.property(terms, path, fc.integer({ min: 0, max: 5 }), (position, prices, delay) => {
        const seen = everyTick(position, prices);
        const told = crossingsOnly(position, prices, delay);
        expect(told.exit).toBe(seen.exit);
        expect(told.trail.stop).toBe(seen.trail.stop);
        expect(told.trail.target).toBe(seen.trail.target);
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });

  test('a path and its reflection give mirrored stops and targets', () => {
    fc.assert(
      fc.property(terms, path, (position, prices) => {
        const reflect = (price: number): Paise => paise(10_000 - price);
        const mirror: TrailingTerms = {
          ...position,
          direction: position.direction === 'LONG' ? 'SHORT' : 'LONG',
          initialStop: reflect(position.initialStop),
          initialTarget: reflect(position.initialTarget),
          band: { lower: reflect(position.band.upper), upper: reflect(position.band.lower) },
        };
        const one = everyTick(position, prices);
        const other = everyTick(mirror, prices.map(reflect));
        expect(other.exit).toBe(one.exit);
        expect(other.trail.stop).toBe(reflect(one.trail.stop));
        expect(other.trail.target).toBe(reflect(one.trail.target));
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });
});

describe('trailing: the mode', () => {
  test.each(['fixed', 'percentage', 'atr', 'hybrid'] as const)(
    '%s: stop and exit from crossings equal those from every tick, stops on the grid and in the band',
    (kind) => {
      const ofKind = terms.filter(({ policy: { rule: one } }) => one.kind === kind);
      fc.assert(
        fc.property(ofKind, path, fc.integer({ min: 0, max: 5 }), (position, prices, delay) => {
          const seen = everyTick(position, prices);
          const told = crossingsOnly(position, prices, delay);
          expect([told.exit, told.trail.stop, told.trail.target]).toEqual([
            seen.exit,
            seen.trail.stop,
            seen.trail.target,
          ]);
          expect(seen.trail.stop % position.tickSize).toBe(0);
          expect(seen.trail.stop).toBeGreaterThanOrEqual(position.band.lower);
          expect(seen.trail.stop).toBeLessThanOrEqual(position.band.upper);
        }),
        { numRuns: 1000, endOnFailure: true },
      );
    },
  );

  test('the stop only grows with the best price, however volatility scales its distance', () => {
    const bests = fc.tuple(fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 800 }));
    fc.assert(
      fc.property(terms, bests, (position, [one, other]) => {
        const d = position.direction === 'LONG' ? 1 : -1;
        const at = (ticks: number): number =>
          levelsAt(position, paise(position.entry + d * ticks * 5), atr).stop;
        const [near, far] = [Math.min(one, other), Math.max(one, other)];
        expect(d * (at(far) - at(near))).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });
});

describe('trailing: configuration', () => {
  test.each<readonly [TrailingPolicy, string]>([
    [
      { ...rupeeForRupee, targetShare: 1.5 },
      'targetShare must be a number between 0 and 1, was 1.5',
    ],
    [
      { ...rupeeForRupee, minStep: 0 as Paise },
      'minStep must be a whole number of paise above 0, was 0',
    ],
    [
      { ...rupeeForRupee, rule: { kind: 'percentage', share: -1 } },
      'rule.share must be a number between 0.01 and 1, was -1',
    ],
  ])('a value that makes no sense is refused by name', (bad, sentence) => {
    expect(() => validatePolicy(bad)).toThrow(sentence);
  });

  test('the standard policy is sized by the position’s own risk', () => {
    const chosen = standardPolicy(trailingSchema.parse({}), paise(500), paise(5));
    expect(chosen).toMatchObject({
      minProfitLock: 250,
      minStep: 100,
      rule: { kind: 'hybrid', minDistance: 250 },
    });
  });
});
