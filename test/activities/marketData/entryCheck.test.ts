// Goal: the margins of a bar's entries come from one request, in their order. A busy broker is asked again;
// an answer that makes no sense counts as none.
import { Pool } from 'pg';
import { createEntryActivities, type EntryQuestion } from '../../../activities/marketData';
import { BrokerFailure } from '../../../broker/failure';
import type { BrokerReader, OrderFigures } from '../../../broker/port';
import { paise, type Paise } from '../../../domain/units';
import { readerWith } from '../../support/readerWith';

const questions: EntryQuestion[] = [
  {
    tradingsymbol: 'A',
    direction: 'SHORT',
    product: 'MIS',
    quantity: 10,
    price: paise(100_050),
  },
  {
    tradingsymbol: 'B',
    direction: 'LONG',
    product: 'CNC',
    quantity: 20,
    price: paise(100_050),
  },
];

/** @param busy how many requests it refuses first. */
function standIn(
  busy: number,
  answer: (orders: readonly OrderFigures[]) => readonly Paise[],
): BrokerReader {
  let refused = 0;
  return readerWith({
    margins: (orders) => Promise.resolve(answer(orders)),
    funds: () => {
      refused += 1;
      if (refused <= busy) return Promise.reject(new BrokerFailure('busy', 'Too many requests'));
      return Promise.resolve({ cash: paise(0), available: paise(50_050), used: paise(10_000) });
    },
  });
}

const quote = (
  broker: BrokerReader,
): ReturnType<ReturnType<typeof createEntryActivities>['quoteMargins']> =>
  createEntryActivities(broker, new Pool()).quoteMargins(questions);

test('one figure for each entry, and the account’s', async () => {
  const asked: OrderFigures[] = [];
  const broker = standIn(2, (orders) => {
    asked.push(...orders.slice(asked.length));
    return orders.map(({ quantity }) => paise(quantity * 20_010));
  });
  expect(await quote(broker)).toEqual({
    available: 50_050,
    used: 10_000,
    entries: { A: { quantity: 10, required: 200_100 }, B: { quantity: 20, required: 400_200 } },
  });
  expect(asked).toEqual([
    { tradingsymbol: 'A', side: 'SELL', product: 'MIS', quantity: 10, price: 100_050 },
    { tradingsymbol: 'B', side: 'BUY', product: 'CNC', quantity: 20, price: 100_050 },
  ]);
});

test('a broker that stays busy: no answer', async () => {
  expect(await quote(standIn(99, () => [paise(100), paise(100)]))).toBeNull();
});
