// What is asked of a market that goes on elsewhere, and its failure in Kite's words. Kite's own session error is
// not passed on: a client's session with this exchange has not ended, and it must not believe so.
import { BrokerFailure } from '../../broker/failure';
import { inputError, KiteError } from '../engine/kiteError';

/** @throws KiteError 503 where the broker gives no answer, 400 where it refuses the question. */
export async function fromElsewhere<T>(question: Promise<T>): Promise<T> {
  try {
    return await question;
  } catch (error) {
    if (!(error instanceof BrokerFailure)) throw error;
    if (error.kind === 'refused') throw inputError(error.message);
    throw new KiteError(503, 'NetworkException', `The broker was asked in vain: ${error.message}`);
  }
}
