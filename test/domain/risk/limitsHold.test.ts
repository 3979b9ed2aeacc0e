// Goal: an approval breaks no limit, whatever came before. Method: random days of longs and shorts. After
// each approval an oracle, written from the limits' descriptions in rupees and with its own loops, adds
// everything up.
import fc from 'fast-check';
import { Refused } from '../../../domain/errors';
import {
  approve,
  riskLimitsSchema,
  type Exposure,
  type RiskView,
  type RiskLimits,
  type SizedTrade,
  type TradeProposal,
} from '../../../domain/risk';
import { epochMs, paise } from '../../../domain/units';

const defaultRiskLimits = riskLimitsSchema.parse({});

interface Step {
  readonly stock: number;
  readonly short: boolean;
  readonly delivery: boolean;
  readonly price: number;
  readonly stop: number;
  readonly size: number;
  readonly closes: number;
  readonly pnl: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  stock: fc.nat(11),
  short: fc.boolean(),
  delivery: fc.boolean(),
  price: fc.integer({ min: 5_000, max: 1_500_000 }),
  stop: fc.integer({ min: 5, max: 5_000 }),
  size: fc.integer({ min: 0, max: 100 }).map((part) => part / 100),
  closes: fc.nat(30),
  pnl: fc.integer({ min: -300_000, max: 300_000 }),
});

const limitsOf = fc.record({
  capitalPool: fc.constantFrom('shared' as const, 'separate' as const),
  longPoolBps: fc.integer({ min: 0, max: 10_000 }),
  leverage: fc.integer({ min: 1, max: 5 }),
  longExposureBps: fc.integer({ min: 2_000, max: 10_000 }),
  shortExposureBps: fc.integer({ min: 2_000, max: 10_000 }),
  openRiskBps: fc.integer({ min: 25, max: 300 }),
  dayLossBps: fc.integer({ min: 25, max: 200 }),
});

const proposalOf = (one: Step, id: number): TradeProposal => ({
  intentId: `R${id}`,
  instrument: {
    tradingsymbol: `S${one.stock}`,
    name: 'x',
    instrumentToken: 1,
    tickSize: paise(5),
    hasDerivatives: true,
    sector: `X${one.stock % 4}`,
  },
  direction: one.short ? 'SHORT' : 'LONG',
  product: one.delivery && !one.short ? 'CNC' : 'MIS',
  ltp: paise(one.price),
  decisionPrice: paise(one.price),
  band: { lower: paise(1), upper: paise(10_000_000) },
  stopDistance: paise(one.stop),
  targetDistance: paise(2 * one.stop),
  sizeFactor: one.size,
  entryUntil: epochMs(1),
});

const cashDelivered = ({ exposures }: RiskView): number =>
  exposures
    .filter(({ closed, product }) => !closed && product === 'CNC')
    .reduce((sum, { value }) => sum + value / 100, 0);

/** Every broken limit, in words. Rupees. */
function broken(
  book: RiskView,
  limits: RiskLimits,
  trade: TradeProposal,
  sized: SizedTrade,
): string[] {
  const rupees = (amount: number): number => amount / 100;
  const capital = rupees(book.capital);
  const power = capital * limits.leverage;
  // Delivery is paid in full, so it takes the buying power of leverage times its value.
  const weight = (product: string): number => (product === 'CNC' ? limits.leverage : 1);
  let [longs, shorts, sector, atRisk, open, today] = [0, 0, 0, 0, 0, 0];
  for (const held of book.exposures) {
    if (!held.isEarlier) today += 1;
    if (held.closed) continue;
    open += 1;
    atRisk += rupees(held.risk);
    const taken = rupees(held.value) * weight(held.product);
    if (held.direction === 'LONG') longs += taken;
    if (held.direction === 'SHORT') shorts += taken;
    if (held.sector === trade.instrument.sector) sector += taken;
  }
  const price = rupees(Math.max(trade.ltp, sized.entryLimit));
  const worth = sized.quantity * price;
  const value = worth * weight(trade.product);
  const loss = sized.quantity * rupees(trade.stopDistance);
  if (trade.direction === 'LONG') longs += value;
  else shorts += value;
  const longPool = power * (limits.longPoolBps / 10_000);
  const promises: [string, boolean][] = [
    ['whole shares', Number.isInteger(sized.quantity) && sized.quantity >= 1],
    ['quantity × risk in budget', loss <= capital * (limits.riskPerTradeBps / 10_000) + 1e-6],
    ['open risk', atRisk + loss <= capital * (limits.openRiskBps / 10_000) + 1e-6],
    [
      'all stops at once stay in the day loss',
      atRisk + loss - rupees(book.dayPnl) <= capital * (limits.dayLossBps / 10_000) + 1e-6,
    ],
    [
      'delivery is paid in cash',
      trade.product === 'MIS' || cashDelivered(book) + worth <= capital + 1e-6,
    ],
    ['worth an order', worth >= rupees(limits.orderValueMin) - 1e-6],
    ['position value', value <= power * (limits.positionValueBps / 10_000) + 1e-6],
    [
      'long exposure',
      trade.direction === 'SHORT' || longs <= power * (limits.longExposureBps / 1e4) + 1e-6,
    ],
    [
      'short exposure',
      trade.direction === 'LONG' || shorts <= power * (limits.shortExposureBps / 1e4) + 1e-6,
    ],
    ['sector', sector + value <= power * (limits.sectorExposureBps / 10_000) + 1e-6],
    ['shared pool', limits.capitalPool === 'separate' || longs + shorts <= power + 1e-6],
    ['long pool', limits.capitalPool === 'shared' || longs <= longPool + 1e-6],
    ['short pool', limits.capitalPool === 'shared' || shorts <= power - longPool + 1e-6],
    ['open positions', open < limits.openPositionsMax],
    ['entries', today < limits.entriesPerDayMax],
    ['on tick', sized.entryLimit % 5 === 0],
  ];
  return promises.filter(([, kept]) => !kept).map(([name]) => name);
}

function approvedOrNull(...asked: Parameters<typeof approve>): ReturnType<typeof approve> | null {
  try {
    return approve(...asked);
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

test('over any day of longs and shorts every approval keeps every limit and no pool is overdrawn', () => {
  let approvals = 0;
  fc.assert(
    fc.property(limitsOf, fc.array(step, { maxLength: 30 }), (changed, steps) => {
      const limits: RiskLimits = { ...defaultRiskLimits, ...changed };
      let exposures: Exposure[] = [];
      let dayPnl = 0;
      steps.forEach((one, id) => {
        const trade = proposalOf(one, id);
        const book: RiskView = {
          now: epochMs(0),
          capital: paise(100_000_000),
          entriesHalted: false,
          quarantined: [],
          exposures,
          dayPnl: paise(dayPnl),
          dayPnlPeak: paise(Math.max(0, dayPnl)),
          lossesInRow: 0,
          lastLossAt: null,
        };
        const sized = approvedOrNull(trade, book, limits);
        if (sized !== null) {
          approvals += 1;
          expect(broken(book, limits, trade, sized)).toEqual([]);
          const { tradingsymbol, sector } = trade.instrument;
          const { intentId, direction, product } = trade;
          const { value, risk } = sized;
          const isEarlier = one.size > 0.9;
          const about = { intentId, tradingsymbol, sector, direction, product, isEarlier };
          exposures = [...exposures, { ...about, value, risk, closed: false }];
        }
        const closing = exposures[one.closes];
        if (closing === undefined || closing.closed) return;
        exposures = exposures.map((held) => (held === closing ? { ...held, closed: true } : held));
        dayPnl += one.pnl;
      });
    }),
    { numRuns: 400 },
  );
  expect(approvals).toBeGreaterThan(500);
});
