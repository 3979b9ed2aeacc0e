import type { TrailingPolicy } from '../../domain/trailing';
import { paise } from '../../domain/units';

/** ₹1 of stop for each ₹1 gained: the policy most tests trail by. */
export const rupeeForRupee: TrailingPolicy = {
  rule: { kind: 'fixed', stepMove: paise(100), stepStop: paise(100) },
  minProfitLock: paise(0),
  targetShare: 1,
  minStep: paise(1),
  minIntervalMs: 0,
};
