// Reports the outcomes of closed trades every few seconds. Nothing waits for it. A failure costs one line
// when it begins and one when it ends, and the trades are reported at the next look.
import { wordsOf } from '../domain/errors';

const everyMs = 5_000;

/** @param tell reports once. @returns stops after the report under way. */
export function startOutcomeCourier(
  tell: () => Promise<unknown>,
  log: (line: string) => void,
): () => Promise<void> {
  let failing: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    const reason = await tell().then(() => undefined, wordsOf);
    if (reason !== failing) {
      log(reason === undefined ? 'outcomes are told again' : `outcomes are not told: ${reason}`);
    }
    failing = reason;
  };
  const next = (): void => {
    timer = setTimeout(() => {
      looking = look().finally(next);
    }, everyMs);
  };
  next();
  return async () => {
    clearTimeout(timer);
    await looking;
    clearTimeout(timer);
  };
}
