// Constant traffic from several callers while something happens to the server, with every answer kept.
import { call, type Answer } from './calls';

export interface Traffic {
  readonly answers: readonly Answer[];
  /** Waits until `count` more answers have come. */
  readonly more: (count: number) => Promise<void>;
  readonly stop: () => Promise<readonly Answer[]>;
}

/** Starts `callers` that send the bodies made by `bodyOf`, one after the other each, until stopped. */
export function startTraffic(
  url: string,
  callers: number,
  bodyOf: (index: number) => object,
): Traffic {
  const answers: Answer[] = [];
  let stopped = false;
  let index = 0;
  let wake: (() => void) | undefined;
  const one = async (): Promise<void> => {
    while (!stopped) {
      index += 1;
      const headers = { 'x-routing-key': `caller-${index}` };
      answers.push(await call(url, 'POST', bodyOf(index), headers));
      wake?.();
    }
  };
  const running = Array.from({ length: callers }, one);
  return {
    answers,
    more: async (count) => {
      const wanted = answers.length + count;
      while (answers.length < wanted) {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    stop: async () => {
      stopped = true;
      await Promise.all(running);
      return answers;
    },
  };
}

/** Polls until the condition holds; the test's own timeout is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
