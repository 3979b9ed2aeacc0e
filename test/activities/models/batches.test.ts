// Goal: a list that is too much for the server at once is scored in smaller parts, in order, and each row once.
// Method: stand-in clients that take a limited number of rows, and the real one for what the server's answers mean.
import { scoreInBatches, type ModelClient } from '../../../activities/models';
import { TooMuchAtOnce } from '../../../activities/models/batches';

const rows = Array.from({ length: 75 }, (_, index) => [index]);

/** Takes so many rows at once. */
function serverOf(
  most: number,
  error: () => Error,
): ModelClient & { readonly asked: readonly number[] } {
  const asked: number[] = [];
  return {
    asked,
    score: (_, batch) => {
      asked.push(batch.length);
      return batch.length > most
        ? Promise.reject(error())
        : Promise.resolve({ rows: batch.map(([value = 0]) => [value * 2]), version: '1' });
    },
  };
}

const tooMuch = (): Error => new TooMuchAtOnce('the model server answered 504: too late');
const timedOut = (): Error => new DOMException('timed out', 'TimeoutError');

test.each([
  ['its answer', tooMuch],
  ['our own deadline', timedOut],
])('%s says that it was too much: halves go on', async (_, error) => {
  const server = serverOf(10, error);
  const told: number[] = [];
  const scores = await scoreInBatches(server, 'sentiment', rows, (count) => told.push(count));
  expect(scores).toEqual({ rows: rows.map(([value = 0]) => [value * 2]), version: '1' });
  expect(server.asked.slice(0, 4)).toEqual([32, 16, 8, 8]);
  expect(told.at(-1)).toBe(75);
});

test('a row that is too much alone is named', async () => {
  await expect(scoreInBatches(serverOf(0, tooMuch), 'sentiment', rows)).rejects.toThrow(
    'row 1 alone was too much for the model server',
  );
});

test('another failure is not asked again', async () => {
  const server = serverOf(0, () => new Error('the model server answered 500'));
  await expect(scoreInBatches(server, 'sentiment', rows)).rejects.toThrow('500');
  expect(server.asked).toEqual([32]);
});
