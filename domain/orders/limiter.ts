// The account's limiter: when may the next write leave? The broker counts per calendar second and minute of
// its own clock, which we cannot see. Here no window of that length, wherever it starts, holds more than
// allowed, so no calendar window does either. (A write that travels longer than the next one may still make
// one too many; the broker turns it away and it is sent again.) Trailing and entries leave the last part of
// every minute and day to protecting and leaving positions.
import type { EpochMs } from '../units';

export interface WriteLimits {
  readonly perSecond: number;
  readonly perMinute: number;
  readonly perDay: number;
}

/** Who goes first when several wait; a lower number goes first. */
export const writePriority = { exit: 0, cancel: 0, stop: 1, trail: 2, entry: 3 } as const;
export type WriteKind = keyof typeof writePriority;

/** The share of a minute's and a day's writes that may be used before this kind has to wait. */
const usableShare: Readonly<Record<WriteKind, number>> = {
  exit: 1,
  cancel: 1,
  stop: 1,
  trail: 0.8,
  entry: 0.6,
};

/** When writes were sent (host clock), oldest first; one day's worth. */
export type WriteLog = readonly EpochMs[];

const secondMs = 1_000;
/**
 * Slightly less than a second holds at most the second's limit; a whole second may hold one more. Otherwise a
 * steady ten a second would queue behind its own jitter without end. If the broker counts that one into the
 * same second, it turns it away and it is sent again.
 */
const tightMs = 930;
const minuteMs = 60_000;

/** Milliseconds until one more write of this kind is allowed; 0 is now, Infinity is not today. */
export function waitForWrite(
  log: WriteLog,
  now: EpochMs,
  limits: WriteLimits,
  kind: WriteKind,
): number {
  const usable = (limit: number): number => Math.floor(limit * usableShare[kind]);
  if (log.length >= usable(limits.perDay)) return Infinity;
  return Math.max(
    waitInWindow(log, now, tightMs, limits.perSecond),
    waitInWindow(log, now, secondMs, limits.perSecond + 1),
    waitInWindow(log, now, minuteMs, usable(limits.perMinute)),
  );
}

/** How long until the window holds fewer than `most`: until the write that many back has left it. */
function waitInWindow(log: WriteLog, now: EpochMs, windowMs: number, most: number): number {
  const blocking = log[log.length - most];
  return blocking === undefined ? 0 : Math.max(0, blocking + windowMs - now);
}
