// Goal: the broker's lists are asked for once by all who need them within some minutes, and a failure by each.
import { withKeptLists } from '../../../activities/marketData';
import { readerWith } from '../../support/readerWith';

test('kept for ten minutes, then asked for again; a failure is not kept', async () => {
  let asked = 0;
  let isDown = true;
  let now = 0;
  const broker = withKeptLists(
    readerWith({
      listing: () => {
        asked += 1;
        return isDown ? Promise.reject(new Error('down')) : Promise.resolve([]);
      },
    }),
    () => now,
  );
  await expect(broker.listing()).rejects.toThrow('down');
  isDown = false;
  await Promise.all([broker.listing(), broker.listing()]);
  now = 600_000;
  await broker.listing();
  expect(asked).toBe(2);
  now = 600_001;
  await broker.listing();
  expect(asked).toBe(3);
});
