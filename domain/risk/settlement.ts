// What would be owed if a position were not closed today. Estimates for the why-trail and the operator, not
// charges. Source: reference kite.md 4.2 (broker's support pages; the penalty is one broker's figure).
import type { SessionDate } from '../session/calendar';
import { paise, type Direction, type Paise, type Product } from '../units';

/** Blocked by the broker on a short that is not delivered: 120 % of its value at the close. */
const blockedBps = 12_000;
/** Close-out when the auction finds no seller: at worst this much above the close. */
const closeOutBps = 2_000;
/** Penalty of 0.05 % with 18 % GST on it. */
const penaltyBps = 5 * 1.18;

/** Obligations of a position left open over the close. */
export interface SettlementEstimate {
  /** When shares and cash change hands: the next trading day; null past the list of holidays. */
  readonly settlesOn: SessionDate | null;
  /** Cash an intraday long must bring (its whole value: leverage ends), delivery has paid; what the broker blocks for a short. */
  readonly cashNeeded: Paise;
  /** A short's loss in a close-out 20 % above the close, with the penalty; 0 for a long. */
  readonly auctionLossWorst: Paise;
}

/** @param value quantity × price at the close. @param settlesOn by the session's plan. */
export function settlementEstimate(
  { direction, product }: { readonly direction: Direction; readonly product: Product },
  value: Paise,
  settlesOn: SessionDate | null,
): SettlementEstimate {
  const part = (bps: number): Paise => paise(Math.ceil((value * bps) / 10_000));
  const short = direction === 'SHORT';
  return {
    settlesOn,
    cashNeeded: short ? part(blockedBps) : paise(product === 'CNC' ? 0 : value),
    auctionLossWorst: short ? part(closeOutBps + penaltyBps) : paise(0),
  };
}
