// The broker's lists of stocks and derivatives, loaded once for everybody who asks within some minutes: together
// they are 100,000 rows, and pre-flight counts what screening reads a moment later.
import type { BrokerReader } from '../../broker/port';

/** The broker makes them anew every morning. */
const keptMs = 10 * 60_000;

/** The same broker with lists that are kept for a while. A failure is not kept. */
export const withKeptLists = (
  broker: BrokerReader,
  now: () => number = Date.now,
): BrokerReader => ({
  ...broker,
  listing: kept(() => broker.listing(), now),
  underlyings: kept(() => broker.underlyings(), now),
});

function kept<Answer>(question: () => Promise<Answer>, now: () => number): () => Promise<Answer> {
  let last: { readonly at: number; readonly answer: Promise<Answer> } | undefined;
  return () => {
    if (last === undefined || now() - last.at > keptMs) {
      const asked = { at: now(), answer: question() };
      last = asked;
      asked.answer.catch(() => {
        if (last === asked) last = undefined;
      });
    }
    return last.answer;
  };
}
