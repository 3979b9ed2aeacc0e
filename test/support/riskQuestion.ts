// A trade that risk approves, and the day it is proposed in.
import type { RiskView, TradeProposal } from '../../domain/risk';
import { epochMs, paise } from '../../domain/units';

export const proposal: TradeProposal = {
  intentId: 'R1',
  instrument: {
    tradingsymbol: 'TEST',
    name: 'Test',
    instrumentToken: 257,
    tickSize: paise(5),
    hasDerivatives: true,
    sector: 'Test',
  },
  direction: 'LONG',
  product: 'MIS',
  ltp: paise(100_000),
  decisionPrice: paise(100_000),
  entryUntil: epochMs(1_000_000),
  band: { lower: paise(90_000), upper: paise(110_000) },
  stopDistance: paise(500),
  targetDistance: paise(1000),
  sizeFactor: 1,
};

/** The day with ₹10 lakh and nothing open. */
export const quietDay: RiskView = {
  now: epochMs(0),
  capital: paise(100_000_000),
  dayPnl: paise(0),
  dayPnlPeak: paise(0),
  lossesInRow: 0,
  lastLossAt: null,
  entriesHalted: false,
  quarantined: [],
  exposures: [],
};
