// A long list of rows is scored in several requests. A request that is too much at once is sent again in halves.
import type { ModelClient, Scores } from './index';

/** The server's answer that another attempt with fewer rows can change. */
export class TooMuchAtOnce extends Error {
  override readonly name = 'TooMuchAtOnce';
}

/** Rows per request: a fraction of what fits a deadline, and well under the server's size limit. */
const batchRows = 32;

const isTooMuch = (error: unknown): boolean =>
  error instanceof TooMuchAtOnce ||
  // Our own deadline, where the server had none of its own.
  (error instanceof DOMException && error.name === 'TimeoutError');

/**
 * Scores a long list in several requests, one after the other, each with its own deadline, so that others are served
 * in between. @param onRows called with the number of rows that are scored by then.
 * @throws Error what the server answered; the sentence names the row when it does not score that one alone in time.
 */
export async function scoreInBatches(
  models: ModelClient,
  model: string,
  rows: readonly (readonly number[])[],
  onRows: (scored: number) => void = () => undefined,
): Promise<Scores> {
  const scored: (readonly number[])[] = [];
  let version: string | null = null;
  // A server that was too slow for so many rows is so for the next ones too.
  let size = batchRows;
  while (scored.length < rows.length) {
    const next = rows.slice(scored.length, scored.length + size);
    try {
      const batch = await models.score(model, next);
      scored.push(...batch.rows);
      version = batch.version;
      onRows(scored.length);
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      if (next.length === 1) throw alone(scored.length + 1, error);
      size = Math.ceil(next.length / 2);
    }
  }
  return { rows: scored, version };
}

const alone = (row: number, cause: unknown): Error =>
  new Error(`row ${row} alone was too much for the model server`, { cause });
