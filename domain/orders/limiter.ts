// The account's gate before the broker: how many writes went out in this calendar second, minute and
// day, and when the next may. The broker counts per calendar second of its clock, so do we, with room
// to spare for a clock that differs. Source: reference kite.md 3.
import type { EpochMs } from '../units';

export interface WriteLimits {
  readonly perSecond: number;
  readonly perMinute: number;
  readonly perDay: number;
}

/** Below the broker's 10 / 400 / 5000, so that another terminal of the account still finds room. */
export const defaultWriteLimits: WriteLimits = { perSecond: 8, perMinute: 300, perDay: 4000 };

/** Who goes first when several wait; lower goes first. */
export const writePriority = { exit: 0, cancel: 0, stop: 1, trail: 2, entry: 3 } as const;
export type WriteKind = keyof typeof writePriority;

/** Instants (host clock) of the writes sent, oldest first; a day's worth. */
export type WriteLog = readonly EpochMs[];

const secondMs = 1000;
const minuteMs = 60_000;

/** Milliseconds until one more write is allowed; 0 is now, Infinity is not today. */
export function waitForWrite(
  log: WriteLog,
  now: EpochMs,
  limits: WriteLimits = defaultWriteLimits,
): number {
  if (log.length >= limits.perDay) return Infinity;
  const startOfSecond = Math.floor(now / secondMs) * secondMs;
  const startOfMinute = Math.floor(now / minuteMs) * minuteMs;
  const since = (start: number): number => log.filter((at) => at >= start).length;
  if (since(startOfMinute) >= limits.perMinute) return startOfMinute + minuteMs - now;
  return since(startOfSecond) >= limits.perSecond ? startOfSecond + secondMs - now : 0;
}
