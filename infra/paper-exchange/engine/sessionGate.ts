// What the exchange lets through at an instant, for one stock group. Sources: reference kite.md 4.1.
import { inClosingAuction, istInstant, sessionClock } from '../../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../../domain/units';
import type { Listing } from '../market/listing';

export type SessionPhase =
  | 'closed'
  | 'pre-open'
  | 'pre-open match'
  | 'continuous'
  | 'auction reference'
  | 'closing auction'
  | 'auction match';

const minuteMs = 60_000;

/** The phase of a stock at an instant of its date. */
export function phaseAt(date: string, listing: Listing, at: EpochMs): SessionPhase {
  const clock = sessionClock(date, listing.hasDerivatives);
  if (at < clock.preOpen || at >= clock.close) return 'closed';
  if (at < clock.preOpenMatch) return 'pre-open';
  if (at < clock.open) return 'pre-open match';
  if (at < clock.continuousEnd) return 'continuous';
  if (!inClosingAuction(date, listing.hasDerivatives)) return 'closed';
  if (at < clock.continuousEnd + 5 * minuteMs) return 'auction reference';
  return at < clock.continuousEnd + 15 * minuteMs ? 'closing auction' : 'auction match';
}

/** When resting pre-open orders are matched at the opening price. */
export const preOpenMatchAt = (date: string): EpochMs =>
  epochMs(sessionClock(date, true).preOpenMatch + minuteMs);

/** When the closing auction matches, for the stocks that have one. */
export const closingMatchAt = (date: string): EpochMs => istInstant(date, '15:31');
