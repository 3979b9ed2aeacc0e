// A stock is judged on whole bars only. The VWAP and the bars of the day reach back to the open, so a minute
// that is missing anywhere in the day is one the decision looks at. Earlier sessions come from the broker's
// history.
import { Refused } from '../errors';
import { holeBefore, type Holes } from '../market/feedCoverage';
import { istTime } from '../session/sessionClock';
import type { EpochMs } from '../units';

export const feedGapCode = 'FEED_GAP';

/**
 * @param holes undefined: the feed has never said what it has of the stock.
 * @throws Refused FEED_GAP
 */
export function requireWholeBars(
  tradingsymbol: string,
  holes: Holes | undefined,
  barEnd: EpochMs,
): void {
  const hole = holes === undefined ? null : holeBefore(holes, barEnd);
  if (holes !== undefined && hole === null) return;
  const clock = (at: EpochMs): string => istTime(at).slice(0, 5);
  const span =
    hole === null
      ? 'the feed has not taken it up yet'
      : `its minutes from ${clock(hole.from)} to ${clock(hole.until)} are missing`;
  throw new Refused({ code: feedGapCode, message: `feed gap: ${tradingsymbol}: ${span}` });
}
