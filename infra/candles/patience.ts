// Asks the broker as often as it takes: at its pace, and after a while again where it had no answer.
import { BrokerFailure } from '../../broker/failure';

export interface Patience {
  readonly sleep: (ms: number) => Promise<void>;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
  /** Told of every answer that did not come. */
  readonly say: (sentence: string) => void;
}

/** @throws BrokerFailure when asking again would change nothing, or has changed nothing for two minutes. */
export type Patient = <T>(ask: () => Promise<T>) => Promise<T>;

/** The pauses after a question without an answer, ms; after the last one it has failed. */
const pauses = [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000];

/** @param everyMs between two questions. */
export function patient({ sleep, clock, say }: Patience, everyMs: number): Patient {
  let nextAt = 0;
  const paced = async <T>(ask: () => Promise<T>): Promise<T> => {
    const wait = nextAt - clock();
    if (wait > 0) await sleep(wait);
    nextAt = clock() + everyMs;
    return ask();
  };
  return async (ask) => {
    for (const pause of pauses) {
      try {
        return await paced(ask);
      } catch (error) {
        if (!isPassing(error)) throw error;
        say(`${error.message}; asked again in ${pause / 1_000} s`);
        await sleep(pause);
      }
    }
    return paced(ask);
  };
}

const isPassing = (error: unknown): error is BrokerFailure =>
  error instanceof BrokerFailure && error.kind !== 'session' && error.kind !== 'refused';
