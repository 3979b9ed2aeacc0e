// Goal: margins of a bar's entries come from one request and in their order; a broker that is busy is asked
// again, one that does not make sense is no answer.
import type { Connect } from 'kiteconnect';
import { Pool } from 'pg';
import { createEntryActivities, type EntryQuestion } from '../../../activities/marketData';
import { paise } from '../../../domain/units';

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

interface Order {
  readonly tradingsymbol: string;
  readonly transaction_type: string;
  readonly product: string;
  readonly quantity: number;
  readonly price: number;
}

/** @param busy how many requests it refuses first. */
function standIn(busy: number, answer: (orders: readonly Order[]) => unknown): Connect {
  let refused = 0;
  return {
    orderMargins: (orders: readonly Order[]) => Promise.resolve(answer(orders)),
    getMargins: () => {
      refused += 1;
      if (refused > busy)
        return Promise.resolve({ available: { live_balance: 500.5 }, utilised: { debits: 100 } });
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as the client rejects
      return Promise.reject({ error_type: 'NetworkException', message: 'Too many requests' });
    },
  } as unknown as Connect;
}

const quote = (
  kite: Connect,
): ReturnType<ReturnType<typeof createEntryActivities>['quoteMargins']> =>
  createEntryActivities(kite, new Pool()).quoteMargins(questions);

test('one figure for each entry, and the account’s', async () => {
  const asked: Order[] = [];
  const kite = standIn(2, (orders) => {
    asked.push(...orders.slice(asked.length));
    return orders.map(({ quantity }) => ({ total: quantity * 200.1 }));
  });
  expect(await quote(kite)).toEqual({
    available: 50_050,
    used: 10_000,
    entries: { A: { quantity: 10, required: 200_100 }, B: { quantity: 20, required: 400_200 } },
  });
  expect(asked).toMatchObject([
    { tradingsymbol: 'A', transaction_type: 'SELL', product: 'MIS', quantity: 10, price: 1_000.5 },
    { tradingsymbol: 'B', transaction_type: 'BUY', product: 'CNC', quantity: 20, price: 1_000.5 },
  ]);
});

test.each([
  ['a broker that stays busy', standIn(99, () => [{ total: 1 }, { total: 1 }])],
  ['too few figures', standIn(0, () => [{ total: 1 }])],
  ['no figures', standIn(0, () => 'sorry')],
])('%s: no answer', async (_, kite) => {
  expect(await quote(kite)).toBeNull();
});
