// What would be owed if a position were not closed today. These are estimates for the why-record and the
// operator, not charges. Source: docs/kite.md, Intraday at the broker (support pages of the broker; the
// penalty is one broker's figure).
import type { SessionDate } from '../session/calendar';
import { paise, type Direction, type Paise, type Product } from '../units';

/** Blocked by the broker for a short that is not delivered: 120 % of its value at the close. */
const blockedBps = 12_000;
/** Worst close-out price when the auction finds no seller: this much above the close. */
const closeOutBps = 2_000;
/** Penalty of 0.05 % with 18 % GST on it. */
const penaltyBps = 5 * 1.18;

/** Obligations of a position left open over the close. */
export interface SettlementEstimate {
  /** When shares and cash change hands: the next trading day; null past the list of holidays. */
  readonly settlesOn: SessionDate | null;
  /**
   * Cash needed: the whole value for an intraday long, since leverage ends; nothing for delivery, which is
   * paid; what the broker blocks for a short.
   */
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
