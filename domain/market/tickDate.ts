// Is a tick dated in the session? One of the future would end every minute before it, for good.
import type { EpochMs } from '../units';

/**
 * Why ticks do not count: dated in the future, dated before the session, late for their minute, doubted, or without
 * a number where one must be.
 */
export const tickFaults = ['future', 'early', 'late', 'outlier', 'unreadable'] as const;
export type TickFault = (typeof tickFaults)[number];

/** How far the market's clock, as we know it, may be behind a tick: host milliseconds. */
const behindMaxMs = 5_000;

/** What a tick's date is held against. */
export interface TickWindow {
  /** Before it no tick is of this session. */
  readonly preOpen: EpochMs;
  /** The market's time now. */
  readonly now: EpochMs;
  /** Market milliseconds a host millisecond. */
  readonly speed: number;
}

/** null: the date is right. */
export function dateFault(
  at: EpochMs,
  { preOpen, now, speed }: TickWindow,
): Extract<TickFault, 'future' | 'early'> | null {
  if (at > now + behindMaxMs * Math.max(1, speed)) return 'future';
  return at < preOpen ? 'early' : null;
}
