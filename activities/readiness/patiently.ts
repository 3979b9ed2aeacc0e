// A fact that is read, or why it could not be. Only an account that asks too fast is asked again.
import { setTimeout as sleep } from 'node:timers/promises';
import { wordsOf } from '../../domain/errors';
import { BrokerFailure } from '../../broker/failure';
import { known, unknown, type Known } from '../../domain/readiness';

/** The broker counts requests by the second. */
const againMs = 400;
const attemptsMax = 8;

/** @throws what the question threw, unless it was one request too many. */
export async function patiently<Value>(question: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await question();
    } catch (error) {
      const isBusy = error instanceof BrokerFailure && error.kind === 'busy';
      if (!isBusy || attempt === attemptsMax) throw error;
      await sleep(againMs);
    }
  }
}

export const read = <Value>(question: () => Promise<Value>): Promise<Known<Value>> =>
  patiently(question).then(known, (error: unknown) => unknown(wordsOf(error)));
