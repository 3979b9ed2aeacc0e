// What the exchange lets through at an instant, for one stock group. Both auctions close at a random
// moment, drawn from the day's seed. Source: docs/kite.md, Session clock.
import type { TradingDay } from '../../domain/session/calendar';
import {
  inClosingAuction,
  isTrading,
  istInstant,
  istTime,
  sessionClock,
  type SessionClock,
} from '../../domain/session/sessionClock';
import { epochMs, type EpochMs } from '../../domain/units';
import { chanceFor } from '../market/chance';
import type { Listing } from '../market/listing';

export type SessionPhase =
  | 'closed'
  | 'pre-open'
  | 'pre-open limit'
  | 'pre-open match'
  | 'continuous'
  /** Between two sessions of one day. */
  | 'pause'
  | 'auction reference'
  | 'closing auction'
  | 'closing auction limit'
  | 'auction match';

const minuteMs = 60_000;

/** Since this date the pre-open takes no market orders in its second half and closes at random. */
const limitOnlySince = '2026-09-07';

/** Does the phase take limit orders only? */
export const isLimitOnly = (phase: SessionPhase): boolean =>
  phase === 'pre-open limit' || phase === 'closing auction limit';

/** The phase of a stock at an instant of its day. */
export function phaseAt(
  day: TradingDay,
  listing: Listing,
  at: EpochMs,
  seed: number,
): SessionPhase {
  const clock = sessionClock(day, listing.hasDerivatives);
  if (at < clock.preOpen || at >= clock.close) return 'closed';
  if (at < clock.open) return preOpenPhase(clock, at, seed);
  if (isTrading(clock, at)) return 'continuous';
  if (at < clock.continuousEnd) return 'pause';
  if (!inClosingAuction(day, listing.hasDerivatives)) return 'closed';
  return closingPhase(day.date, at, seed);
}

function preOpenPhase(
  { date, open, preOpen, preOpenMatch }: SessionClock,
  at: EpochMs,
  seed: number,
): SessionPhase {
  if (date < limitOnlySince) return at < preOpenMatch ? 'pre-open' : 'pre-open match';
  if (at < preOpen + 5 * minuteMs) return 'pre-open';
  const closing = istTime(epochMs(open - 7 * minuteMs)).slice(0, 5);
  return at < randomClose(date, closing, seed) ? 'pre-open limit' : 'pre-open match';
}

function closingPhase(date: string, at: EpochMs, seed: number): SessionPhase {
  if (at < istInstant(date, '15:20')) return 'auction reference';
  if (at < istInstant(date, '15:25')) return 'closing auction';
  return at < randomClose(date, '15:28', seed) ? 'closing auction limit' : 'auction match';
}

/** Some second of the two minutes from `time`. */
const randomClose = (date: string, time: string, seed: number): EpochMs =>
  epochMs(istInstant(date, time) + chanceFor(seed, `close/${date}/${time}`).whole(1, 120) * 1_000);

/** When resting pre-open orders are matched at the opening price. */
export const preOpenMatchAt = (day: TradingDay): EpochMs =>
  epochMs(sessionClock(day, true).preOpenMatch + minuteMs);

/** When the closing auction matches, for the stocks that have one. */
export const closingMatchAt = (date: string): EpochMs => istInstant(date, '15:31');
