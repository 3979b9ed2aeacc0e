// Goal: no day that judges is seen by what it judges. Properties over any number of days, folds and sessions apart.
import fc from 'fast-check';
import { Refused } from '../../../domain/errors';
import {
  holdOut,
  lengthOf,
  walkForward,
  type FoldTerms,
} from '../../../domain/research/walkForward';

test('folds of twelve days, by hand', () => {
  const terms = { folds: 3, embargo: 1, kind: 'anchored' } as const;
  expect(walkForward(12, terms)).toEqual([
    { train: { from: 0, until: 2 }, test: { from: 3, until: 6 } },
    { train: { from: 0, until: 5 }, test: { from: 6, until: 9 } },
    { train: { from: 0, until: 8 }, test: { from: 9, until: 12 } },
  ]);
  expect(walkForward(12, { ...terms, kind: 'rolling' }).map(({ train }) => train)).toEqual([
    { from: 0, until: 2 },
    { from: 3, until: 5 },
    { from: 6, until: 8 },
  ]);
});

const termsOf = fc.record({
  folds: fc.integer({ min: 1, max: 8 }),
  embargo: fc.integer({ min: 0, max: 6 }),
  kind: fc.constantFrom<FoldTerms['kind']>('anchored', 'rolling'),
});

test('days that judge are judged once, after the embargo, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 400 }), termsOf, (days, terms) => {
      try {
        const folds = walkForward(days, terms);
        let until = folds[0]?.test.from ?? -1;
        for (const { train, test: judged } of folds) {
          expect(judged.from).toBe(until);
          until = judged.until;
          expect(judged.from - train.until).toBe(terms.embargo);
          expect(lengthOf(train)).toBeGreaterThanOrEqual(2);
        }
        expect(until).toBe(days);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        expect(error.message).toContain(`need more than ${days} days`);
        expect(days).toBeLessThan((terms.folds + 1) * (terms.embargo + 3));
      }
    }),
  );
});

test('what is held out is the end, with the embargo before it', () => {
  expect(holdOut(47, 0.2, 1)).toEqual({
    search: { from: 0, until: 37 },
    kept: { from: 38, until: 47 },
  });
  expect(holdOut(47, 0, 3)).toEqual({
    search: { from: 0, until: 47 },
    kept: { from: 47, until: 47 },
  });
});
