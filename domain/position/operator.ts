// What a person may ask of a position. A request is checked before it is accepted, so a refused one changes
// nothing.
import { Refused } from '../errors';
import { isOnTick } from '../market/instrument';
import type { RefusalCode } from '../refusals';
import { trailUnder, validatePolicy, type Trail, type TrailingPolicy } from '../trailing';
import { directionSign, formatRupees, type Paise } from '../units';
import { termsOf } from './events';
import { isClosed, type PositionState } from './state';
import type { PositionTerms } from './terms';

const refuse = (code: RefusalCode, message: string): never => {
  throw new Refused({ code, message });
};

/** The trail of a position that is being held, not entered or left. @throws Refused for any other. */
function heldTrail(
  { intent: { intentId } }: PositionTerms,
  { aim, trail, books }: PositionState,
): { readonly trail: Trail; readonly ltp: Paise } {
  if (aim.kind === 'done') return refuse('POSITION_CLOSED', `position ${intentId} is closed`);
  if (trail === null || books === null)
    return refuse(
      'POSITION_NOT_FILLED',
      `position ${intentId} holds nothing yet, so it has no stop`,
    );
  if (aim.kind === 'leave')
    return refuse(
      'POSITION_EXITING',
      `position ${intentId} is already being closed (${aim.reason})`,
    );
  return { trail, ltp: books.ltp };
}

/** @throws Refused when the position is over or not yet filled, or when the stop would loosen or trigger. */
export function checkTighten(terms: PositionTerms, state: PositionState, stop: Paise): void {
  const { instrument, direction } = terms.intent;
  const d = directionSign(direction);
  const { trail, ltp } = heldTrail(terms, state);
  if (!isOnTick(stop, instrument.tickSize)) {
    refuse(
      'STOP_OFF_TICK',
      `stop must be a multiple of ${formatRupees(instrument.tickSize)}, was ${formatRupees(stop)}`,
    );
  }
  if (d * (stop - trail.stop) <= 0) {
    refuse(
      'STOP_LOOSENS',
      `stop must be ${d === 1 ? 'above' : 'below'} ${formatRupees(trail.stop)}, was ${formatRupees(stop)}: a stop is never loosened`,
    );
  }
  refuseCrossed(d, stop, ltp);
}

function refuseCrossed(d: 1 | -1, stop: Paise, ltp: Paise): void {
  if (d * (ltp - stop) > 0) return;
  refuse(
    'STOP_CROSSED',
    `stop ${formatRupees(stop)} has already been crossed by the last price ${formatRupees(ltp)}; close the position instead`,
  );
}

/** What a change of policy does to a position's levels. */
export interface PolicyEffect {
  readonly oldStop: Paise;
  readonly newStop: Paise;
  readonly oldTarget: Paise;
  readonly newTarget: Paise;
}

/**
 * What changing the policy would do now.
 * @throws Refused when the policy makes no sense, the position is not being held, the new stop would trigger
 * at once, or the new stop would be looser and `force` is not given.
 */
export function checkPolicyChange(
  terms: PositionTerms,
  state: PositionState,
  policy: TrailingPolicy,
  force: boolean,
): PolicyEffect {
  validatePolicy(policy);
  const d = directionSign(terms.intent.direction);
  const { trail, ltp } = heldTrail(terms, state);
  const trailing = termsOf(terms, { ...state, policy });
  if (trailing === null)
    return refuse('POSITION_NOT_FILLED', `position ${terms.intent.intentId} holds nothing yet`);
  const wanted = trailUnder(trailing, trail, terms.intent.atrAtEntry, true);
  if (!force && d * (wanted.stop - trail.stop) < 0) {
    refuse(
      'POLICY_LOOSENS',
      `the new policy would move the stop from ${formatRupees(trail.stop)} to ${formatRupees(wanted.stop)}, away from the price: a stop is loosened only by force`,
    );
  }
  const next = trailUnder(trailing, trail, terms.intent.atrAtEntry, force);
  refuseCrossed(d, next.stop, ltp);
  return {
    oldStop: trail.stop,
    newStop: next.stop,
    oldTarget: trail.target,
    newTarget: next.target,
  };
}

/** @throws Refused when there is nothing left to close. */
export function checkClose(terms: PositionTerms, state: PositionState): void {
  if (isClosed(state)) refuse('POSITION_CLOSED', `position ${terms.intent.intentId} is closed`);
}
