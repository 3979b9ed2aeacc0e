// Goal: an approved trade breaks no limit. Method: an oracle written separately from the check, over
// random books and proposals; and each refusal by its code.
import fc from 'fast-check';
import {
  approve,
  defaultRiskLimits,
  validateLimits,
  type RiskBook,
  type RiskLimits,
  type TradeProposal,
} from '../../../domain/risk';
import { Refused } from '../../../domain/errors';
import { paise } from '../../../domain/units';

const instrument = {
  tradingsymbol: 'TEST',
  name: 'Test',
  instrumentToken: 257,
  tickSize: paise(5),
  hasDerivatives: true,
  sector: 'Test',
};
const proposal: TradeProposal = {
  instrument,
  direction: 'LONG',
  ltp: paise(100_000),
  band: { lower: paise(90_000), upper: paise(110_000) },
  stopDistance: paise(500),
  targetDistance: paise(1000),
  sizeFactor: 1,
};
const book: RiskBook = {
  capital: paise(100_000_000),
  dayPnl: paise(0),
  entriesHalted: false,
  exposures: [],
};
const exposure = {
  tradingsymbol: 'OTHER',
  sector: 'Other',
  direction: 'LONG' as const,
  value: paise(1_000_000),
  closed: false,
};

const codeOf = (
  change: Partial<TradeProposal>,
  day: Partial<RiskBook>,
  limits: Partial<RiskLimits> = {},
): string => {
  try {
    approve({ ...proposal, ...change }, { ...book, ...day }, { ...defaultRiskLimits, ...limits });
    return 'approved';
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};

describe('risk: refusals by code', () => {
  test.each([
    ['approved', {}, {}, {}],
    ['ENTRIES_HALTED', {}, { entriesHalted: true }, {}],
    ['DAY_LOSS', {}, { dayPnl: paise(-2_000_000) }, {}],
    ['OPEN_POSITIONS', {}, { exposures: [exposure] }, { openPositionsMax: 1 }],
    [
      'ENTRIES_PER_DAY',
      {},
      { exposures: [{ ...exposure, closed: true }] },
      { entriesPerDayMax: 1 },
    ],
    ['STOCK_OPEN', {}, { exposures: [{ ...exposure, tradingsymbol: 'TEST' }] }, {}],
    [
      'ENTRIES_PER_STOCK',
      {},
      { exposures: [{ ...exposure, tradingsymbol: 'TEST', closed: true }] },
      { entriesPerStockMax: 1 },
    ],
    [
      'SECTOR_FULL',
      {},
      { exposures: [{ ...exposure, sector: 'Test' }] },
      { positionsPerSectorMax: 1 },
    ],
    [
      'NOT_SHORTABLE',
      { direction: 'SHORT', instrument: { ...instrument, hasDerivatives: false } },
      {},
      {},
    ],
    ['NO_PRICE', { ltp: paise(0) }, {}, {}],
    ['DISTANCE_BELOW_TICK', { stopDistance: paise(1) }, {}, {}],
    ['NEAR_BAND', { ltp: paise(109_000) }, {}, {}],
    ['NO_ROOM', {}, { capital: paise(1_000) }, {}],
  ] as const)('%s', (code, change, day, limits) => {
    expect(codeOf(change as Partial<TradeProposal>, day as Partial<RiskBook>, limits)).toBe(code);
  });

  test.each([
    [{ leverage: 9 }, 'risk.leverage must be between 1 and 5, was 9'],
    [{ positionValueBps: 9000 }, 'positionValueBps (9000) must not exceed'],
  ])('limits that make no sense are refused by name', (change, sentence) => {
    expect(() => validateLimits({ ...defaultRiskLimits, ...change })).toThrow(sentence);
  });
});

test('risk: approved means that no limit is exceeded and quantity × risk stays in the budget', () => {
  const exposures = fc.array(
    fc.record({
      value: fc.integer({ min: 0, max: 60_000_000 }),
      direction: fc.constantFrom('LONG' as const, 'SHORT' as const),
      closed: fc.boolean(),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom('LONG' as const, 'SHORT' as const),
      fc.integer({ min: 5_000, max: 3_000_000 }),
      fc.integer({ min: 5, max: 5_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      exposures,
      (direction, ltp, stop, sizeFactor, open) => {
        const day = {
          ...book,
          exposures: open.map((one, index) => ({
            ...one,
            value: paise(one.value),
            tradingsymbol: `S${index}`,
            sector: `X${index}`,
          })),
        };
        const asked = {
          ...proposal,
          direction,
          ltp: paise(ltp),
          stopDistance: paise(stop),
          targetDistance: paise(stop),
          sizeFactor,
          band: { lower: paise(1), upper: paise(10_000_000) },
        };
        const limits = { ...defaultRiskLimits, openPositionsMax: 100 };
        const sized = (() => {
          try {
            return approve(asked, day, limits);
          } catch (error) {
            if (error instanceof Refused) return null;
            throw error;
          }
        })();
        if (sized === null) return;
        const used = open
          .filter((one) => !one.closed && one.direction === direction)
          .reduce((sum, one) => sum + one.value, 0);
        const highest = Math.max(sized.entryLimit, ltp) * sized.quantity;
        expect(sized.quantity * stop).toBeLessThanOrEqual(250_000);
        expect(highest).toBeLessThanOrEqual(80_000_000);
        expect(used + highest).toBeLessThanOrEqual(240_000_000);
        expect(Number.isInteger(sized.quantity) && sized.quantity >= 1).toBe(true);
        expect(sized.entryLimit % 5).toBe(0);
      },
    ),
    { numRuns: 1000, endOnFailure: true },
  );
});
