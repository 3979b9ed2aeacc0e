// Goal: which score a trade belongs to, and when it counts as a success.
import fc from 'fast-check';
import { barEndOf, intentIdOf } from '../../../domain/position';
import { tradeSucceeded } from '../../../domain/rollout/tradeOutcome';
import { epochMs, paise } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';

const { intent } = positionTerms();

test('an intent names its bar, whatever the stock: its id is read back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.integer({ min: 0, max: 60_000_000 }),
      (instrumentToken, minute) => {
        const barEnd = epochMs(minute * 60_000);
        const intentId = intentIdOf(intent.date, instrumentToken, barEnd);
        const instrument = { ...intent.instrument, instrumentToken };
        expect(barEndOf({ ...intent, intentId, instrument })).toBe(barEnd);
      },
    ),
  );
});

test('an id of another make names none', () => {
  expect(barEndOf({ ...intent, intentId: 'R1T1' })).toBeUndefined();
  expect(barEndOf({ ...intent, intentId: '' })).toBeUndefined();
});

test.each([
  ['more than it cost', 2, 101, 100, true],
  ['exactly what it cost', 2, 100, 100, false],
  ['a loss', 2, -1, 0, false],
  ['nothing was traded', 0, 0, 0, undefined],
] as const)('%s', (...[, fills, gross, charges, success]) => {
  expect(tradeSucceeded({ fills, grossPnl: paise(gross), charges: paise(charges) })).toBe(success);
});
