// Goal: in whatever order and however often books and crossings arrive, the position ends the same; and a
// short is the mirror image of a long, to the paisa. Method: random fills and paths.
import fc from 'fast-check';
import {
  apply,
  grossPnl,
  holdingOf,
  initialState,
  viewOf,
  type BooksReading,
  type PositionEvent,
  type PositionState,
  type PositionTerms,
} from '../../../domain/position';
import type { TrailingPolicy } from '../../../domain/trailing';
import { epochMs, paise, shares, type Direction } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';

const entry = 5_000;
const policies: readonly [TrailingPolicy, ...TrailingPolicy[]] = [
  { kind: 'fixed' as const, stepMove: paise(50), stepStop: paise(50) },
  { kind: 'percentage' as const, share: 0.6 },
  { kind: 'atr' as const, multiple: 2 },
  { kind: 'hybrid' as const, share: 0.8, minDistance: paise(40) },
].map((rule) => ({
  rule,
  minProfitLock: paise(20),
  targetShare: 0.5,
  minStep: paise(10),
  minIntervalMs: 0,
})) as [TrailingPolicy, ...TrailingPolicy[]];

const termsFor = (direction: Direction, policy: TrailingPolicy): PositionTerms =>
  positionTerms({
    direction,
    policy,
    quantity: shares(100),
    entryLimit: paise(entry),
    atrAtEntry: 25,
    band: { lower: paise(4_000), upper: paise(6_000) },
  });

type Fill = BooksReading['fills'][number];
const fillAt = (index: number, orderId: string, quantity: number, price: number): Fill => ({
  tradeId: `t${index}`,
  orderId,
  side: orderId.startsWith('b') ? 'BUY' : 'SELL',
  quantity: shares(quantity),
  price: paise(price),
  at: epochMs(index),
});
const reading = (fills: readonly Fill[], ltp: number): BooksReading => ({
  orders: [],
  fills,
  foreign: [],
  othersSelling: shares(0),
  ltp: paise(ltp),
  netQuantity: shares(0),
  at: epochMs(1_000),
});
const read = (fills: readonly Fill[], ltp = entry): PositionEvent => ({
  kind: 'booksRead',
  news: 0,
  reading: reading(fills, ltp),
});
const fold = (terms: PositionTerms, events: readonly PositionEvent[]): PositionState =>
  events.reduce((state, event) => apply(terms, state, event), initialState);

const fills = fc
  .array(
    fc.record({
      buys: fc.boolean(),
      quantity: fc.integer({ min: 1, max: 20 }),
      price: fc.integer({ min: 900, max: 1_100 }).map((ticks) => ticks * 5),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((trades) =>
    trades.map(({ buys, quantity, price }, index) =>
      fillAt(index, buys ? 'b' : 's', quantity, price),
    ),
  );
const path = fc
  .array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 40 })
  .map((steps) => {
    let price = entry;
    return steps.map((step) => (price = Math.max(4_000, Math.min(6_000, price + step * 5))));
  });
const policy = fc.constantFrom(...policies);

describe('position: updates', () => {
  test('any order and duplication of readings of the same trades gives the same position', () => {
    const told = fills.chain((all) =>
      fc.record({
        all: fc.constant(all),
        // Each reading saw some of the trades; some reading saw each.
        parts: fc.array(fc.subarray(all), { maxLength: 6 }).chain((parts) =>
          fc.shuffledSubarray([...parts, ...parts, all, all], {
            minLength: 2 * parts.length + 2,
          }),
        ),
      }),
    );
    fc.assert(
      fc.property(told, ({ all, parts }) => {
        const terms = termsFor('LONG', policies[0]);
        const once = fold(terms, [read(all)]);
        const often = fold(
          terms,
          parts.map((part) => read([...part, ...part])),
        );
        const [one, other] = [once, often].map((state) => holdingOf(terms.intent, state));
        expect(other).toEqual(one);
        expect(grossPnl(terms.intent, holdingOf(terms.intent, often))).toBe(
          grossPnl(terms.intent, holdingOf(terms.intent, once)),
        );
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });

  test('crossings repeated, or older than what was heard, change nothing', () => {
    fc.assert(
      fc.property(
        policy,
        path,
        fc.array(fc.nat(39), { maxLength: 20 }),
        (chosen, prices, again) => {
          const terms = termsFor('LONG', chosen);
          const crossings = prices.map((price, index): PositionEvent => ({
            kind: 'crossed',
            epoch: 0,
            seq: index + 1,
            path: [paise(price)],
            at: epochMs(2_000 + index),
          }));
          const start = read([fillAt(0, 'b', 100, entry)]);
          const noisy = crossings.flatMap((crossing, index) => [
            crossing,
            ...again
              .filter((earlier) => earlier <= index)
              .map((earlier) => crossings[earlier] ?? crossing),
          ]);
          const once = fold(terms, [start, ...crossings]);
          expect(fold(terms, [start, ...noisy])).toEqual(once);
        },
      ),
      { numRuns: 1000, endOnFailure: true },
    );
  });

  test('a path and its reflection give mirrored stops and targets and the same profit, held and closed', () => {
    const reflect = (price: number): number => 2 * entry - price;
    const outcome = (
      direction: Direction,
      chosen: TrailingPolicy,
      prices: readonly number[],
    ): unknown => {
      const terms = termsFor(direction, chosen);
      const [into, out] = direction === 'LONG' ? (['b', 's'] as const) : (['s', 'b'] as const);
      const opened = fillAt(0, into, 100, entry);
      const last = prices.at(-1) ?? entry;
      const held = fold(terms, [
        read([opened]),
        { kind: 'crossed', epoch: 0, seq: 1, path: prices.map(paise), at: epochMs(2_000) },
      ]);
      const closed = apply(terms, held, read([opened, fillAt(1, out, 100, last)], last));
      const mirror = (price: number | null): number | null =>
        price === null || direction === 'LONG' ? price : reflect(price);
      const view = viewOf(terms, held);
      return {
        stop: mirror(view.desiredStop),
        target: mirror(view.target),
        pnl: view.pnl,
        reason: view.exitReason,
        closedPnl: viewOf(terms, closed).pnl,
      };
    };
    fc.assert(
      fc.property(policy, path, (chosen, prices) => {
        expect(outcome('SHORT', chosen, prices.map(reflect))).toEqual(
          outcome('LONG', chosen, prices),
        );
      }),
      { numRuns: 1000, endOnFailure: true },
    );
  });
});
