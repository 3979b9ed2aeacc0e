// The loss of a day that ends its entries.
import type { RiskLimits } from './limits';
import type { RiskView } from './question';

/** A share of capital, or less where rupees are named; paise. */
export const lossMaxOf = (
  { capital, dayLossMax }: Pick<RiskView, 'capital' | 'dayLossMax'>,
  { dayLossBps }: Pick<RiskLimits, 'dayLossBps'>,
): number => Math.min((capital * dayLossBps) / 10_000, dayLossMax ?? Infinity);
