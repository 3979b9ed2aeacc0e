// Goal: whatever is traded, every transaction balances, and a flat stock's account is empty once its
// profit has been taken out.
import fc from 'fast-check';
import { chargesForOrder, depositoryFee } from '../../../domain/charges';
import {
  chargesTransaction,
  closeTransaction,
  fillTransaction,
  openingTransaction,
} from '../../../domain/ledger/postings';
import { settlementOf } from '../../../domain/ledger/settlement';
import type { Fill } from '../../../domain/orders/order';
import { epochMs, paise, shares } from '../../../domain/units';

const fillOf = (side: 'BUY' | 'SELL', quantity: number, price: number, id: number): Fill => ({
  tradeId: `t${id}`,
  orderId: `o${id}`,
  side,
  quantity: shares(quantity),
  price: paise(price),
  at: epochMs(0),
});

test('ledger: any round trip balances, and cash moves by profit less charges', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('BUY' as const, 'SELL' as const),
      fc.integer({ min: 1, max: 10_000 }),
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 1, max: 2_000_000 }),
      (first, quantity, entry, exit) => {
        const second = first === 'BUY' ? 'SELL' : 'BUY';
        const fills = [fillOf(first, quantity, entry, 1), fillOf(second, quantity, exit, 2)];
        const pnl = paise((first === 'BUY' ? 1 : -1) * quantity * (exit - entry));
        const costs = fills.map((fill) =>
          chargesForOrder({
            side: fill.side,
            product: 'MIS',
            date: '2026-11-20',
            turnover: paise(fill.quantity * fill.price),
          }),
        );
        const transactions = [
          openingTransaction('test', '2026-11-20', paise(1_000_000)),
          ...fills.map((fill) => fillTransaction('s', 'TEST', fill)),
          ...costs.map((cost, index) => chargesTransaction('s', `o${index + 1}`, cost)),
          closeTransaction('s', 'TEST', 'i', pnl),
        ];
        const balance = new Map<string, number>();
        for (const { postings } of transactions) {
          expect(postings.reduce((sum, posting) => sum + posting.amount, 0)).toBe(0);
          for (const { account, amount } of postings)
            balance.set(account, (balance.get(account) ?? 0) + amount);
        }
        const charged = costs.reduce((sum, cost) => sum + cost.total, 0);
        expect(balance.get('stock:TEST')).toBe(0);
        expect(balance.get('cash')).toBe(1_000_000 + pnl - charged);
      },
    ),
    { numRuns: 1000, endOnFailure: true },
  );
});

test('shares sold in a later session than they were bought in cost the depository’s fee, once a session', () => {
  const at = (date: string): ReturnType<typeof epochMs> =>
    epochMs(Date.parse(`${date}T10:00:00+05:30`));
  const fills = [
    { ...fillOf('BUY', 10, 1_000, 1), at: at('2026-11-20') },
    { ...fillOf('SELL', 2, 1_000, 2), at: at('2026-11-20') },
    { ...fillOf('SELL', 3, 1_000, 3), at: at('2026-11-23') },
    { ...fillOf('SELL', 1, 1_000, 4), at: at('2026-11-23') },
    { ...fillOf('SELL', 4, 1_000, 5), at: at('2026-11-25') },
  ];
  const terms = { product: 'CNC', date: '2026-11-20' } as const;
  const { depositoryOrders, byOrder, charges } = settlementOf(fills, terms);
  expect(depositoryOrders).toEqual(['o3', 'o5']);
  const orders = [...byOrder.values()].reduce((sum, { total }) => sum + total, 0);
  expect(charges).toBe(orders + 2 * depositoryFee);
  expect(settlementOf(fills, { ...terms, product: 'MIS' }).depositoryOrders).toEqual([]);
});
