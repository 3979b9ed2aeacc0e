// Goal: which score a trade belongs to, and when it counts as a success.
import fc from 'fast-check';
import { barEndOf, installationOf, intentIdOf, isIntentTag } from '../../../domain/position';
import { istInstant } from '../../../domain/session/sessionClock';
import { tradeSucceeded } from '../../../domain/rollout/tradeOutcome';
import { epochMs, paise } from '../../../domain/units';
import { positionTerms } from '../../support/positionTerms';

const { intent } = positionTerms();
/** The broker's number of a stock is 256 times the exchange's, which has five digits today. */
const largestToken = 36 ** 5 - 1;

test('an intent names its bar and its installation, whatever the stock: its id is read back, and a broker takes it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: largestToken }),
      fc.integer({ min: 0, max: 24 * 60 - 1 }),
      fc.stringMatching(/^[0-9A-Z]{3}$/),
      (instrumentToken, minute, installation) => {
        const barEnd = epochMs(istInstant(intent.date, '00:00') + minute * 60_000);
        const intentId = intentIdOf(intent.date, instrumentToken, barEnd, installation);
        expect(`${intentId}c`.length).toBeLessThanOrEqual(20);
        expect([isIntentTag(intentId), isIntentTag(`${intentId}c`)]).toEqual([true, true]);
        expect([installationOf(intentId), installationOf(`${intentId}c`)]).toEqual([
          installation,
          installation,
        ]);
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
