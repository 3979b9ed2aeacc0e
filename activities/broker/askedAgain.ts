// A question changes nothing, so it is asked again when other requests of the account have used up its rate.
import { setTimeout as sleep } from 'node:timers/promises';

/** Between two attempts. The broker counts requests by the second. */
const againMs = 350;

/** @throws what the question threw last, once `patienceMs` is over. */
export async function askedAgain<T>(question: () => Promise<T>, patienceMs: number): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      if (Date.now() + againMs > until) throw error;
      await sleep(againMs);
    }
  }
}
