// The end of a session for a delivery position. Whether it was to be held or left, it must be covered by a
// trigger that outlives the day. Then this run hands it on to the next session's run.
import type { Trail } from '../trailing';
import { directionSign, paise, type EpochMs, type Paise } from '../units';
import { alreadyCrossed, alreadyReached } from './exitOrder';
import { hiddenMaxMs, type Aim, type PositionState } from './state';
import { isCarried, type Intent, type PositionTerms } from './terms';

export type Leaving = Extract<Aim, { kind: 'leave' }>;

/** Has the position's session closed? Nothing can be sold until the next one opens. */
export const isNight = ({ intent, cutOffAt }: PositionTerms, now: EpochMs): boolean =>
  isCarried(intent) && now >= cutOffAt;

/**
 * The reason and progress of leaving, while the market is open; null while the position is to be protected.
 */
export const leavesNow = (
  terms: PositionTerms,
  { aim }: PositionState,
  now: EpochMs,
): Leaving | null => (aim.kind === 'leave' && !isNight(terms, now) ? aim : null);

/** Uncovered for so long after the close that more waiting changes nothing. People were told at once. */
export const isOverdue = (terms: PositionTerms, now: EpochMs): boolean =>
  isNight(terms, now) && now >= terms.cutOffAt + hiddenMaxMs;

/**
 * The levels, with one that the price has passed moved just beyond it, as little as the broker needs to
 * accept it. Today's band does not bind them, since it ends with the day.
 */
export function levelsAround(
  intent: Intent,
  { stop, target }: Trail,
  ltp: Paise,
): Pick<Trail, 'stop' | 'target'> {
  const d = directionSign(intent.direction);
  const room = d * intent.instrument.tickSize * 2;
  return {
    stop: alreadyCrossed(intent, stop, ltp) ? paise(ltp - room) : stop,
    target: alreadyReached(intent, target, ltp) ? paise(ltp + room) : target,
  };
}
