// The last look at an entry's price before it leaves. A limit far through the market is a fat finger, or a
// decision about another market.
import type { RefusalCode } from '../refusals';
import { directionSign, formatRupees, type Direction, type Paise } from '../units';
import { entryBufferBps } from './approve';
import type { RiskLimits } from './limits';

export interface CollarRefusal {
  readonly code: Extract<RefusalCode, 'PRICE_COLLAR'>;
  readonly message: string;
}

/**
 * Why the entry's limit lies too far through the last price; null where it does not. A limit on the better side of
 * the price cannot harm.
 */
export function beyondCollar(
  { direction, entryLimit }: { readonly direction: Direction; readonly entryLimit: Paise },
  ltp: Paise,
  { priceCollarBps }: RiskLimits,
): CollarRefusal | null {
  const through = (directionSign(direction) * (entryLimit - ltp) * 10_000) / ltp;
  if (through <= priceCollarBps + entryBufferBps) return null;
  return {
    code: 'PRICE_COLLAR',
    message: `the order's limit ${formatRupees(entryLimit)} is ${Math.round(through)} bps through the last price ${formatRupees(ltp)}; risk.priceCollarBps is ${priceCollarBps}`,
  };
}
