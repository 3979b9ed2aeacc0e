// What may be held over the night, at the end of its session: whatever was wanted of it, it must be covered by
// a trigger that outlives the day, and then this run hands it on to the next session's.
import type { Trail } from '../trailing';
import { directionSign, paise, type EpochMs, type Paise } from '../units';
import { alreadyCrossed, alreadyReached } from './exitOrder';
import { hiddenMaxMs, type Aim, type PositionState } from './state';
import { isCarried, type Intent, type PositionTerms } from './terms';

export type Leaving = Extract<Aim, { kind: 'leave' }>;

/** Is its session over, so that nothing can be sold before the next one? */
export const isNight = ({ intent, cutOffAt }: PositionTerms, now: EpochMs): boolean =>
  isCarried(intent) && now >= cutOffAt;

/** Why the position is to be left while that is possible; null while it is to be protected. */
export const leavesNow = (
  terms: PositionTerms,
  { aim }: PositionState,
  now: EpochMs,
): Leaving | null => (aim.kind === 'leave' && !isNight(terms, now) ? aim : null);

/** Not covered for so long after the close that waiting helps nobody: people have long been told. */
export const isOverdue = (terms: PositionTerms, now: EpochMs): boolean =>
  isNight(terms, now) && now >= terms.cutOffAt + hiddenMaxMs;

/**
 * Levels around the price: one that the price has passed is moved no further than the broker needs to take it. Today's band
 * binds neither: it ends with the day.
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
