// What an operator may ask of a position. Checked before it is accepted, so a refused command has
// changed nothing.
import { Refused } from '../errors';
import { isOnTick } from '../market/instrument';
import { directionSign, formatRupees, type Paise } from '../units';
import { isClosed, type PositionState } from './state';
import type { PositionTerms } from './terms';

const refuse = (code: string, message: string): never => {
  throw new Refused({ code, message });
};

/** @throws Refused when the position is over or not yet filled, or the stop would loosen or trigger. */
export function checkTighten(terms: PositionTerms, state: PositionState, stop: Paise): void {
  const { instrument, direction, intentId } = terms.intent;
  const d = directionSign(direction);
  const { trail, books } = state;
  if (isClosed(state)) refuse('POSITION_CLOSED', `position ${intentId} is closed`);
  if (trail === null || books === null)
    return refuse(
      'POSITION_NOT_FILLED',
      `position ${intentId} holds nothing yet, so it has no stop`,
    );
  if (state.aim.kind === 'leave')
    refuse(
      'POSITION_EXITING',
      `position ${intentId} is already being closed (${state.aim.reason})`,
    );
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
  if (d * (books.ltp - stop) <= 0) {
    refuse(
      'STOP_CROSSED',
      `stop ${formatRupees(stop)} has already been crossed by the last price ${formatRupees(books.ltp)}; close the position instead`,
    );
  }
}

/** @throws Refused when there is nothing left to close. */
export function checkClose(terms: PositionTerms, state: PositionState): void {
  if (isClosed(state)) refuse('POSITION_CLOSED', `position ${terms.intent.intentId} is closed`);
}
