// Goal: every limit refuses with its own code, and contradicting limits are named. Method: one change to a
// trade that is otherwise approved.
import {
  approve,
  checkMargin,
  quotedMargin,
  riskLimitsSchema,
  settlementEstimate,
  validateLimits,
  type BrokerMargin,
  type RiskView,
  type RiskLimits,
  type TradeProposal,
} from '../../../domain/risk';
import { Refused } from '../../../domain/errors';
import { epochMs, paise, type Paise } from '../../../domain/units';
import { proposal, quietDay } from '../../support/riskQuestion';

const defaultRiskLimits = riskLimitsSchema.parse({});

const exposure = {
  intentId: 'R0',
  tradingsymbol: 'OTHER',
  sector: 'Other',
  direction: 'LONG' as const,
  product: 'MIS' as const,
  isEarlier: false,
  value: paise(1_000_000),
  risk: paise(10_000),
  closed: false,
};

const codeOf = (
  change: Partial<TradeProposal>,
  day: Partial<RiskView>,
  limits: Partial<RiskLimits> = {},
): string => {
  try {
    approve(
      { ...proposal, ...change },
      { ...quietDay, ...day },
      { ...defaultRiskLimits, ...limits },
    );
    return 'approved';
  } catch (error) {
    if (error instanceof Refused) return error.code;
    throw error;
  }
};

describe('risk: refusals by code', () => {
  test.each([
    ['approved', {}, {}, {}],
    ['ORDER_VALUE_MIN', { sizeFactor: 0.01 }, {}, { orderValueMin: paise(600_000) }],
    ['approved', { sizeFactor: 0.01 }, {}, { orderValueMin: paise(500_000) }],
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
      { direction: 'SHORT', instrument: { ...proposal.instrument, hasDerivatives: false } },
      {},
      {},
    ],
    ['DRAWDOWN', {}, { dayPnl: paise(500_000), dayPnlPeak: paise(3_000_000) }, {}],
    ['COOLDOWN', {}, { now: epochMs(60_000), lossesInRow: 4, lastLossAt: epochMs(0) }, {}],
    ['approved', {}, { now: epochMs(60_000), lossesInRow: 3, lastLossAt: epochMs(0) }, {}],
    [
      'approved',
      {},
      { now: epochMs(60_000), lossesInRow: 4, lastLossAt: epochMs(0) },
      { cooldownMinutes: 1 },
    ],
    ['DUPLICATE_INTENT', { intentId: 'R0' }, { exposures: [{ ...exposure, closed: true }] }, {}],
    ['OVERNIGHT_SHORT', { direction: 'SHORT', product: 'CNC' }, {}, {}],
    ['AFTER_CUT_OFF', {}, { now: epochMs(1_000_000) }, {}],
    ['REWARD_TO_RISK', { targetDistance: paise(495) }, {}, {}],
    ['PRICE_COLLAR', { decisionPrice: paise(99_000) }, {}, {}],
    ['NO_PRICE', { decisionPrice: NaN as Paise }, {}, {}],
    ['DISTANCE_BELOW_TICK', { stopDistance: NaN as Paise }, {}, {}],
    ['NEAR_BAND', { band: { lower: NaN as Paise, upper: paise(110_000) } }, {}, {}],
    ['NO_ROOM', { sizeFactor: NaN }, {}, {}],
    ['NO_PRICE', { ltp: paise(0) }, {}, {}],
    ['DISTANCE_BELOW_TICK', { stopDistance: paise(1) }, {}, {}],
    ['NEAR_BAND', { ltp: paise(109_000), decisionPrice: paise(109_000) }, {}, {}],
    ['NO_ROOM', {}, { capital: paise(1_000) }, {}],
  ] as const)('%s', (code, change, day, limits) => {
    expect(codeOf(change as Partial<TradeProposal>, day as Partial<RiskView>, limits)).toBe(code);
  });

  test.each([
    [
      { positionValueBps: 7000, sectorExposureBps: 8000 },
      'positionValueBps (7000) must not exceed both exposure limits',
    ],
    [
      { riskPerTradeBps: 200 },
      'risk.riskPerTradeBps (200) must not exceed risk.openRiskBps (150): one trade would break',
    ],
    [{ openRiskBps: 400, riskPerTradeBps: 300 }, 'must not exceed risk.dayLossBps (200)'],
    [{ entriesPerDayMax: 1 }, 'entriesPerStockMax (2) must not exceed risk.entriesPerDayMax (1)'],
    [
      { openPositionsMax: 2 },
      'positionsPerSectorMax (3) must not exceed risk.openPositionsMax (2)',
    ],
  ])('limits that make no sense are refused by name', (change, sentence) => {
    expect(() => validateLimits({ ...defaultRiskLimits, ...change })).toThrow(sentence);
  });
});

describe('the broker has the last word on margin', () => {
  const margin = { required: paise(30), available: paise(100), used: paise(0) };
  const codeFor = (answer: BrokerMargin | null, marginUseBps = 9_000): string => {
    try {
      checkMargin(answer, { marginUseBps });
      return 'enough';
    } catch (error) {
      if (error instanceof Refused) return error.code;
      throw error;
    }
  };
  test.each([
    ['enough', margin],
    ['MARGIN_UNKNOWN', null],
    ['MARGIN', { ...margin, required: paise(101) }],
    ['MARGIN_USE', { ...margin, used: paise(900), available: paise(100) }],
  ])('%s', (code, answer) => expect(codeFor(answer)).toBe(code));
  test('one quote for a bar: in proportion to quantity, less what its own entries block', () => {
    const quote = {
      available: paise(1_000),
      used: paise(50),
      entries: { TEST: { quantity: 30, required: paise(100) } },
    };
    expect(quotedMargin(quote, { tradingsymbol: 'TEST', quantity: 20 }, paise(300))).toEqual({
      required: 67,
      available: 700,
      used: 350,
    });
    expect(quotedMargin(quote, { tradingsymbol: 'OTHER', quantity: 1 }, paise(0))).toBeNull();
  });
});

describe('what is owed when a position is not closed', () => {
  const short = { direction: 'SHORT', product: 'MIS' } as const;
  const long = { direction: 'LONG', product: 'MIS' } as const;
  test('a short: 120 % blocked, close-out at worst 20 % above with the penalty, due next trading day', () => {
    expect(settlementEstimate(short, paise(10_000_000), '2026-11-09')).toEqual({
      settlesOn: '2026-11-09',
      cashNeeded: 12_000_000,
      auctionLossWorst: 2_005_900,
    });
  });
  test('past the list of holidays the day is not known, and the estimate stands', () => {
    expect(settlementEstimate(long, paise(100), null)).toMatchObject({ settlesOn: null });
  });
  test('a long must be paid for in full', () => {
    expect(settlementEstimate(long, paise(10_000_000), '2026-11-11')).toEqual({
      settlesOn: '2026-11-11',
      cashNeeded: 10_000_000,
      auctionLossWorst: 0,
    });
  });
  test('delivery was paid for when it was bought', () => {
    const delivery = { direction: 'LONG', product: 'CNC' } as const;
    expect(settlementEstimate(delivery, paise(10_000_000), '2026-11-11').cashNeeded).toBe(0);
  });
});
