// Goal: a small first day is small in every number: capital, loss, and what risk sizes from them.
import fc from 'fast-check';
import {
  approve,
  cappedCapital,
  noCaps,
  riskLimitsSchema,
  whyCapped,
  type RiskView,
} from '../../../domain/risk';
import { paise, shares } from '../../../domain/units';
import { proposal, quietDay } from '../../support/riskQuestion';

const limits = riskLimitsSchema.parse({});
const view = (capital: number, dayLossMax: number | null = null): RiskView => ({
  ...quietDay,
  capital: paise(capital),
  dayLossMax: dayLossMax === null ? null : paise(dayLossMax),
});

test.each([
  ['all of the cash', noCaps, 10_000_000],
  ['no more than the cap', { ...noCaps, capitalMax: paise(5_000_000) }, 5_000_000],
  ['no more than there is', { ...noCaps, capitalMax: paise(50_000_000) }, 10_000_000],
  ['a share of it', { ...noCaps, size: 0.1 }, 1_000_000],
  ['a share of the cap', { ...noCaps, capitalMax: paise(5_000_000), size: 0.5 }, 2_500_000],
] as const)('the day works with %s', (_, caps, capital) => {
  expect(cappedCapital(paise(10_000_000), caps)).toBe(capital);
});

test('a loss named in rupees bounds the risk of the first trade and ends the day’s entries', () => {
  // ₹20,000 of capital risked by the trade; ₹1,000 may be lost.
  const sized = approve(proposal, view(100_000_000, 100_000), limits);
  expect(sized).toMatchObject({ boundBy: 'day loss', quantity: 200 });
  expect(() =>
    approve(proposal, { ...view(100_000_000, 100_000), dayPnl: paise(-100_000) }, limits),
  ).toThrow('the day has lost its limit');
});

test('what risk approves breaks no cap when it leaves, whatever capital, price and product', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1_000_000, max: 1_000_000_000 }),
      fc.constantFrom('MIS' as const, 'CNC' as const),
      fc.option(fc.integer({ min: 10_000, max: 10_000_000 })),
      (capital, product, dayLossMax) => {
        const day = view(capital, dayLossMax);
        try {
          const { quantity, entryLimit } = approve({ ...proposal, product }, day, limits);
          const soFar = {
            capital: day.capital,
            dayLossMax: day.dayLossMax ?? null,
            open: [],
            entries: 0,
            dayPnl: paise(0),
          };
          expect(
            whyCapped({ quantity: shares(quantity), price: entryLimit, product }, soFar, limits),
          ).toBeNull();
        } catch (error) {
          if (!(error instanceof Error) || error.name === 'JestAssertionError') throw error;
          expect(error).toMatchObject({ code: expect.any(String) as string });
        }
      },
    ),
  );
});
