// The position the unit tests play with: one stock on a five-paise grid, a stop a rupee away. Each test says
// only what it is about.
import type { Intent, PositionTerms } from '../../domain/position';
import { rupeeForRupee } from './rupeeForRupee';
import { epochMs, paise, shares } from '../../domain/units';

const intent: Intent = {
  intentId: 'R1T1',
  account: 'test',
  date: '2026-11-20',
  reason: 'test',
  instrument: {
    tradingsymbol: 'TEST',
    name: 'Test',
    instrumentToken: 257,
    sector: 'Test',
    tickSize: paise(5),
    hasDerivatives: true,
  },
  direction: 'LONG',
  product: 'MIS',
  quantity: shares(10),
  entryLimit: paise(1000),
  stopDistance: paise(100),
  targetDistance: paise(200),
  policy: rupeeForRupee,
  atrAtEntry: 0,
  band: { lower: paise(500), upper: paise(1500) },
};

/** Terms with the durations of a real day. */
export const positionTerms = (
  wishes: Partial<Intent> = {},
  rest: Partial<Omit<PositionTerms, 'intent'>> = {},
): PositionTerms => ({
  intent: { ...intent, ...wishes },
  timing: { entryLifeMs: 60_000, rereadMs: 20_000, repriceMs: 4_000, stopDoubtMs: 2_500 },
  date: '2026-11-20',
  squareOffAt: epochMs(600_000),
  cutOffAt: epochMs(700_000),
  modificationsMax: 25,
  ...rest,
});
