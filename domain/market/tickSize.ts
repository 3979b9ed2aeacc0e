// The exchange's grid of prices, where no list of instruments tells it.
import type { SessionDate } from '../session/calendar';
import { paise, type Paise } from '../units';

/** NSE's tick for a price on a date; the table of April 2025, and the five-paisa grid before. */
export function tickSizeOn(date: SessionDate, price: Paise): Paise {
  if (date < '2024-06-10') return paise(5);
  if (date < '2025-04-15') return paise(price < 25_000 ? 1 : 5);
  const steps = [
    [25_000, 1],
    [100_000, 5],
    [500_000, 10],
    [1_000_000, 50],
    [2_000_000, 100],
  ] as const;
  return paise(steps.find(([below]) => price <= below)?.[1] ?? 500);
}
