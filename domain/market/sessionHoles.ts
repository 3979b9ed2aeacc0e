// Which minutes of a session a series has no candle of.
import type { SessionClock } from '../session/sessionClock';
import { epochMs, type EpochMs } from '../units';

/** Minutes without a candle: from the first of them to the one after the last. */
interface SessionHole {
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** What a series lacks of a session, counted in bars. */
export interface SessionLack {
  readonly missing: number;
  readonly bars: number;
  readonly longest: SessionHole;
}

/** The most bars a whole session may lack: in all, and at one place. */
const missingMax = 5;
const holeMax = 2;
const minuteMs = 60_000;

/**
 * Every session of the day counts, from its open to its end, whichever those are; null of a whole one.
 * @param starts of the day's bars, ascending. @param minutes how long a bar is.
 */
export function sessionLack(
  starts: readonly EpochMs[],
  { sessions }: Pick<SessionClock, 'sessions'>,
  minutes = 1,
): SessionLack | null {
  const barMs = minutes * minuteMs;
  const lengthOf = ({ from, until }: SessionHole): number => Math.ceil((until - from) / barMs);
  const holes = sessions.flatMap(({ from, until }) => {
    const inside = starts.filter((at) => at >= from && at < until);
    const fenced = [from - barMs, ...inside, until];
    return fenced
      .slice(1)
      .map((at, index) => ({ from: epochMs((fenced[index] ?? 0) + barMs), until: epochMs(at) }))
      .filter((hole) => hole.until > hole.from);
  });
  const missing = holes.reduce((sum, hole) => sum + lengthOf(hole), 0);
  const [longest] = holes.toSorted((a, b) => lengthOf(b) - lengthOf(a));
  if (longest === undefined) return null;
  if (missing <= missingMax && lengthOf(longest) <= holeMax) return null;
  const bars = sessions.reduce((sum, span) => sum + lengthOf(span), 0);
  return { missing, bars, longest };
}
