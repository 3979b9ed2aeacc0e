// The account's gate before the broker: when may the next write go out? The broker counts per calendar
// second and minute of its own clock, which we cannot see. So no window of that length anywhere holds
// more than allowed, which bounds every calendar window too, whatever the clocks differ by. (A write that
// travels longer than the next may still make one too many: it is turned away and asked again.) What trails
// or enters leaves the last part of every minute and day to what protects and leaves positions.
// Source: docs/kite.md, Limits.
import type { EpochMs } from '../units';

export interface WriteLimits {
  readonly perSecond: number;
  readonly perMinute: number;
  readonly perDay: number;
}

/**
 * The broker allows 10 / 400 / 5000. The second is used whole, since a write too many in it is turned away
 * unlooked at and asked again; minute and day leave another terminal of the account some room.
 */
export const defaultWriteLimits: WriteLimits = { perSecond: 10, perMinute: 390, perDay: 4800 };

/** Who goes first when several wait; lower goes first. */
export const writePriority = { exit: 0, cancel: 0, stop: 1, trail: 2, entry: 3 } as const;
export type WriteKind = keyof typeof writePriority;

/** How much of a minute's and a day's writes each kind may find used before it has to wait. */
const usableShare: Readonly<Record<WriteKind, number>> = {
  exit: 1,
  cancel: 1,
  stop: 1,
  trail: 0.8,
  entry: 0.6,
};

/** Instants (host clock) of the writes sent, oldest first; a day's worth. */
export type WriteLog = readonly EpochMs[];

const secondMs = 1_000;
/**
 * A little less than a second holds what a second may, a whole one may hold one more: otherwise a steady ten
 * a second would queue behind its own jitter for ever. That one, if the broker counts it into the same
 * second, is turned away and asked again.
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

/** Until the window holds fewer than `most`: the write that many back has to have left it. */
function waitInWindow(log: WriteLog, now: EpochMs, windowMs: number, most: number): number {
  const blocking = log[log.length - most];
  return blocking === undefined ? 0 : Math.max(0, blocking + windowMs - now);
}
